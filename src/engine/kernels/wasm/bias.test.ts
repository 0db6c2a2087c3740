import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { biased, biasedGradients } from './bias.ts';
import { relativeError, startWasm, TestNumbers, VARIANTS } from './test-support.ts';

/** Rows and channels: whole vectors, tails of every length, more rows than one partial sum. */
const SHAPES = [
  [1, 1],
  [3, 5],
  [64, 10],
  [65, 7],
  [200, 20],
  [1000, 50],
] as const;

describe.each(VARIANTS)('bias and rectifier (%s)', (variant) => {
  beforeAll(() => startWasm(variant));

  it.each(SHAPES)('agree with plain loops, %i rows of %i', (rows, channels) => {
    const numbers = new TestNumbers(rows);
    const [x, dy] = [numbers.floats(rows * channels), numbers.floats(rows * channels)];
    const bias = numbers.floats(channels);
    for (const relu of [false, true]) {
      tf.tidy(() => {
        const y = biased(tf.tensor(x, [rows, channels]), tf.tensor1d(bias), relu);
        const sums = [...x].map((value, index) => value + (bias[index % channels] ?? NaN));
        const expected = relu ? sums.map((sum) => Math.max(0, sum)) : sums;
        expect(relativeError(y.dataSync(), expected)).toBeLessThan(1e-6);
        const { dx, dBias } = biasedGradients(tf.tensor(dy, [rows, channels]), relu ? y : null, channels);
        const counted = [...dy].map((value, index) => (relu && (sums[index] ?? 0) <= 0 ? 0 : value));
        expect([...dx.dataSync()]).toEqual(counted.map((value) => Math.fround(value)));
        const totals = new Array<number>(channels).fill(0);
        counted.forEach(
          (value, index) => (totals[index % channels] = (totals[index % channels] ?? 0) + value),
        );
        expect(relativeError(dBias.dataSync(), totals)).toBeLessThan(1e-5);
      });
    }
  });

  it('let a NaN through', () => {
    const y = biased(tf.tensor2d([NaN, 1, NaN, 2, -3], [1, 5]), tf.tensor1d([0, 0, 0, 0, 0]), true);
    expect([...y.dataSync()]).toEqual([NaN, 1, NaN, 2, 0]);
  });

  it('refuse what does not fit', () => {
    expect(() => biased(tf.zeros([2, 3]), tf.zeros([4]), true)).toThrow(/does not fit/);
    expect(() => biasedGradients(tf.zeros([2, 3]), null, 4)).toThrow(/does not fit/);
  });
});
