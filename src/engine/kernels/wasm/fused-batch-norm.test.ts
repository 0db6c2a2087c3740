import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainBatchNorm } from '../../models/batch-norm.ts';
import { wasmBatchNorm } from './batch-norm-kernel.ts';
import { relativeError, startWasm, TestNumbers, VARIANTS } from './test-support.ts';
import { at } from './twin-shapes.ts';

const SHAPES: number[][] = [
  [1, 1, 1, 3],
  [2, 3, 5, 7],
  [3, 4, 4, 16],
  [2, 5, 3, 21],
];

describe.each(VARIANTS)('batch normalisation with given statistics (%s)', (variant) => {
  beforeAll(() => startWasm(variant));

  it.each([
    { named: 'by channel', whole: false },
    { named: 'for every value', whole: true },
  ])('agrees with plain loops, parameters given $named', ({ whole }) => {
    const numbers = new TestNumbers(71);
    for (const shape of SHAPES) {
      const size = tf.util.sizeFromShape(shape);
      const given = whole ? shape : shape.slice(-1);
      const length = tf.util.sizeFromShape(given);
      const x = numbers.floats(size);
      const [mean, gamma, beta] = [numbers.floats(length), numbers.floats(length), numbers.floats(length)];
      const variance = numbers.floats(length).map((value) => value + 1.5);
      const tensor = (values: Float32Array) => tf.tensor<tf.Rank>(values, given) as tf.Tensor1D;
      for (const affine of [true, false]) {
        const y = tf.tidy(() =>
          tf
            .batchNorm(
              tf.tensor(x, shape),
              tensor(mean),
              tensor(variance),
              affine ? tensor(beta) : undefined,
              affine ? tensor(gamma) : undefined,
              0.01,
            )
            .dataSync(),
        );
        const expected = Array.from(x, (value, i) => {
          const c = i % length;
          const normal = (value - at(mean, c)) / Math.sqrt(at(variance, c) + 0.01);
          return affine ? normal * at(gamma, c) + at(beta, c) : normal;
        });
        expect(relativeError(y, expected), `[${shape.join()}]`).toBeLessThan(1e-6);
      }
    }
  });

  it('gives the operation of the models what the composed one gives', () => {
    const numbers = new TestNumbers(72);
    for (const shape of [...SHAPES, [9, 6, 5, 33]]) {
      const size = tf.util.sizeFromShape(shape);
      const channels = shape[3] ?? 1;
      tf.tidy(() => {
        const x = tf.tensor(
          numbers.floats(size).map((value) => 2 * value + 1),
          shape,
        );
        const dy = tf.tensor(numbers.floats(size), shape);
        const gamma = tf.tensor1d(numbers.floats(channels));
        const beta = tf.tensor1d(numbers.floats(channels));
        const results = [plainBatchNorm, wasmBatchNorm].map((kernel) => {
          const { y, mean, variance } = kernel.forward(x, gamma, beta, 0.1);
          const { dx, dGamma, dBeta } = kernel.backward(dy, x, gamma, mean, variance, 0.1);
          return [y, mean, variance, dx, dGamma, dBeta].map((tensor) => ({
            shape: tensor.shape,
            values: tensor.dataSync(),
          }));
        });
        const [plain = [], ours = []] = results;
        expect(ours).toHaveLength(6);
        ours.forEach(({ shape: own, values }, i) => {
          expect(own).toEqual(plain[i]?.shape);
          expect(relativeError(values, plain[i]?.values ?? [])).toBeLessThan(1e-5);
        });
      });
    }
  });
});
