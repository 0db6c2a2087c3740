import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeTarGz } from '../../formats/tar.test-support.ts';
import { isImages, type TextDataset } from '../dataset.ts';
import { imdbLoader } from './imdb.ts';
import { tableHead } from './labelled-rows.ts';
import type { Loader, SourceFile } from './loader.ts';
import { nextWordLoader, nextWords } from './next-word.ts';
import { loadRequest } from './pictures.test-support.ts';
import { memoryFile } from './source-files.ts';
import { chooseColumns } from './text-columns.ts';
import { textLoaders } from './text-loaders.ts';
import { textTableLoader } from './text-table.ts';

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

  it('is the same from the folder that the archive holds', async () => {
    const loose = parts.map(({ path, contents }) => textFile(path, contents));
    expect(await imdbLoader.accepts(loose)).toBe(true);
    expect((await read(imdbLoader, loose)).train).toEqual((await read(imdbLoader, [archive()])).train);
    expect(textLoaders.map(({ id }) => id)).toEqual(['imdb', 'spam', 'text-table', 'next-word']);
    // The next word accepts any text: it comes last.
    const reviews = loose.filter(({ name }) => name.endsWith('.txt'));
    const taken = await Promise.all(textLoaders.map((loader) => loader.accepts(reviews)));
    expect(taken).toEqual([true, false, false, true]);
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
    expect(chooseColumns(['a', 'b', 'text'], { label: 'b' })).toEqual({ text: 'text', label: 'b' });
    expect(chooseColumns(['text', 'label'], { text: 'label' })).toEqual({ text: 'label', label: 'text' });
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

  it('is read by the columns that a person names, whatever else it has', async () => {
    const rows = ['id,text,note,kind', '1,no,Yes it is,a', '2,no,No it is not,b', '3,no,May be,a'];
    const files = [textFile('train.csv', rows.join('\n')), textFile('test.csv', rows.join('\n'))];
    const request = loadRequest({ columns: { text: 'note', label: 'kind' } });
    const dataset = (await textTableLoader.read(files, request)) as TextDataset;
    expect(allTexts(dataset).sort()).toEqual(['may be', 'no it is not', 'yes it is']);
    // One that is named, and the other by what it holds.
    const many = Array.from(
      { length: 30 },
      (_, at) => `${at},a note of ${at},${at % 3},${at % 2 ? 'x' : 'y'}`,
    );
    const table = textFile('many.csv', ['id,note,kind,day', ...many].join('\n'));
    const half = loadRequest({ columns: { label: 'kind' } });
    expect((await textTableLoader.read([table], half)).info.classes).toEqual(['0', '1', '2']);
    const other = (await textTableLoader.read(
      [table],
      loadRequest({ columns: { text: 'id' } }),
    )) as TextDataset;
    expect(other.info.classes).toEqual(['x', 'y']);
    expect(other.words).toContain('29');
    const wrong = loadRequest({ columns: { label: 'sort' } });
    await expect(textTableLoader.read(files, wrong)).rejects.toThrow(/none is called sort/);
    expect(await tableHead(textFile('a.csv', rows.join('\n')))).toEqual({
      names: ['id', 'text', 'note', 'kind'],
      columns: null,
    });
    const lines = textFile('a.jsonl', '{"body":"one two","stars":5}\n');
    expect(await tableHead(lines)).toMatchObject({ columns: { text: 'body', label: 'stars' } });
  });

  it('is read without names that tell: texts are the longest, classes repeat; with a head or without', async () => {
    const rows = Array.from(
      { length: 20 },
      (_, at) => `${at % 2 ? 'ham' : 'spam'},a text of words ${at},${at}`,
    );
    for (const text of [rows.join('\n'), ['v1,v2,v3', ...rows].join('\n')]) {
      const dataset = await read(textTableLoader, [textFile('a.csv', text)]);
      expect(dataset.info.classes).toEqual(['ham', 'spam']);
      expect(dataset.train.count + dataset.test.count).toBe(20);
      expect(allTexts(dataset)[0]).toMatch(/^a text of words \d+$/);
    }
  });

  it('may have a few rows without text or class, and says so', async () => {
    const rows = Array.from({ length: 300 }, (_, at) => `text ${at},${at % 2}`);
    const request = loadRequest();
    const broken = ['text,label', ...rows, 'no class,', 'a comma, too many,1'].join('\n');
    await textTableLoader.read([textFile('a.csv', broken)], request);
    expect(request.warnings).toEqual(['2 of 302 rows of a.csv were left out. Row 301 has no label.']);
  });

  it('may be packed, and is told from other tables by its first rows', async () => {
    const packed = memoryFile(
      'a.csv.gz',
      new Uint8Array(gzipSync('text,label\none,1\ntwo,2\nthree,1\nfour,2\nfive,1\n')),
    );
    expect(await textTableLoader.accepts([packed])).toBe(true);
    expect((await read(textTableLoader, [packed])).info.classes).toEqual(['1', '2']);
    // Texts of several lines, so long that a hundred rows are more than one piece of the file.
    const long = `text,label\n${`"${'many words\nin a row '.repeat(200)}",1\n`.repeat(400)}`;
    expect(await textTableLoader.accepts([textFile('a.csv', long)])).toBe(true);
    expect(await textTableLoader.accepts([textFile('a.csv', 'p,q\n1,2\n')])).toBe(false);
    expect(await textTableLoader.accepts([memoryFile('a.csv', Uint8Array.of(0x89, 0x50, 0, 1))])).toBe(false);
  });

  it.each([
    ['rows.csv', 'a,b,c\n1,2,3\n', /columns are a, b, c/],
    ['rows.csv', 'text,label\nhello\n', /Row 1/],
    ['rows.jsonl', '{"text":"x","label":"a"}\n{oops\n', /Line 2 is not JSON/],
    ['rows.jsonl', '{"text":5,"label":"a"}\n', /Row 1 has no text/],
    ['rows.jsonl', '[1]\n', /not an object/],
    ['rows.csv', 'text,label\nhello,a\nthere,a\n', /too few texts|classes/],
    ['rows.csv', '', /no rows/],
    ['rows.csv', 'text,label\n"cut,a\n', /E-DATASET.*quote/is],
    ['rows.csv', 'text,label\nzero\0,a\n', /zero bytes/],
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

  it('is told of the first posts only where there are too many, and this is said', async () => {
    const request = loadRequest();
    const posts = textFile('posts.txt', 'so many words in one post\n'.repeat(100));
    const dataset = await nextWords(50).read([posts], request);
    expect(dataset.train.count + dataset.test.count).toBe(50);
    expect(request.warnings[0]).toMatch(/^Only the first 50 words are told\. Line 26 of posts\.txt/);
  });

  it('of a file that is no text is refused', async () => {
    const picture = memoryFile('posts.txt', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16));
    await expect(read(nextWordLoader, [picture])).rejects.toThrow('E-DATASET');
    await expect(read(nextWordLoader, [textFile('posts.txt', '')])).rejects.toThrow(/too few texts/);
  });

  it('of JSON lines is told of the field that a person names', async () => {
    const posts = Array.from({ length: 20 }, (_, at) =>
      JSON.stringify({ say: `one two three four five ${at}` }),
    );
    const file = textFile('posts.jsonl', posts.join('\n'));
    await expect(read(nextWordLoader, [file])).rejects.toThrow(/named body or text/);
    const dataset = await nextWordLoader.read([file], loadRequest({ columns: { text: 'say' } }));
    expect(dataset.train.count).toBe(36);
  });

  it('of JSON lines without a body is refused', async () => {
    const file = textFile('posts.jsonl', '{"body":"fine words here and there"}\n{"title":"x"}\n');
    await expect(read(nextWordLoader, [file])).rejects.toThrow(
      /Line 2 is not JSON with a text named body or text/,
    );
  });
});
