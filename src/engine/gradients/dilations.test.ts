import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../core/rng/random.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { relativeError } from '../reference/compare.ts';
import './register.ts';

function draw(shape: [number, number, number, number], purpose: string): tf.Tensor4D {
  const random = randomStream(3, purpose);
  return tf.tensor4d(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.uniform(-1, 1)),
    shape,
  );
}

/** The filter with zeros between its taps, which is what a dilated one is. */
function spread(filter: tf.Tensor4D, [down, along]: [number, number]): tf.Tensor4D {
  const taps = (axis: number, dilation: number) => (whole: tf.Tensor4D) =>
    tf.concat(
      tf.split<tf.Tensor4D>(whole, whole.shape[axis] ?? 0, axis).flatMap((tap, index) => {
        const zeros = Array.from({ length: index === 0 ? 0 : dilation - 1 }, () => tf.zerosLike(tap));
        return [...zeros, tap];
      }),
      axis,
    );
  return taps(1, along)(taps(0, down)(filter));
}

/** The entries of a spread filter that hold taps. */
function gathered(filter: tf.Tensor4D, [down, along]: [number, number]): tf.Tensor4D {
  return tf.stridedSlice(filter, [0, 0, 0, 0], filter.shape, [down, along, 1, 1]) as tf.Tensor4D;
}

describe('the gradient of a dilated convolution', () => {
  it.each([
    ['valid', [2, 2], 3],
    ['same', [3, 2], 3],
    [1, [1, 2], 12],
  ] as const)(
    'is that of the spread filter on wasm: %s, dilation %j',
    async (pad, [down, along], channels) => {
      await startBackend('wasm', nodeAssets);
      const x = draw([2, 11, 9, channels], 'x');
      const filter = draw([3, 3, channels, channels], 'filter');
      const weighed = (y: tf.Tensor) =>
        tf.sum(tf.mul(y, draw(y.shape as [number, number, number, number], 'dy')));
      const convolved = (images: tf.Tensor, taps: tf.Tensor, dilations: [number, number]) =>
        weighed(
          tf.conv2d(
            images as tf.Tensor4D,
            taps as tf.Tensor4D,
            1,
            pad,
            'NHWC',
            dilations,
            pad === 1 ? 'floor' : undefined,
          ),
        );
      const [dx, dFilter] = tf.grads((a: tf.Tensor, b: tf.Tensor) => convolved(a, b, [down, along]))([
        x,
        filter,
      ]);
      const [expectedDx, spreadDFilter] = tf.grads((a: tf.Tensor, b: tf.Tensor) => convolved(a, b, [1, 1]))([
        x,
        spread(filter, [down, along]),
      ]);
      const expected = gathered(spreadDFilter as tf.Tensor4D, [down, along]);
      expect(dFilter?.shape).toEqual(filter.shape);
      expect(relativeError(dx?.dataSync() ?? [], expectedDx?.dataSync() ?? [])).toBeLessThan(1e-5);
      expect(relativeError(dFilter?.dataSync() ?? [], expected.dataSync())).toBeLessThan(1e-5);
    },
  );

  it.each([
    ['convolution', (x: tf.Tensor4D) => tf.conv2d(x, tf.ones([3, 3, 2, 2]), 1, 'valid', 'NHWC', 2)],
    [
      'depthwise convolution',
      (x: tf.Tensor4D) => tf.depthwiseConv2d(x, tf.ones([3, 3, 2, 1]), 1, 'valid', 'NHWC', 2),
    ],
  ])('of a %s is refused elsewhere', async (name, compute) => {
    await startBackend('cpu', nodeAssets);
    const gradient = () => tf.grad((x) => tf.sum(compute(x as tf.Tensor4D)))(tf.ones([1, 7, 7, 2]));
    expect(gradient).toThrow(new RegExp(`E-BACKEND.*dilated ${name} cannot be differentiated on the cpu`));
  });
});
