import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../core/datasets/dataset.ts';
import { openDatabase, storageError } from './database.ts';
import { keepDataset, keptDataset, keptDatasets } from './dataset-store.ts';

it('says E-STORAGE, with the browser’s words, for what is not full storage', () => {
  expect(storageError(new Error('blocked'))).toMatchObject({ code: 'E-STORAGE', why: 'blocked' });
});

describe('data sets that were brought', () => {
  it('come back by id, and are listed with their titles', async () => {
    const info = {
      kind: 'images' as const,
      id: 'custom-mine',
      title: 'Mine',
      shape: { height: 2, width: 3, channels: 1 as const },
      classes: ['0', '1'],
      mean: [0.5],
      deviation: [0.25],
      source: 'a, b',
      licence: '',
    };
    const split = { count: 1, images: Uint8Array.of(1, 2, 3, 4, 5, 6), labels: Uint16Array.of(1) };
    await keepDataset({ info, train: split, test: split });
    expect((await keptDataset('custom-mine'))?.train).toEqual(split);
    expect(await keptDatasets()).toEqual([{ id: 'custom-mine', title: 'Mine', kind: 'images' }]);
    expect(await keptDataset('custom-other')).toBeNull();
  });

  it('keeps texts too, and images of before there were texts', async () => {
    const labels = Uint16Array.of(1);
    const split = { count: 1, tokens: Uint32Array.of(1, 0), offsets: Uint32Array.of(0, 2), labels };
    const common = { title: 'T', classes: ['a', 'b'], source: '', licence: '' };
    const info = { ...common, kind: 'text', id: 'custom-texts', length: 5, vocabulary: 9 } as const;
    const texts = { info, words: ['the', 'word'], train: split, test: split };
    await keepDataset(texts);
    expect(await keptDataset('custom-texts')).toEqual(texts);
    const old = { info: { ...common, id: 'custom-old' }, train: { count: 0 }, test: { count: 0 } };
    await (await openDatabase()).put('datasets', old as unknown as Dataset, 'custom-old');
    expect((await keptDataset('custom-old'))?.info.kind).toBe('images');
  });
});
