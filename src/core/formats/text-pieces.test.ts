import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { SourceFile } from '../datasets/loaders/loader.ts';
import { memoryFile } from '../datasets/loaders/source-files.ts';
import { textLines, textPieces } from './text-pieces.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A file that comes in pieces of so many bytes. */
function cutFile(contents: Uint8Array, size: number): SourceFile {
  return {
    ...memoryFile('a.txt', contents),
    stream() {
      let at = 0;
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          if (at >= contents.length) controller.close();
          else controller.enqueue(contents.slice(at, (at += size)));
        },
      });
    },
  };
}

async function all(pieces: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const piece of pieces) found.push(piece);
  return found;
}

describe('a text file', () => {
  it.each([1, 2, 3, 7, 100])('gives the same lines in pieces of %i bytes', async (size) => {
    const file = cutFile(bytes('\uFEFFGröße\r\n\n東京 😀\r\nend'), size);
    expect(await all(textLines(file))).toEqual(['Größe', '', '東京 😀', 'end']);
  });

  it('is unpacked where it is gzip, whatever its name', async () => {
    const seen: number[] = [];
    const zipped = memoryFile('a.csv', new Uint8Array(gzipSync('one\ntwo\n')));
    expect(await all(textLines(zipped, { onBytes: (done) => seen.push(done) }))).toEqual(['one', 'two']);
    expect(seen.at(-1)).toBe(zipped.size);
  });

  it('is refused where it is none: pictures, UTF-16, gzip cut short', async () => {
    const refused = async (contents: Uint8Array, why: RegExp): Promise<void> => {
      await expect(all(textPieces(memoryFile('a.csv', contents)))).rejects.toThrow(why);
    };
    await refused(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13), /E-DATASET.*zero bytes/s);
    await refused(new Uint8Array(Buffer.from('text', 'utf16le')), /E-DATASET.*UTF-16/s);
    const zipped = new Uint8Array(gzipSync('one\n'.repeat(1000)));
    await refused(zipped.slice(0, zipped.length - 9), /E-DATASET.*damaged or cut short/s);
  });

  it('is bounded: a bomb unpacks no further than it may, a line has an end', async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(100_000_000).fill(0x61)));
    await expect(all(textLines(memoryFile('a.txt.gz', bomb)))).rejects.toThrow(/A line has more than/);
    let letters = 0;
    const count = async (): Promise<void> => {
      for await (const piece of textPieces(memoryFile('a.txt.gz', bomb))) letters += piece.length;
    };
    await expect(count()).rejects.toThrow(/unpacks to more than/);
    expect(letters).toBeLessThan(100_000_000);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      for await (const piece of textPieces(cutFile(bytes('a'.repeat(100)), 10), { signal: stop.signal })) {
        expect(piece).toBe('a'.repeat(10));
        stop.abort();
      }
    };
    await expect(read()).rejects.toThrow('E-CANCELLED');
  });
});
