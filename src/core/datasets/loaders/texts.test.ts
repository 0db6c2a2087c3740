import { describe, expect, it } from 'vitest';
import { makeTarGz } from '../../formats/tar.test-support.ts';
import { isImages, type TextDataset } from '../dataset.ts';
import { imdbLoader } from './imdb.ts';
import type { Loader, SourceFile } from './loader.ts';
import { nextWordLoader } from './next-word.ts';
import { loadRequest } from './pictures.test-support.ts';
import { memoryFile } from './source-files.ts';
import { chooseColumns, textTableLoader } from './text-table.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textFile = (name: string, text: string): SourceFile => memoryFile(name, bytes(text));

async function read(loader: Loader, files: readonly SourceFile[]): Promise<TextDataset> {
  const dataset = await loader.read(files, loadRequest());
  if (isImages(dataset)) throw new Error('no texts');
  return dataset;
}

const textOf = ({ words, train }: TextDataset, index: number): string =>
  Array.from(
    train.tokens.subarray(train.offsets[index], train.offsets[index + 1]),
    (token) => words[token],
  ).join(' ');

const allTexts = (dataset: TextDataset): string[] =>
  Array.from({ length: dataset.train.count }, (_, index) => textOf(dataset, index));

describe('IMDB', () => {
  const review = (split: string, label: string, number: number, contents: string) => ({
    path: `aclImdb/${split}/${label}/${number}_9.txt`,
    contents,
  });
  const parts = [
    review('train', 'pos', 1, 'Good, good film!<br />Truly.'),
    review('train', 'neg', 2, 'bad film'),
    review('test', 'pos', 3, 'film of films'),
    { path: 'aclImdb/train/unsup/4_0.txt', contents: 'left out' },
    { path: 'aclImdb/imdb.vocab', contents: 'the' },
  ];
  const archive = (files = parts): SourceFile => memoryFile('aclImdb_v1.tar.gz', makeTarGz(files));

  it('is read from its archive: words by how common they are, punctuation by itself, tags left out', async () => {
    expect(await imdbLoader.accepts([archive()])).toBe(true);
    const dataset = await read(imdbLoader, [archive()]);
    expect(dataset.info.classes).toEqual(['neg', 'pos']);
    expect([dataset.train.count, dataset.test.count]).toEqual([2, 1]);
    expect(dataset.words.slice(0, 2)).toEqual(['film', 'good']);
    expect(allTexts(dataset).sort()).toEqual(['bad film', 'good , good film ! truly .']);
    const positive = allTexts(dataset).findIndex((text) => text.startsWith('good'));
    expect(dataset.train.labels[positive]).toBe(1);
    expect(await read(imdbLoader, [archive()])).toEqual(dataset);
  });

  it('is refused without reviews, and when it is cut short', async () => {
    await expect(read(imdbLoader, [archive(parts.slice(3))])).rejects.toThrow(/E-DATASET.*holds no reviews/s);
    const whole = makeTarGz(parts);
    const cut = memoryFile('aclImdb_v1.tar.gz', whole.slice(0, whole.length - 20));
    await expect(read(imdbLoader, [cut])).rejects.toThrow('E-DATASET');
  });

  it('is refused where a path leads out of the archive', async () => {
    const hostile = memoryFile('imdb.tar.gz', makeTarGz([{ path: '../train/pos/1_9.txt', contents: 'x' }]));
    await expect(read(imdbLoader, [hostile])).rejects.toThrow('E-DATASET');
  });
});

describe('a table of texts', () => {
  it('is found by the names of its columns, or by the other of two', () => {
    expect(chooseColumns(['id', 'Text', 'Label'])).toEqual({ text: 'Text', label: 'Label' });
    expect(chooseColumns(['label', 'words'])).toEqual({ text: 'words', label: 'label' });
    expect(chooseColumns(['a', 'b'])).toBeNull();
    expect(chooseColumns(['a', 'b', 'text'])).toBeNull();
  });

  it('is read as CSV and as JSON lines, with a file of test texts', async () => {
    const csv = textFile('train.csv', 'label,text\nspam,"Win, now"\nham,see you\nham,"two\nlines"\n');
    const lines = textFile('test.jsonl', '{"text":"hello","label":"ham"}\n\n{"text":"win","label":"spam"}\n');
    expect(await textTableLoader.accepts([csv, lines])).toBe(true);
    const dataset = await read(textTableLoader, [csv, lines]);
    expect(dataset.info.classes).toEqual(['ham', 'spam']);
    expect([dataset.train.count, dataset.test.count]).toEqual([3, 2]);
    expect(allTexts(dataset).sort()).toEqual(['see you', 'two lines', 'win , now']);
  });

  it.each([
    ['rows.csv', 'a,b,c\n1,2,3\n', /columns are a, b, c/],
    ['rows.csv', 'text,label\nhello\n', /Row 1/],
    ['rows.jsonl', '{"text":"x","label":"a"}\n{oops\n', /Line 2 is not JSON/],
    ['rows.jsonl', '{"text":5,"label":"a"}\n', /Row 1 has no text/],
    ['rows.jsonl', '[1]\n', /not an object/],
    ['rows.csv', 'text,label\nhello,a\nthere,a\n', /too few texts|classes/],
  ])('that is damaged is refused in words: %s %j', async (name, text, why) => {
    await expect(read(textTableLoader, [textFile(name, text)])).rejects.toThrow(why);
  });
});

describe('the next word', () => {
  it('is the class of the words before it', async () => {
    const posts = Array.from(
      { length: 20 },
      (_, at) => `we eat pasta from town ${at % 2 === 0 ? 'daily' : 'never'}`,
    );
    const dataset = await read(nextWordLoader, [textFile('posts.txt', posts.join('\n'))]);
    expect(dataset.info.length).toBe(20);
    // Windows of "we eat pasta from" and of one word more; two posts in twenty measure.
    expect([dataset.train.count, dataset.test.count]).toEqual([36, 4]);
    const at = allTexts(dataset).indexOf('we eat pasta from');
    expect(dataset.info.classes[dataset.train.labels[at] ?? 0]).toBe('town');
  });

  it('of JSON lines without a body is refused', async () => {
    const file = textFile('posts.jsonl', '{"body":"fine words here and there"}\n{"title":"x"}\n');
    await expect(read(nextWordLoader, [file])).rejects.toThrow(/Line 2 is not JSON with a text named body/);
  });
});
