import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { slowAveragePool, slowAveragePoolGradient, slowMaxPool } from './pooling-twin.ts';
import { convolutionCase, drawConvolution, type ConvolutionCase } from './twin-shapes.ts';
import { relativeError, startWasm, TestNumbers, VARIANTS } from './test-support.ts';

/** Runs a pooling kernel on one case; the window takes its channels one by one. */
function run(
  kernel: string,
  { shape: s, attributes }: ConvolutionCase,
  inputs: tf.NamedTensorMap,
): Float32Array {
  const result = tf.engine().runKernel<tf.Tensor>(kernel, inputs, {
    filterSize: [s.windowHeight, s.windowWidth],
    strides: attributes.strides,
    pad: attributes.pad,
    dimRoundingMode: 'floor',
  });
  const [height, width] = kernel === 'AvgPoolGrad' ? [s.inHeight, s.inWidth] : [s.outHeight, s.outWidth];
  expect(result.shape).toEqual([s.batch, height, width, s.inChannels]);
  return result.dataSync() as Float32Array;
}

function images(x: Float32Array, { shape: s }: ConvolutionCase): tf.Tensor {
  return tf.tensor(x, [s.batch, s.inHeight, s.inWidth, s.inChannels]);
}

/** Shapes that a random draw would seldom give. */
const PICKED = [
  convolutionCase([1, 3, 5, 3], [3, 3, 3, 3], { strides: [2, 3], pad: 'same' }),
  convolutionCase([2, 8, 8, 33], [8, 8, 33, 33], { strides: [1, 1], pad: 'valid' }),
  convolutionCase([2, 9, 7, 4], [2, 2, 4, 4], { strides: [3, 3], pad: 'valid' }),
];

describe.each(VARIANTS)('pooling (%s)', (variant) => {
  beforeAll(() => startWasm(variant));

  it.each([1, 2, 3])('agrees with plain loops at uneven shapes, seed %i', (seed) => {
    const numbers = new TestNumbers(seed);
    const cases = [...PICKED, ...Array.from({ length: 30 }, () => drawConvolution(numbers))];
    for (const drawn of cases) {
      const { shape: s, label } = drawn;
      const x = numbers.floats(s.batch * s.inHeight * s.inWidth * s.inChannels);
      const dy = numbers.floats(s.batch * s.outHeight * s.outWidth * s.inChannels);
      tf.tidy(() => {
        const input = images(x, drawn);
        const gradient = tf.tensor(dy, [s.batch, s.outHeight, s.outWidth, s.inChannels]);
        const average = run('AvgPool', drawn, { x: input });
        expect(relativeError(average, slowAveragePool(s, x)), `average ${label}`).toBeLessThan(1e-6);
        const dx = run('AvgPoolGrad', drawn, { dy: gradient, input });
        expect(relativeError(dx, slowAveragePoolGradient(s, dy)), `gradient ${label}`).toBeLessThan(1e-6);
        const largest = run('MaxPool', drawn, { x: input });
        expect([...largest], `max ${label}`).toEqual([...slowMaxPool(s, x)]);
      });
    }
  });

  it('shows NaN in a mean, and takes no NaN for the largest value', () => {
    const picked = convolutionCase([1, 1, 4, 1], [1, 2, 1, 1], { strides: [1, 2], pad: 'valid' });
    const x = Float32Array.from([1, NaN, -Infinity, -Infinity]);
    tf.tidy(() => {
      expect([...run('MaxPool', picked, { x: images(x, picked) })]).toEqual([1, -Infinity]);
      expect([...run('AvgPool', picked, { x: images(x, picked) })]).toEqual([NaN, -Infinity]);
    });
  });

  it('gives empty batches back empty, and refuses integers with a coded error', () => {
    expect(tf.maxPool(tf.zeros<tf.Rank.R4>([0, 4, 4, 2]), 2, 2, 'valid').shape).toEqual([0, 2, 2, 2]);
    expect(tf.avgPool(tf.zeros<tf.Rank.R4>([0, 4, 4, 2]), 2, 2, 'valid').shape).toEqual([0, 2, 2, 2]);
    const integers = tf.ones<tf.Rank.R4>([1, 4, 4, 2], 'int32');
    expect(() => tf.maxPool(integers, 2, 2, 'valid')).toThrow(/E-SHAPE/);
  });
});
