import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { slowMaxPoolGradient } from './twins.ts';
import { convolutionCase, drawConvolution, type ConvolutionCase } from './twin-shapes.ts';
import { relativeError, startWasm, TestNumbers, VARIANTS } from './test-support.ts';

/** The gradient kernel on one case; the window takes its channels one by one. */
function gradient(
  { shape: s, attributes }: ConvolutionCase,
  x: Float32Array,
  dy: Float32Array,
): Float32Array {
  return tf.tidy(() => {
    const input = tf.tensor(x, [s.batch, s.inHeight, s.inWidth, s.inChannels]);
    const result = tf.engine().runKernel<tf.Tensor>(
      'MaxPoolGrad',
      { dy: tf.tensor(dy, [s.batch, s.outHeight, s.outWidth, s.inChannels]), input, output: input },
      {
        filterSize: [s.windowHeight, s.windowWidth],
        strides: attributes.strides,
        pad: attributes.pad,
        dimRoundingMode: 'floor',
      },
    );
    expect(result.shape).toEqual(input.shape);
    return result.dataSync() as Float32Array;
  });
}

function sizes({ shape: s }: ConvolutionCase): [number, number] {
  return [s.batch * s.inHeight * s.inWidth * s.inChannels, s.batch * s.outHeight * s.outWidth * s.inChannels];
}

describe.each(VARIANTS)('the gradient of max pooling (%s)', (variant) => {
  beforeAll(() => startWasm(variant));

  it.each([1, 2, 3])('agrees with plain loops at uneven shapes, with many ties, seed %i', (seed) => {
    const numbers = new TestNumbers(seed);
    for (let i = 0; i < 30; i += 1) {
      const drawn = drawConvolution(numbers);
      const [inputs, outputs] = sizes(drawn);
      const x = Float32Array.from({ length: inputs }, () => numbers.integer(-2, 2));
      const dy = numbers.floats(outputs);
      const expected = slowMaxPoolGradient(drawn.shape, x, dy);
      expect(relativeError(gradient(drawn, x, dy), expected), drawn.label).toBeLessThan(1e-6);
    }
  });

  it('gives a tie to the first value in row order', () => {
    const picked = convolutionCase([1, 2, 2, 5], [2, 2, 5, 5], { strides: [2, 2], pad: 'valid' });
    const dx = gradient(picked, new Float32Array(20).fill(3), Float32Array.from([1, 2, 3, 4, 5]));
    expect([...dx]).toEqual([1, 2, 3, 4, 5, ...new Array<number>(15).fill(0)]);
  });

  it('passes nothing on from a window of minus infinity or NaN alone', () => {
    const picked = convolutionCase([1, 1, 2, 2], [1, 2, 2, 2], { strides: [1, 2], pad: 'valid' });
    const dx = gradient(
      picked,
      Float32Array.from([-Infinity, NaN, -Infinity, NaN]),
      Float32Array.from([1, 1]),
    );
    expect([...dx]).toEqual([0, 0, 0, 0]);
  });
});
