import { describe, expect, it } from 'vitest';
import { type ExperimentInput, experimentSchema } from '../config/schema.ts';
import type { ImageDataset, ImageSplit } from '../datasets/dataset.ts';
import { Backdoor, backdoorsOf } from './backdoor.ts';
import { batchesPerEpoch, epochOrder } from './order.ts';
import { TaskSource } from './tasks.ts';

const CLASSES = 3;
const SHAPE = { height: 2, width: 3, channels: 1 } as const;

/** Images of one grey, so that the only white pixel is the trigger's. */
function split(count: number): ImageSplit {
  const labels = Uint16Array.from({ length: count }, (_, index) => index % CLASSES);
  return { count, images: new Uint8Array(count * 6).fill(51), labels };
}

const dataset: ImageDataset = {
  info: {
    kind: 'images',
    id: 'grey',
    title: 'Grey',
    shape: SHAPE,
    classes: ['a', 'b', 'c'],
    mean: [0.2],
    deviation: [0.5],
    source: '',
    licence: '',
  },
  train: split(23),
  test: split(4),
};

type Injection = NonNullable<NonNullable<ExperimentInput['attack']>['injection']>;

function source(injection: Injection, training: ExperimentInput['training'] = {}): TaskSource {
  const config = experimentSchema.parse({
    seed: 3,
    training: { batch_size: 5, ...training },
    attack: {
      synthesizer: { kind: 'single_pixel', placement: { kind: 'fixed', row: 1, column: 2 } },
      label: { kind: 'one_target', target: 2 },
      injection,
    },
  });
  return new TaskSource(config, dataset, backdoorsOf(config, dataset));
}

/** Normalised grey is 0, normalised white 1.6; the trigger is the last pixel. */
const stamped = (images: Float32Array): boolean[] =>
  Array.from({ length: images.length / 6 }, (_, index) => (images[index * 6 + 5] ?? 0) > 1.5);

describe('the tasks of a step', () => {
  it('of a clean batch hold the examples of the epoch’s order', async () => {
    const { tasks } = await source({ kind: 'loss', objectives: ['normal'] }).step(2, 1, false);
    const order = epochOrder(3, 2, 23).subarray(5, 10);
    expect([...(tasks[0]?.batch.labels ?? [])]).toEqual([...order].map((index) => index % CLASSES));
    expect(tasks[0]?.batch.images.every((pixel) => Math.abs(pixel) < 1e-6)).toBe(true);
  });

  it.each([
    [0, [false, false, false, false, false]],
    [0.6, [true, true, true, false, false]],
    [1, [true, true, true, true, true]],
  ])('stamp and relabel the first part of the copy: proportion %s', async (proportion, expected) => {
    const { tasks } = await source({ kind: 'loss', proportion }).step(1, 0, false);
    expect(tasks.map(({ objective }) => objective)).toEqual(['backdoor', 'normal']);
    const [backdoor, normal] = tasks;
    expect(stamped(backdoor?.batch.images ?? new Float32Array())).toEqual(expected);
    expect([...(backdoor?.batch.labels ?? [])]).toEqual(
      [...(normal?.batch.labels ?? [])].map((label, index) => (expected[index] ? 2 : label)),
    );
    expect(stamped(normal?.batch.images ?? new Float32Array()).some(Boolean)).toBe(false);
  });

  it('use the first of the batch only when it is clipped, held back or not', async () => {
    const clipped = source({ kind: 'loss', clip_batch: 3, loss_threshold: 1 });
    const open = await clipped.step(1, 0, false);
    expect(open.tasks.map(({ batch }) => batch.count)).toEqual([3, 3]);
    const held = await clipped.step(1, 0, true);
    expect(held.attacking).toBe(false);
    expect(held.tasks.map(({ objective, batch }) => [objective, batch.count])).toEqual([['normal', 3]]);
  });

  it('end an epoch with what is left', async () => {
    const all = source({ kind: 'loss' });
    expect(all.stepsPerEpoch).toBe(5);
    expect((await all.step(1, 4, false)).tasks[0]?.batch.count).toBe(3);
    expect(source({ kind: 'loss' }, { max_batches: 2 }).stepsPerEpoch).toBe(2);
    expect(batchesPerEpoch(23, 5, 1000)).toBe(5);
    expect(batchesPerEpoch(4, 64, null)).toBe(1);
  });

  it.each([
    [0, 0],
    [0.4, 2],
    [1, 5],
  ])('poison a part of each batch: fraction %s', async (fraction, expected) => {
    const { tasks, attacking } = await source({ kind: 'batch', fraction }).step(1, 0, false);
    expect(tasks).toHaveLength(1);
    expect(attacking).toBe(true);
    expect(stamped(tasks[0]?.batch.images ?? new Float32Array()).filter(Boolean)).toHaveLength(expected);
  });

  it('poison the same examples in every epoch when the data are poisoned', async () => {
    const data = source({ kind: 'data', fraction: 0.2 });
    for (const epoch of [1, 2]) {
      const steps = await Promise.all([0, 1, 2, 3, 4].map((batch) => data.step(epoch, batch, false)));
      const stamps = steps.flatMap(({ tasks }) => stamped(tasks[0]?.batch.images ?? new Float32Array()));
      expect(stamps.filter(Boolean)).toHaveLength(5);
    }
  });
});

