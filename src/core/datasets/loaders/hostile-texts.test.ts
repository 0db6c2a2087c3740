import { describe, expect, it } from 'vitest';
import { makeTarGz } from '../../formats/tar.test-support.ts';
import { randomStream } from '../../rng/random.ts';
import { chooseLoader } from './choose-loader.ts';
import type { Loader, SourceFile } from './loader.ts';
import { nextWordLoader } from './next-word.ts';
import { loadRequest } from './pictures.test-support.ts';
import { memoryFile } from './source-files.ts';
import { textLoaders } from './text-loaders.ts';
import { textTableLoader } from './text-table.ts';

const MIB = 2 ** 20;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textFile = (name: string, text: string): SourceFile => memoryFile(name, bytes(text));

/** A file of a gigabyte that is never in memory: the same piece again and again. How much was asked of it is counted. */
function huge(name: string, head: string, piece: string): { file: SourceFile; given: () => number } {
  const size = 2 ** 30;
  const repeated = bytes(piece.repeat(Math.ceil(65_536 / piece.length)));
  let given = 0;
  const file: SourceFile = {
    name,
    size,
    bytes: (from, to) => Promise.resolve(bytes(head + piece.repeat(64)).subarray(from, to)),
    stream: () => {
      let begun = false;
      return new ReadableStream({
        pull(controller) {
          const next = begun ? repeated : bytes(head);
          begun = true;
          given += next.length;
          if (given >= size) controller.close();
          else controller.enqueue(next);
        },
      });
    },
  };
  return { file, given: () => given };
}

const refusal = async (loader: Loader, file: SourceFile): Promise<string> => {
  const failed: unknown = await loader.read([file], loadRequest()).catch((thrown: unknown) => thrown);
  if (!(failed instanceof Error)) throw new Error(`${file.name} was read`);
  expect(failed).toMatchObject({ code: 'E-DATASET' });
  expect(failed.message.length).toBeLessThan(2000);
  return failed.message;
};

describe('a hostile file of texts', () => {
  it.each([
    ['a line without an end', textTableLoader, 'rows.jsonl', '{"text":"', 'word ', /A line has more than/],
    [
      'a cell without an end',
      textTableLoader,
      'rows.csv',
      'text,label\n',
      'word ',
      /more than 4,194,304 letters/,
    ],
    ['a quote without an end', textTableLoader, 'rows.csv', 'text,label\n"', 'a\nb', /quote not closed/],
    ['a row without an end', textTableLoader, 'rows.csv', '', 'a,', /more than 4,194,304 letters/],
    ['a post without an end', nextWordLoader, 'posts.txt', '', 'word ', /A line has more than/],
  ])(
    'with %s is given up after a few megabytes of its gigabyte',
    async (_, loader, name, head, piece, why) => {
      const { file, given } = huge(name, head, piece);
      expect(await refusal(loader, file)).toMatch(why);
      expect(given()).toBeLessThan(8 * MIB);
      const looked = huge(name, head, piece);
      await textTableLoader.accepts([looked.file]);
      expect(looked.given()).toBeLessThan(8 * MIB);
    },
  );

  it('of a million columns is refused at its first row', async () => {
    const wide = `${'a,'.repeat(1_000_000)}b\n`;
    expect(await refusal(textTableLoader, textFile('wide.csv', wide.repeat(3)))).toMatch(
      /Row 1, .*more than 10,000 cells/,
    );
    expect(await textTableLoader.accepts([textFile('wide.csv', wide)])).toBe(false);
    const names = Array.from({ length: 200_000 }, (_, at) => `"column${at}":1`);
    expect(await refusal(textTableLoader, textFile('wide.jsonl', `{${names.join(',')}}\n`))).toMatch(
      /column19, and 199,980 more; none is called/,
    );
  });

  it('with long names of columns is refused in a few words', async () => {
    const long = 'x'.repeat(100_000);
    await refusal(textTableLoader, textFile('long.csv', `${long},${long},${long}\n1,2,3\n`));
    await refusal(textTableLoader, textFile('long.jsonl', `${long}\n`));
  });

  it('that is no text at all is refused, whatever its name', async () => {
    const random = randomStream(1, 'data');
    const garbage = Uint8Array.from({ length: 200_000 }, () => random.int(0, 255));
    const withoutZeros = garbage.map((byte) => byte || 1);
    for (const name of ['rows.csv', 'rows.jsonl', 'rows.csv.gz']) {
      for (const contents of [garbage, withoutZeros]) {
        expect(await textTableLoader.accepts([memoryFile(name, contents)])).toBe(false);
        await refusal(textTableLoader, memoryFile(name, contents));
      }
    }
    await refusal(nextWordLoader, memoryFile('posts.txt', garbage));
  });

  it.each([
    ['{"text":{"text":["x"]},"label":{"a":[1,{"b":2}]}}', /Row 1 has no text/],
    ['{"text":"x","label":{"a":[1,{"b":2}]}}', /Row 1 has no label/],
    [`{"text":"x","label":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /Row 1 has no label/],
    ['['.repeat(1_000_000), /Line 1 is not JSON/],
    ['{"__proto__":{"text":"x","label":"y"}}', /columns are __proto__/],
    ['null', /not an object/],
  ])('of JSON lines with junk is refused: %#', async (line, why) => {
    expect(await refusal(textTableLoader, textFile('junk.jsonl', `${line}\n`))).toMatch(why);
  });

  it('with an archive’s name but another beginning is taken by no loader of texts', async () => {
    const picture = memoryFile('aclImdb_v1.tar.gz', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10));
    await expect(chooseLoader(textLoaders, [picture])).rejects.toThrow(/does not know what aclImdb_v1/);
  });

  it('that is an archive cut short is refused by the loader that it looks like', async () => {
    const parts = Array.from({ length: 50 }, (_, at) => ({
      path: `aclImdb/train/${at % 2 ? 'pos' : 'neg'}/${at}_9.txt`,
      contents: `review ${at} `.repeat(50 + at),
    }));
    const whole = makeTarGz(parts);
    for (const kept of [20, Math.floor(whole.length / 2), whole.length - 9]) {
      const cut = memoryFile('aclImdb_v1.tar.gz', whole.slice(0, kept));
      const failed: unknown = await chooseLoader(textLoaders, [cut])
        .then((loader) => loader.read([cut], loadRequest()))
        .catch((thrown: unknown) => thrown);
      expect(failed).toMatchObject({ code: 'E-DATASET' });
    }
  });

  it('of endless new words fills no memory: long ones are cut, and texts keep their first 2,000', async () => {
    const rows = Array.from({ length: 20 }, (_, row) => {
      const words = Array.from({ length: 5000 }, (_, at) => `w${row}x${at}${'y'.repeat(80)}`);
      return `${words.join(' ')},${row % 2}`;
    });
    const dataset = await textTableLoader.read(
      [textFile('words.csv', `text,label\n${rows.join('\n')}\n`)],
      loadRequest(),
    );
    if (!('words' in dataset)) throw new Error('no texts');
    expect(dataset.words).toHaveLength(20 * 2000);
    expect(Math.max(...dataset.words.map(({ length }) => length))).toBe(64);
  });
});
