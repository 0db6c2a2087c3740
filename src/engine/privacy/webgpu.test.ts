import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { InputShape } from '../../core/models/shapes.ts';
import { testBatch } from '../backend/self-test.ts';
import { startWebgpu } from '../kernels/webgpu/test-support.ts';
import { Network } from '../models/network.ts';
import { relativeError } from '../reference/compare.ts';
import { Optimizer } from '../training/optimizer.ts';
import { trainingStep } from '../training/step.ts';
import { GradientShaper } from './gradient-shaper.ts';

const missing = await startWebgpu();
const CLASSES = 3;

/** The weights after a private step on the current backend, and how many tensors it left. */
async function afterStep(model: string, shape: InputShape) {
  const [height = 0, width = 0, channels = 0] = shape;
  const before = tf.memory().numTensors;
  const batch = testBatch(3, [height, width, channels], CLASSES);
  const network = Network.create(model, shape, CLASSES, 2);
  const optimizer = new Optimizer(
    { kind: 'sgd', learning_rate: 0.5, momentum: 0.9, weight_decay: 0.01 },
    network.parameters,
  );
  const shaper = GradientShaper.private(5, 0.2, 0.05, 4);
  await trainingStep(network, optimizer, [{ objective: 'normal', batch }], null, 0.5, 1, null, [], shaper);
  const { parameters } = await network.weights();
  optimizer.dispose();
  network.dispose();
  return { parameters, left: tf.memory().numTensors - before };
}

describe.skipIf(missing)(`private steps on webgpu${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it('agree with cpu and keep no tensor', async () => {
    const actual = await afterStep('small_cnn', [12, 14, 1]);
    await import('@tensorflow/tfjs-backend-cpu');
    await tf.setBackend('cpu');
    const expected = await afterStep('small_cnn', [12, 14, 1]);
    await tf.setBackend('webgpu');
    expect(actual.left).toBe(0);
    for (const [at, { name, data }] of expected.parameters.entries())
      expect(relativeError(actual.parameters[at]?.data ?? [], data), name).toBeLessThan(1e-3);
  });
});
