import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { describe, expect, it, vi } from 'vitest';
import type { OptimizerConfig } from '../../../core/config/schema.ts';
import type { StepTask } from '../../../core/training/tasks.ts';
import { testBatch } from '../../backend/self-test.ts';
import { initialWeights, Network } from '../../models/network.ts';
import { relativeError } from '../../reference/compare.ts';
import { Optimizer } from '../../training/optimizer.ts';
import { trainingStep } from '../../training/step.ts';
import { startWebgpu } from './test-support.ts';

const missing = await startWebgpu();
const SHAPE = [16, 18, 1] as const;
const CLASSES = 4;
const STEPS = 3;
const MGDA = { kind: 'mgda', normalize: 'loss' } as const;

function tasks(): StepTask[] {
  const batch = testBatch(3, SHAPE, CLASSES);
  const labels = new Int32Array(batch.count).fill(1);
  const images = batch.images.map((value, index) => (index % 18 < 3 ? 2 : value));
  return [
    { objective: 'normal', batch },
    { objective: 'backdoor', batch: { ...batch, images, labels } },
  ];
}

function prepare(config: OptimizerConfig) {
  const network = new Network(initialWeights('simplenet', SHAPE, CLASSES, 1));
  const optimizer = new Optimizer(config, network.parameters);
  const step = (number: number) =>
    trainingStep(network, optimizer, tasks(), MGDA, config.learning_rate, number);
  return { network, optimizer, step };
}

/** Losses and scales of each step, and the weights after the last, on the current backend. */
async function train(config: OptimizerConfig) {
  const { network, optimizer, step } = prepare(config);
  const numbers: number[] = [];
  for (let number = 1; number <= STEPS; number++) {
    const { numbers: record } = await step(number);
    numbers.push(...Object.values(record.losses), ...Object.values(record.scales));
  }
  const { parameters } = await network.weights();
  optimizer.dispose();
  network.dispose();
  return { numbers, weights: parameters.map(({ data }) => data) };
}

const OPTIMIZERS: OptimizerConfig[] = [
  { kind: 'sgd', learning_rate: 0.05, momentum: 0.9, weight_decay: 0.01 },
  { kind: 'adam', learning_rate: 0.002, beta1: 0.9, beta2: 0.99, epsilon: 1e-6, weight_decay: 0.01 },
];

describe.skipIf(missing)(`a residual network on webgpu${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it('agrees with cpu after a step, running statistics too', async () => {
    const [config] = OPTIMIZERS;
    if (!config) throw new Error('an optimizer');
    const shape = [8, 10, 3] as const;
    const batch = testBatch(3, shape, CLASSES);
    const once = async () => {
      const network = new Network(initialWeights('resnet8', shape, CLASSES, 2));
      const optimizer = new Optimizer(config, network.parameters);
      await trainingStep(network, optimizer, [{ objective: 'normal', batch }], null, 0.05, 1);
      const { parameters } = await network.weights();
      return new Map(parameters.map(({ name, data }) => [name, data]));
    };
    const actual = await once();
    await import('@tensorflow/tfjs-backend-cpu');
    await tf.setBackend('cpu');
    const expected = await once();
    await tf.setBackend('webgpu');
    expect([...expected.keys()].filter((name) => name.includes('running')).length).toBeGreaterThan(0);
    for (const [name, values] of expected) {
      expect(relativeError(actual.get(name) ?? [], values), name).toBeLessThan(1e-3);
    }
  });
});

describe.skipIf(missing)(`MGDA steps on webgpu${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it.each(OPTIMIZERS)('agree with cpu, $kind', async (config) => {
    const actual = await train(config);
    await import('@tensorflow/tfjs-backend-cpu');
    await tf.setBackend('cpu');
    const expected = await train(config);
    await tf.setBackend('webgpu');
    expect(relativeError(actual.numbers, expected.numbers)).toBeLessThan(1e-4);
    expected.weights.forEach((values, index) => {
      expect(relativeError(actual.weights[index] ?? [], values)).toBeLessThan(1e-3);
    });
  });

  it('read back once, submit a few times and hold no more memory', async () => {
    const [config] = OPTIMIZERS;
    if (!config) throw new Error('an optimizer');
    const { network, optimizer, step } = prepare(config);
    await step(1);
    await step(2);
    const backend = tf.backend() as WebGPUBackend;
    const reads = vi.spyOn(backend, 'getBufferData');
    const submissions = vi.spyOn(backend, 'submitQueue');
    const before = { tensors: tf.memory().numTensors, bytes: backend.memory().numBytesAllocatedInGPU };
    for (let number = 3; number < 7; number++) await step(number);
    const after = { tensors: tf.memory().numTensors, bytes: backend.memory().numBytesAllocatedInGPU };
    expect(reads).toHaveBeenCalledTimes(4);
    expect(submissions.mock.calls.length).toBeLessThanOrEqual(8);
    expect(after).toEqual(before);
    vi.restoreAllMocks();
    optimizer.dispose();
    network.dispose();
  });
});
