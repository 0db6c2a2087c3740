import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '../errors.ts';
import type { ImageSplit } from './dataset.ts';
import type { LoadOptions, ShardArrival } from './load.ts';
import { loadDataset } from './load.ts';
import type { Manifest } from './manifest.ts';
import { encodeShard } from './manifest.ts';
import type { ReadFile } from './read-file.ts';

const split = (count: number, salt: number): ImageSplit => ({
  count,
  images: Uint8Array.from({ length: count * 6 }, (_, index) => (index * 31 + salt) % 256),
  labels: Uint16Array.from({ length: count }, (_, index) => (index + salt) % 3),
});
const train = split(11, 4);
const test = split(5, 9);

/** Files of a data set of 4-example shards, in memory. */
function files(zip = true): Map<string, Uint8Array> {
  const all = new Map<string, Uint8Array>();
  const shardsOf = (name: string, whole: ImageSplit) => {
    const shards = [];
    for (let from = 0; from < whole.count; from += 4) {
      const to = Math.min(whole.count, from + 4);
      const contents = encodeShard(from, to, whole, 1);
      const served = zip ? new Uint8Array(gzipSync(contents)) : contents;
      const file = `${name}-${from}.bin`;
      all.set(`tiny/${file}`, served);
      const sha256 = createHash('sha256').update(contents).digest('hex');
      shards.push({ file, count: to - from, sha256, bytes: served.length });
    }
    return { count: whole.count, shards };
  };
  const manifest: Manifest = {
    version: 1,
    inputs: '',
    info: {
      id: 'tiny',
      title: 'Tiny',
      shape: { height: 2, width: 3, channels: 1 },
      classes: ['0', '1', '2'],
      mean: [0.3],
      deviation: [0.2],
      source: '',
      licence: '',
    },
    label_bytes: 1,
    splits: { train: shardsOf('train', train), test: shardsOf('test', test) },
  };
  all.set('tiny/manifest.json', new TextEncoder().encode(JSON.stringify(manifest)));
  return all;
}

const readerOf =
  (all: Map<string, Uint8Array>): ReadFile =>
  (path, { onBytes } = {}) => {
    const bytes = all.get(path);
    if (bytes === undefined) {
      const parts = { what: `${path} is missing.`, why: '', fix: '' };
      return Promise.reject(new LabError({ code: 'E-DATASET-FETCH', ...parts }));
    }
    onBytes?.(Math.floor(bytes.length / 2));
    onBytes?.(bytes.length);
    return Promise.resolve(bytes);
  };

const load = (options: Partial<LoadOptions> = {}) =>
  loadDataset('tiny', { read: readerOf(files()), ...options });

afterEach(() => vi.unstubAllGlobals());

describe('loadDataset', () => {
  it.each([true, false])('gives every example in order, gzip: %s', async (zip) => {
    const dataset = await load({ read: readerOf(files(zip)) });
    expect(dataset.info.title).toBe('Tiny');
    expect(dataset.train).toEqual(train);
    expect(dataset.test).toEqual(test);
  });

  it('shows the first shard of each split first, then the rest, growing', async () => {
    const arrivals: ShardArrival[] = [];
    await load({ onShard: (arrival) => arrivals.push(arrival) });
    expect(arrivals.map(({ split, done, total }) => `${split} ${done}/${total}`)).toEqual([
      'train 4/11',
      'test 4/5',
      'train 8/11',
      'train 11/11',
      'test 5/5',
    ]);
    const second = arrivals[1]?.dataset;
    expect(second?.train.count).toBe(4);
    expect(second?.test.count).toBe(4);
    expect([...(second?.train.images ?? [])]).toEqual([...train.images.subarray(0, 24)]);
    expect([...(second?.test.labels ?? [])]).toEqual([...test.labels.subarray(0, 4)]);
  });

  it('fetches the first shard of each split alone, and the rest ahead of time', async () => {
    const read = readerOf(files());
    const asked: string[] = [];
    const askedAt: string[][] = [];
    await load({
      read: (path, options) => {
        asked.push(path);
        return read(path, options);
      },
      onShard: () => askedAt.push(asked.slice(1)),
    });
    expect(askedAt.slice(0, 2)).toEqual([['tiny/train-0.bin'], ['tiny/train-0.bin', 'tiny/test-0.bin']]);
    expect(askedAt[2]).toHaveLength(5);
  });

  it('counts bytes up to the total', async () => {
    const seen: [number, number][] = [];
    await load({ onProgress: (done, total) => seen.push([done, total]) });
    const last = seen.at(-1);
    expect(last?.[0]).toBe(last?.[1]);
    expect(seen.every(([done], index) => done >= (seen[index - 1]?.[0] ?? 0))).toBe(true);
  });

  it('says which checksum it expected and which it found', async () => {
    const all = files();
    const other = encodeShard(0, 4, split(4, 5), 1);
    all.set('tiny/train-4.bin', new Uint8Array(gzipSync(other)));
    const found = createHash('sha256').update(other).digest('hex');
    await expect(load({ read: readerOf(all) })).rejects.toThrow(
      new RegExp(`E-DATASET: tiny/train-4.bin .*SHA-256 should be [0-9a-f]{64} and is ${found}`),
    );
  });

  it('passes on that a shard or the manifest is missing', async () => {
    const all = files();
    all.delete('tiny/train-8.bin');
    await expect(load({ read: readerOf(all) })).rejects.toThrow(
      /E-DATASET-FETCH: tiny\/train-8.bin is missing/,
    );
    await expect(load({ read: readerOf(new Map()) })).rejects.toThrow(/E-DATASET-FETCH/);
  });

  it('refuses a shard that is cut short or that expands past its size', async () => {
    const all = files();
    all.set('tiny/test-0.bin', (all.get('tiny/test-0.bin') ?? new Uint8Array()).subarray(0, 20));
    await expect(load({ read: readerOf(all) })).rejects.toThrow(
      /E-DATASET: tiny\/test-0.bin is a corrupt gzip/,
    );
    all.set('tiny/test-0.bin', new Uint8Array(gzipSync(new Uint8Array(1_000_000))));
    await expect(load({ read: readerOf(all) })).rejects.toThrow(/expands to more than 28 bytes/);
  });

  it('stops at once when aborted, between two shards and while one is under way', async () => {
    const between = new AbortController();
    const arrivals: string[] = [];
    const onShard = ({ split }: ShardArrival) => {
      arrivals.push(split);
      between.abort();
    };
    await expect(load({ signal: between.signal, onShard })).rejects.toThrow(/E-CANCELLED/);
    expect(arrivals).toEqual(['train']);

    const during = new AbortController();
    const slow: ReadFile = (path, options = {}) =>
      path.endsWith('.json')
        ? readerOf(files())(path)
        : new Promise((_, reject) => {
            options.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
          });
    const loading = load({ read: slow, signal: during.signal });
    setTimeout(() => during.abort(), 5);
    await expect(loading).rejects.toThrow(/E-CANCELLED/);

    await expect(load({ signal: AbortSignal.abort() })).rejects.toThrow(/E-CANCELLED/);
  });

  it('loads with one warning where there is no SHA-256', async () => {
    vi.stubGlobal('crypto', {});
    const warnings: LabError[] = [];
    const dataset = await load({ onWarning: (warning) => warnings.push(warning) });
    expect(dataset.train).toEqual(train);
    expect(warnings.map(({ what }) => what)).toEqual(['The checksums of tiny were not verified.']);
  });
});
