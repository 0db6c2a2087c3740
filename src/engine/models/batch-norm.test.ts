import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { randomStream } from '../../core/rng/random.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { relativeError } from '../reference/compare.ts';
import { type BatchNormKernel, batchNormTraining, plainBatchNorm, useBatchNormKernel } from './batch-norm.ts';
import '../gradients/register.ts';

const EPSILON = 1e-2;

function draw(shape: number[], purpose: string, low = -1, high = 2): Float32Array {
  const random = randomStream(5, purpose);
  return Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.uniform(low, high));
}

interface Values {
  x: Float32Array;
  gamma: Float32Array;
  beta: Float32Array;
  /** What y is multiplied by before it is summed, so that its gradient is not constant. */
  weights: Float32Array;
}

/** sum(weights * batch norm), in double precision with loops: the slow twin. */
function slowLoss({ x, gamma, beta, weights }: Values): number {
  const channels = gamma.length;
  const rows = x.length / channels;
  let loss = 0;
  for (let channel = 0; channel < channels; channel++) {
    const value = (row: number) => x[row * channels + channel] ?? NaN;
    let mean = 0;
    for (let row = 0; row < rows; row++) mean += value(row) / rows;
    let variance = 0;
    for (let row = 0; row < rows; row++) variance += (value(row) - mean) ** 2 / rows;
    for (let row = 0; row < rows; row++) {
      const normal = (value(row) - mean) / Math.sqrt(variance + EPSILON);
      const y = (gamma[channel] ?? NaN) * normal + (beta[channel] ?? NaN);
      loss += y * (weights[row * channels + channel] ?? NaN);
    }
  }
  return loss;
}

/** Central differences of the slow twin in one of its inputs. */
function numericGradient(values: Values, which: keyof Values): number[] {
  const step = 1e-3;
  return Array.from(values[which], (value, index) => {
    const at = (moved: number) => {
      const array = Float32Array.from(values[which]);
      array[index] = moved;
      // The step as float32 took it.
      return { loss: slowLoss({ ...values, [which]: array }), moved: array[index] ?? NaN };
    };
    const [up, down] = [at(value + step), at(value - step)];
    return (up.loss - down.loss) / (up.moved - down.moved);
  });
}

describe.each(['cpu', 'wasm'] as const)('batch normalisation in training on %s', (backend) => {
  it.each([[[4, 3, 5, 2]], [[2, 1, 1, 3]], [[7, 6]], [[1, 3, 2, 17]]])(
    'of %j has the gradients that differences give',
    async (shape) => {
      await startBackend(backend, nodeAssets);
      const channels = [shape.at(-1) ?? 1];
      const values: Values = {
        x: draw(shape, 'x'),
        gamma: draw(channels, 'gamma', 0.5, 2),
        beta: draw(channels, 'beta'),
        weights: draw(shape, 'weights', -1, 1),
      };
      const before = tf.memory().numTensors;
      const inputs = [tf.tensor(values.x, shape), tf.tensor1d(values.gamma), tf.tensor1d(values.beta)];
      const aside: tf.Tensor[] = [];
      const { value, grads } = tf.valueAndGrads((...[x, gamma, beta]: tf.Tensor[]) => {
        if (!x || !gamma || !beta) throw new Error('three inputs');
        const { y, mean, variance } = batchNormTraining(x, gamma, beta, EPSILON);
        aside.push(mean, variance);
        return tf.sum(tf.mul(y, tf.tensor(values.weights, shape)));
      })(inputs);
      expect((await value.data())[0]).toBeCloseTo(slowLoss(values), 3);
      for (const [index, which] of (['x', 'gamma', 'beta'] as const).entries())
        expect(
          relativeError((await grads[index]?.data()) ?? [], numericGradient(values, which)),
          which,
        ).toBeLessThan(2e-3);
      const rows = tf.reshape(inputs[0] ?? [], [-1, channels[0] ?? 1]);
      const { mean, variance } = tf.moments(rows, 0);
      expect(relativeError((await aside[0]?.data()) ?? [], await mean.data())).toBeLessThan(1e-5);
      expect(relativeError((await aside[1]?.data()) ?? [], await variance.data())).toBeLessThan(1e-5);
      tf.dispose([...inputs, ...grads, ...aside, value, rows, mean, variance]);
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});

describe('a kernel for batch normalisation', () => {
  afterEach(() => useBatchNormKernel('cpu', () => null));

  it('takes the place of the plain one in both directions, on its own backend', async () => {
    const calls: string[] = [];
    const kernel: BatchNormKernel = {
      forward: (...given) => {
        calls.push('forward');
        return plainBatchNorm.forward(...given);
      },
      backward: (...given) => {
        calls.push('backward');
        return plainBatchNorm.backward(...given);
      },
    };
    useBatchNormKernel('cpu', () => kernel);
    const gradient = () =>
      tf.tidy(() => {
        const [x, gamma, beta] = [tf.tensor2d([[1], [3]]), tf.tensor1d([2]), tf.tensor1d([0])];
        tf.grad((input) => tf.sum(batchNormTraining(input, gamma, beta, EPSILON).y))(x);
      });
    await startBackend('wasm', nodeAssets);
    gradient();
    expect(calls).toEqual([]);
    await startBackend('cpu', nodeAssets);
    gradient();
    expect(calls).toEqual(['forward', 'backward']);
  });
});
