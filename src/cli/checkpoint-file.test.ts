import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../core/config/parse.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import type { NamedArray } from '../core/experiment/weights.ts';
import { modelFromFile } from '../core/formats/model-file.ts';
import { writeSafetensors } from '../core/formats/safetensors-writer.ts';
import { simplenet } from '../core/models/simplenet.ts';
import { sizeOf } from '../core/models/layers.ts';
import { parameterSpecs } from '../core/models/parameter-specs.ts';
import { randomStream } from '../core/rng/random.ts';
import { CheckpointFile, decodeCheckpoint, encodeCheckpoint } from './checkpoint-file.ts';
import { temporaryFolder } from './temporary-folder.test-support.ts';

const at = temporaryFolder('checkpoint');

const shape: [number, number, number] = [28, 28, 1];
const parameters = parameterSpecs(simplenet.layers(shape, 10), shape).map(({ name, shape: dims }) => {
  const random = randomStream(7, 'test', name);
  return { name, shape: dims, data: Float32Array.from({ length: sizeOf(dims) }, () => random.normal()) };
});

function example(): Checkpoint {
  return {
    version: 1,
    config: parseConfig({ name: 'Ünicode "quotes"', seed: 3, training: { epochs: 4 } }),
    weights: { model: 'simplenet', inputShape: shape, classes: 10, parameters },
    optimizer: parameters.map(({ name, shape: dims, data }) => ({
      name: `momentum_buffer/${name}`,
      shape: dims,
      data: data.map((value) => value / 3),
    })),
    step: 41,
    epoch: 2,
    batch: 11,
    normalLosses: [0.1, 1 / 3, Number.NaN],
    epochs: [
      {
        epoch: 1,
        clean_accuracy: 0.1 + 0.2,
        attack_success_rate: 0.5,
        attack_success_rate_all: 0.25,
        further_attack_success_rates: [0.75, null],
        cross_trigger_accuracy: 0.125,
        epsilon: 1.5,
        losses: { normal: 1.5, backdoor: 2.25 },
        scales: { normal: 0.75, backdoor: 0.25 },
        seconds: 12.5,
      },
    ],
    partialEpoch: { losses: { normal: 3, 'normal/n': 11 }, scales: { normal: 11 }, steps: 11, seconds: 1.25 },
    interventions: [{ step: 5, balancer: { kind: 'fixed', scales: { normal: 0.9, backdoor: 0.1 } } }],
    learningRateFactor: 0.25,
    seconds: 13.75,
  };
}

const trigger = [{ name: '1/mask', shape: [3], data: Float32Array.of(0.5, -1 / 3, 2) }];

/** Vitest compares long arrays value by value, for minutes. */
function sameArrays(actual: readonly NamedArray[], expected: readonly NamedArray[]): boolean {
  const bytes = ({ data }: NamedArray): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return (
    actual.length === expected.length &&
    expected.every((array) => {
      const found = actual.find(({ name }) => name === array.name);
      return found?.shape.join() === array.shape.join() && bytes(found).equals(bytes(array));
    })
  );
}

const codeOf = (action: () => unknown): unknown => {
  try {
    action();
    return 'nothing thrown';
  } catch (thrown) {
    return thrown;
  }
};

const unreadable = (why: RegExp) =>
  expect.objectContaining({
    code: 'E-CHECKPOINT',
    where: 'x.checkpoint',
    why: expect.stringMatching(why) as unknown,
  }) as unknown;

