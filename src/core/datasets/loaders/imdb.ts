/**
 * The film reviews of IMDB: `aclImdb/{train,test}/{pos,neg}/ID_RATING.txt` in one tar.
 * Source: Maas et al., Learning Word Vectors for Sentiment Analysis, ACL 2011.
 */
import { LabError } from '../../errors.ts';
import { isTar } from '../../formats/tar.ts';
import type { Loader, SourceFile } from './loader.ts';
import { sourceEntries } from './source-entries.ts';
import { TextCollector } from './text-set.ts';

const REVIEW = /(?:^|\/)(train|test)\/(pos|neg)\/[^/]+\.txt$/;

/** A review is a few thousand letters. */
const MAX_REVIEW_BYTES = 1_000_000;

export const imdbLoader: Loader = {
  id: 'imdb',
  title: 'IMDB reviews',
  description: 'The archive aclImdb_v1.tar.gz, or the folder in it: film reviews, for or against.',

  accepts: async (files) => {
    const [file] = files;
    if (files.length !== 1 || file === undefined) return files.some(({ name }) => REVIEW.test(name));
    return /imdb/i.test(file.name) && (await isTar(file));
  },

  async read(files, { id, title, seed, signal, onProgress }) {
    const collector = new TextCollector();
    const decoder = new TextDecoder();
    const options = { signal, onBytes: (done: number, total: number) => onProgress(done, total, 'bytes') };
    for await (const entry of sourceEntries(files, options)) {
      const [, split, label] = REVIEW.exec(entry.path) ?? [];
      if (split === undefined || label === undefined) continue;
      if (entry.size > MAX_REVIEW_BYTES) throw tooLong(entry.path, entry.size);
      const text = decoder.decode(await entry.bytes());
      collector.add(split === 'train' ? 'train' : 'test', entry.path, text, label);
    }
    if (collector.count === 0) throw noReviews(files);
    return collector.dataset({ id, title, seed, source: sourceName(files), classes: ['neg', 'pos'] });
  },
};

function sourceName(files: readonly SourceFile[]): string {
  return files.map(({ name }) => name).join(', ');
}

function noReviews(files: readonly SourceFile[]): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${sourceName(files)} holds no reviews.`,
    why: 'There is no file such as aclImdb/train/pos/0_9.txt in it.',
    fix: 'Give aclImdb_v1.tar.gz as it was downloaded.',
    where: sourceName(files),
  });
}

function tooLong(path: string, size: number): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${path} has ${size} bytes.`,
    why: 'A review has a few thousand; this is something else.',
    fix: 'Give aclImdb_v1.tar.gz as it was downloaded.',
    where: path,
  });
}
