import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { storageError } from './database.ts';
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
    expect(await keptDatasets()).toEqual([{ id: 'custom-mine', title: 'Mine' }]);
    expect(await keptDataset('custom-other')).toBeNull();
  });
});
