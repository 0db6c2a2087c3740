import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import type { ImageSplit } from './dataset.ts';
import type { Manifest } from './manifest.ts';
import { decodeShard, encodeShard, parseManifest } from './manifest.ts';

const manifest: Manifest = {
  version: 1,
  inputs: 'test',
  info: {
    id: 'tiny',
    title: 'Tiny',
    shape: { height: 2, width: 3, channels: 3 },
    classes: ['a', 'b', 'c'],
    mean: [0.1, 0.2, 0.3],
    deviation: [0.5, 0.6, 0.7],
    source: '',
    licence: '',
  },
  label_bytes: 1,
  splits: {
    train: { count: 5, shards: [{ file: 'a.bin', count: 5, sha256: 'a'.repeat(64), bytes: 9 }] },
    test: { count: 2, shards: [{ file: 'b.bin', count: 2, sha256: 'b'.repeat(64), bytes: 9 }] },
  },
};

const split = (count: number, labels: number[]): ImageSplit => ({
  count,
  images: Uint8Array.from({ length: count * 18 }, (_, index) => (index * 31 + 5) % 256),
  labels: Uint16Array.from(labels),
});

const empty = (count: number): ImageSplit => split(count, new Array<number>(count).fill(0));

describe('parseManifest', () => {
  const refusal = (change: (draft: Record<string, unknown> & Manifest) => void): string => {
    const draft = structuredClone(manifest) as Record<string, unknown> & Manifest;
    change(draft);
    try {
      parseManifest(JSON.stringify(draft), 'm.json');
    } catch (error) {
      expect(error).toBeInstanceOf(LabError);
      return String(error);
    }
    throw new Error('it was accepted');
  };

  it('reads what was written', () => {
    expect(parseManifest(JSON.stringify(manifest), 'm.json')).toEqual(manifest);
  });

  it('refuses a page, broken JSON and another version', () => {
    expect(() => parseManifest('<!doctype html>', 'm.json')).toThrow(/E-DATASET.*web page/);
    expect(() => parseManifest('{"version": 1', 'm.json')).toThrow(/not JSON/);
    expect(refusal((draft) => Object.assign(draft, { version: 2 }))).toContain('version');
  });

  it('refuses file names that leave the folder', () => {
    for (const file of ['../secret', '/etc/passwd', 'a/b', '.hidden', '']) {
      const message = refusal((draft) => {
        draft.splits.train.shards = [{ file, count: 5, sha256: 'a'.repeat(64), bytes: 9 }];
      });
      expect(message).toContain('splits.train.shards.0.file');
    }
  });

  it('refuses counts that do not add up, absurd sizes and missing channels', () => {
    expect(refusal((draft) => (draft.splits.train.count = 6))).toContain('hold 5 examples and not 6');
    expect(refusal((draft) => (draft.info.mean = [0.1]))).toContain('3 values');
    expect(refusal((draft) => (draft.info.deviation = [1, 0, 1]))).toContain('info.deviation.1');
    const message = refusal((draft) => {
      draft.splits.test = {
        count: 1e9,
        shards: [{ file: 'b', count: 1e9, sha256: 'b'.repeat(64), bytes: 9 }],
      };
    });
    expect(message).toContain('larger than');
  });
});

describe('a shard', () => {
  it('holds labels, then images, and comes back in its place', () => {
    const original = split(5, [2, 0, 1, 1, 2]);
    const contents = encodeShard(1, 4, original, 1);
    expect([...contents.subarray(0, 3)]).toEqual([0, 1, 1]);
    expect([...contents.subarray(3, 21)]).toEqual([...original.images.subarray(18, 36)]);
    const target = empty(7);
    decodeShard(contents, { file: 'a.bin', count: 3 }, manifest, target, 2);
    expect([...target.labels]).toEqual([0, 0, 0, 1, 1, 0, 0]);
    expect([...target.images.subarray(36, 90)]).toEqual([...original.images.subarray(18, 72)]);
  });

  it('keeps labels past 255 in two bytes', () => {
    const wide: Manifest = {
      ...manifest,
      label_bytes: 2,
      info: { ...manifest.info, classes: Array.from({ length: 700 }, String) },
    };
    const contents = encodeShard(0, 2, split(2, [699, 258]), 2);
    expect([...contents.subarray(0, 4)]).toEqual([0xbb, 0x02, 0x02, 0x01]);
    const target = empty(2);
    decodeShard(contents, { file: 'a.bin', count: 2 }, wide, target, 0);
    expect([...target.labels]).toEqual([699, 258]);
  });

  it('is refused with another size or a class that is not there', () => {
    const contents = encodeShard(0, 3, split(3, [0, 3, 1]), 1);
    expect(() => decodeShard(contents, { file: 'a.bin', count: 3 }, manifest, empty(3), 0)).toThrow(
      /E-DATASET: a\.bin has an example of class 3/,
    );
    expect(() => decodeShard(contents, { file: 'a.bin', count: 2 }, manifest, empty(3), 0)).toThrow(
      /has 57 bytes of examples and not 38/,
    );
  });
});