describe('a checkpoint file', () => {
  it('gives back everything, bit for bit', async () => {
    const store = new CheckpointFile(at('deep/er/run.checkpoint'));
    await store.save(example());
    const loaded = await store.load();
    const { weights, optimizer, ...expected } = example();
    expect({ ...loaded, weights: null, optimizer: null }).toEqual({
      ...expected,
      weights: null,
      optimizer: null,
    });
    expect(sameArrays(loaded.weights.parameters, weights.parameters)).toBe(true);
    expect(sameArrays(loaded.optimizer, optimizer)).toBe(true);
    expect(store.savedStep).toBe(41);
    expect(await readdir(at('deep/er'))).toEqual(['run.checkpoint']);
  });

  it('keeps what a trigger has learned, with the slots of its optimizer', async () => {
    const { weights, optimizer, ...rest } = example();
    const slot = { name: 'trigger/1/mean0', shape: [2], data: Float32Array.of(0.25, 1) };
    const store = new CheckpointFile(at('learned.checkpoint'));
    await store.save({ ...rest, weights: { ...weights, trigger }, optimizer: [...optimizer, slot] });
    const loaded = await store.load();
    expect(loaded.weights.trigger).toEqual(trigger);
    expect(loaded.optimizer.at(-1)).toEqual(slot);
    expect(modelFromFile('x', await readFile(store.path)).trigger).toEqual(trigger);
  });

  it('is told apart from nothing at all', async () => {
    await expect(new CheckpointFile(at('none')).load()).rejects.toMatchObject({
      code: 'E-CHECKPOINT',
      why: 'There is no such file or folder.',
    });
  });

  it('keeps the latest in memory when the disk does not take it', async () => {
    const blocked = at('file');
    await writeFile(blocked, '');
    const store = new CheckpointFile(path.join(blocked, 'run.checkpoint'));
    await expect(store.save(example())).rejects.toMatchObject({ code: 'E-STORAGE' });
    expect([store.latest?.step, store.savedStep]).toEqual([41, null]);
  });

  it('leaves the old one whole when a new one is written', async () => {
    const store = new CheckpointFile(at('twice.checkpoint'));
    await store.save(example());
    await store.save({ ...example(), step: 42 });
    expect((await store.load()).step).toBe(42);
    expect((await readFile(store.path)).equals(encodeCheckpoint({ ...example(), step: 42 }))).toBe(true);
  });

  it.each([
    ['is empty', () => new Uint8Array(), /0 bytes/],
    ['is cut short', () => encodeCheckpoint(example()).subarray(0, 100_000), /./],
    ['is text', () => new TextEncoder().encode('version: 1\nname: an experiment'), /./],
    ['is a model', () => writeSafetensors(example().weights.parameters), /another kind/],
    ['lacks a weight', () => changed({ drop: 'fc1.bias' }), /fc1\.bias/],
    ['lacks the position', () => changed({ step: undefined }), /step/],
    ['has a position below 0', () => changed({ batch: -1 }), /batch/],
    ['is past the end', () => changed({ epoch: 6, batch: 0, step: 150 }), /epoch is 6/],
    ['is before the first epoch', () => changed({ epoch: 0, batch: 99, step: 5 }), /epoch is 0/],
    [
      'has more batches than steps',
      () => changed({ epoch: 1, batch: 99, step: 5 }),
      /step 5 in epoch 1, batch 99/,
    ],
    ['has steps that do not divide', () => changed({ epoch: 3, batch: 2, step: 41 }), /step 41 in epoch 3/],
    ['is past the end of its epoch', () => changed({ epoch: 2, batch: 31, step: 41 }), /batch 31/],
    ['has batches after the last epoch', () => changed({ epoch: 5, batch: 1, step: 41 }), /epoch 5, batch 1/],
    ['has another version', () => changed({ version: 2 }), /version/],
    [
      'has an experiment that is none',
      () => changed({ config: { training: { epochs: 'many' } } }),
      /training\.epochs/,
    ],
    [
      'has a balancer that is none',
      () => changed({ interventions: [{ step: 1, balancer: { kind: 'fair' } }] }),
      /fair/,
    ],
    ['has a slot of another shape', () => changed({ transpose: true }), /wrong shape/],
  ])('that %s is E-CHECKPOINT', (_, bytes, why) => {
    expect(codeOf(() => decodeCheckpoint(bytes(), 'x.checkpoint'))).toEqual(unreadable(why));
  });
});

/** A well-formed file with something wrong in it. */
function changed({
  drop,
  transpose,
  ...fields
}: Record<string, unknown> & { drop?: string; transpose?: boolean }): Uint8Array {
  const { weights, optimizer, ...rest } = example();
  const { parameters: arrays, ...dims } = weights;
  const turned = (shape: number[]): number[] => (transpose ? [...shape].reverse() : shape);
  const tensors = [
    ...arrays
      .filter(({ name }) => name !== drop)
      .map((array) => ({ ...array, name: `weights/${array.name}` })),
    ...optimizer.map((array) => ({ ...array, shape: turned(array.shape), name: `optimizer/${array.name}` })),
  ];
  const checkpoint = JSON.stringify({ ...rest, ...dims, ...fields });
  return writeSafetensors(tensors, { metadata: { format: 'backdoor-lab-checkpoint', checkpoint } });
}
