import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultConfig } from '../core/config/schema.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import { checkpointStore } from './checkpoint-store.ts';
import { openDatabase, storageError } from './database.ts';
import { keepDataset, keptDataset, keptDatasets } from './dataset-store.ts';

const checkpoint: Checkpoint = {
  version: 1,
  config: defaultConfig,
  weights: {
    model: 'simplenet',
    inputShape: [28, 28, 1],
    classes: 10,
    parameters: [{ name: 'conv1.bias', shape: [3], data: Float32Array.of(0.5, -1, 2) }],
  },
  optimizer: [],
  step: 7,
  epoch: 2,
  batch: 3,
  normalLosses: [1.5],
  epochs: [],
  partialEpoch: { losses: { normal: 1.5 }, scales: {}, steps: 1, seconds: 2 },
  interventions: [{ step: 3, balancer: { kind: 'fixed', scales: { normal: 0.7, backdoor: 0.3 } } }],
  learningRateFactor: 0.5,
  seconds: 2,
};

describe('the checkpoint store', () => {
  beforeEach(() => checkpointStore.remove());

  it('gives back what was saved, arrays included', async () => {
    await checkpointStore.save(checkpoint);
    expect(await checkpointStore.load()).toEqual(checkpoint);
    expect((await checkpointStore.loadStored())?.savedAt).toBeLessThanOrEqual(Date.now());
  });

  it('keeps only the latest, and nothing after removal', async () => {
    await checkpointStore.save(checkpoint);
    await checkpointStore.save({ ...checkpoint, step: 8 });
    expect((await checkpointStore.load())?.step).toBe(8);
    await checkpointStore.remove();
    expect(await checkpointStore.load()).toBeNull();
  });

  it('keeps an older one beside the latest', async () => {
    expect(await checkpointStore.loadOlder()).toBeNull();
    await checkpointStore.saveOlder(checkpoint);
    await checkpointStore.save({ ...checkpoint, step: 300 });
    expect((await checkpointStore.loadOlder())?.step).toBe(7);
    expect((await checkpointStore.load())?.step).toBe(300);
    await checkpointStore.remove();
    expect(await checkpointStore.loadOlder()).toBeNull();
  });

  it('leaves alone what a later version of the lab wrote', async () => {
    const later = { ...checkpoint, version: 2 } as unknown as Checkpoint;
    await checkpointStore.save(later);
    expect(await checkpointStore.load()).toBeNull();
  });

  it('says E-QUOTA when storage is full', async () => {
    const database = await openDatabase();
    const full = vi
      .spyOn(database, 'put')
      .mockRejectedValueOnce(new DOMException('no room', 'QuotaExceededError'));
    await expect(checkpointStore.save(checkpoint)).rejects.toMatchObject({ code: 'E-QUOTA' });
    full.mockRestore();
  });

  it('says E-STORAGE, with the browser’s words, for everything else', () => {
    expect(storageError(new Error('blocked'))).toMatchObject({ code: 'E-STORAGE', why: 'blocked' });
  });
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