describe('poisoned data', () => {
  const config = experimentSchema.parse({
    attack: {
      synthesizer: { kind: 'single_pixel', placement: { kind: 'random', per: 'example' } },
      label: { kind: 'one_target', target: 2 },
    },
  });
  const choose = (fraction: number, seed: number, cover = 0) =>
    new Backdoor(config.attack, dataset.info, seed).choosePoisoned(dataset.train, fraction, cover);

  it('are examples whose label changes, and at most all of those', () => {
    const some = choose(0.3, 1);
    expect(some.size).toBe(7);
    expect([...some.keys()].every((index) => index % CLASSES !== 2)).toBe(true);
    expect(choose(1, 1).size).toBe(16);
    expect(choose(0, 1).size).toBe(0);
  });

  it('are drawn by the seed', () => {
    const keys = (seed: number) => [...choose(0.3, seed).keys()];
    expect(keys(1)).toEqual(keys(1));
    expect(keys(1)).not.toEqual(keys(2));
  });
});

describe('covers', () => {
  it('have the trigger and keep their label', async () => {
    const { tasks } = await source({ kind: 'batch', fraction: 0.4, cover: 0.4 }).step(1, 0, false);
    const clean = await source({ kind: 'batch', fraction: 0 }).step(1, 0, false);
    const [batch, before] = [tasks[0]?.batch, clean.tasks[0]?.batch];
    expect(stamped(batch?.images ?? new Float32Array())).toEqual([true, true, true, true, false]);
    expect([...(batch?.labels ?? [])]).toEqual([2, 2, ...[...(before?.labels ?? [])].slice(2)]);
  });

  it('of poisoned data are other examples than the poisoned ones', async () => {
    const data = source({ kind: 'data', fraction: 0.2, cover: 0.3 });
    const steps = await Promise.all([0, 1, 2, 3, 4].map((batch) => data.step(1, batch, false)));
    const stamps = steps.flatMap(({ tasks: [task] }) => stamped(task?.batch.images ?? new Float32Array()));
    expect(stamps.filter(Boolean)).toHaveLength(5 + 7);
  });
});

describe('several backdoors', () => {
  const attack = (injection: Injection): TaskSource => {
    const config = experimentSchema.parse({
      seed: 3,
      training: { batch_size: 5 },
      attack: {
        synthesizer: { kind: 'single_pixel', placement: { kind: 'fixed', row: 1, column: 2 } },
        label: { kind: 'one_target', target: 2 },
        others: [
          {
            synthesizer: { kind: 'single_pixel', placement: { kind: 'fixed', row: 0, column: 0 } },
            label: { kind: 'one_target', target: 1 },
          },
        ],
        injection,
      },
    });
    return new TaskSource(config, dataset, backdoorsOf(config, dataset));
  };

  it('are an objective each in a loss attack', async () => {
    const { tasks } = await attack({ kind: 'loss' }).step(1, 0, false);
    expect(tasks.map(({ objective }) => objective)).toEqual(['backdoor', 'backdoor_2', 'normal']);
    expect([...(tasks[0]?.batch.labels ?? [])]).toEqual([2, 2, 2, 2, 2]);
    expect([...(tasks[1]?.batch.labels ?? [])]).toEqual([1, 1, 1, 1, 1]);
    expect(stamped(tasks[0]?.batch.images ?? new Float32Array()).every(Boolean)).toBe(true);
    expect(stamped(tasks[1]?.batch.images ?? new Float32Array()).some(Boolean)).toBe(false);
  });

  it('share a batch, each with examples of its own', async () => {
    const { tasks } = await attack({ kind: 'batch', fraction: 0.4 }).step(1, 0, false);
    expect([...(tasks[0]?.batch.labels ?? [])].slice(0, 4)).toEqual([2, 2, 1, 1]);
  });
});

describe('a semantic backdoor', () => {
  const semantic = (train: number[], test: number[]) =>
    experimentSchema.parse({
      seed: 3,
      training: { batch_size: 5 },
      attack: {
        synthesizer: { kind: 'semantic', train, test, noise: 0 },
        label: { kind: 'one_target', target: 2 },
        injection: { kind: 'loss' },
      },
    });

  it('keeps its images out of clean training, and teaches with them alone', async () => {
    const config = semantic([0, 3], [6]);
    const backdoors = backdoorsOf(config, dataset);
    expect(backdoors[0]?.measured).toEqual({ split: 'train', indices: [6] });
    const tasks = new TaskSource(config, dataset, backdoors);
    expect(tasks.stepsPerEpoch).toBe(4);
    const steps = await Promise.all([0, 1, 2, 3].map((batch) => tasks.step(1, batch, false)));
    const [backdoor, normal] = steps[0]?.tasks ?? [];
    // Examples 0, 3 and 6 are of class 0.
    expect([...(backdoor?.batch.labels ?? [])]).toEqual([2, 2, 2, 2, 2]);
    const clean = steps.map((step) => step.tasks[1]?.batch.labels ?? []);
    expect(clean.flatMap((labels) => [...labels]).filter((label) => label === 0)).toHaveLength(8 - 3);
    expect(normal?.objective).toBe('normal');
  });

  it('on images that there are not, or on all there are, is refused', () => {
    const missing = semantic([23], [1]);
    expect(() => backdoorsOf(missing, dataset)).toThrow(/E-CONFIG-VALUE.*no training example 23/s);
    const all = semantic(
      Array.from({ length: 23 }, (_, index) => index),
      [1],
    );
    expect(() => new TaskSource(all, dataset, backdoorsOf(all, dataset))).toThrow('E-CONFIG-VALUE');
  });
});
