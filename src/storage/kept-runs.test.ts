import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultConfig } from '../core/config/schema.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import { STEP_WIDTH } from '../core/series/runSeries.ts';
import { openDatabase } from './database.ts';
import { keptRuns } from './kept-runs.ts';

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

const row = (step: number) => [step, ...Array<number>(STEP_WIDTH - 1).fill(0.5)];
const piece = (after: number, ...steps: number[]) => ({
  after,
  width: STEP_WIDTH,
  steps: Float64Array.from(steps.flatMap(row)),
  evaluations: [],
});
const at = (step: number): Checkpoint => ({ ...checkpoint, step });
const stepsOf = async (id: string) => [...(await keptRuns.loadSeries(id)).steps.column('step')];

describe('runs that are kept', () => {
  beforeEach(async () => {
    for (const { id } of await keptRuns.list()) await keptRuns.remove(id);
  });

  it('come back as they were saved, arrays included', async () => {
    await keptRuns.save('a', checkpoint, piece(-1, 1, 2), []);
    expect(await keptRuns.load('a')).toEqual(checkpoint);
    expect(await stepsOf('a')).toEqual([1, 2]);
    expect(await keptRuns.list()).toMatchObject([
      { id: 'a', name: checkpoint.config.name, step: 7, epoch: 2 },
    ]);
  });

  it('have one latest checkpoint and an older one', async () => {
    await keptRuns.save('a', at(7), null, []);
    await keptRuns.saveOlder('a', at(7));
    await keptRuns.save('a', at(300), null, []);
    expect((await keptRuns.load('a'))?.step).toBe(300);
    expect((await keptRuns.loadOlder('a'))?.step).toBe(7);
  });

  it('do not mix, and each goes alone', async () => {
    await keptRuns.save('a', at(2), piece(-1, 1, 2), []);
    await keptRuns.save('b', at(1), piece(-1, 1), []);
    await keptRuns.save('a', at(3), piece(2, 3), []);
    expect(await stepsOf('a')).toEqual([1, 2, 3]);
    expect(await stepsOf('b')).toEqual([1]);
    await keptRuns.remove('a');
    expect(await keptRuns.load('a')).toBeNull();
    expect(await stepsOf('a')).toEqual([]);
    expect((await keptRuns.load('b'))?.step).toBe(1);
  });

  it('count each step once when the run went back', async () => {
    await keptRuns.save('a', at(3), piece(-1, 1, 2, 3), []);
    await keptRuns.save('a', at(4), piece(1, 2, 3, 4), []);
    expect(await stepsOf('a')).toEqual([1, 2, 3, 4]);
  });

  it('come back whole from more pieces than are read at once', async () => {
    const all = Array.from({ length: 120 }, (_, index) => index + 1);
    for (const step of all) await keptRuns.save('a', at(step), piece(step - 1, step), []);
    expect(await stepsOf('a')).toEqual(all);
  });

  it('make room for the one that replaces them', async () => {
    await keptRuns.save('a', at(2), piece(-1, 1, 2), []);
    await keptRuns.save('b', at(1), null, ['a']);
    expect((await keptRuns.list()).map(({ id }) => id)).toEqual(['b']);
    expect(await stepsOf('a')).toEqual([]);
  });

  it('stay as they were when a save fails half-way: E-QUOTA', async () => {
    await keptRuns.save('a', at(2), piece(-1, 1, 2), []);
    await keptRuns.save('old', at(1), null, []);
    // After the checkpoint, before the piece.
    vi.spyOn(IDBObjectStore.prototype, 'openKeyCursor').mockImplementationOnce(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    await expect(keptRuns.save('a', at(9), piece(2, 3), ['old'])).rejects.toMatchObject({ code: 'E-QUOTA' });
    expect((await keptRuns.load('a'))?.step).toBe(2);
    expect(await stepsOf('a')).toEqual([1, 2]);
    expect((await keptRuns.load('old'))?.step).toBe(1);
  });

  it('are left alone where another version of the lab wrote them', async () => {
    await keptRuns.save('a', { ...checkpoint, version: 2 } as unknown as Checkpoint, null, []);
    expect(await keptRuns.load('a')).toBeNull();
    await keptRuns.save('b', at(1), { ...piece(0, 1), width: 3 }, []);
    expect(await stepsOf('b')).toEqual([]);
  });
});

it('takes over the one run that version 2 kept', async () => {
  (await openDatabase()).close();
  await deleteDB('backdoor-lab');
  const before = await openDB('backdoor-lab', 2, {
    upgrade(database) {
      for (const name of ['checkpoints', 'datasets', 'dataset_infos']) database.createObjectStore(name);
      database.createObjectStore('series', { autoIncrement: true });
    },
  });
  await before.put('checkpoints', { savedAt: 5, checkpoint: at(2) }, 'latest');
  await before.put('checkpoints', { savedAt: 4, checkpoint: at(1) }, 'older');
  await before.add('series', piece(0, 1));
  await before.add('series', piece(1, 2));
  before.close();
  vi.resetModules();
  const { keptRuns: now } = await import('./kept-runs.ts');
  const [run] = await now.list();
  expect(run).toMatchObject({ savedAt: 5, step: 2 });
  expect((await now.load(run?.id ?? ''))?.step).toBe(2);
  expect((await now.loadOlder(run?.id ?? ''))?.step).toBe(1);
  expect([...(await now.loadSeries(run?.id ?? '')).steps.column('step')]).toEqual([1, 2]);
});
