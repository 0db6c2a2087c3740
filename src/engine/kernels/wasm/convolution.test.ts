import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import '../../gradients/register.ts';
import { currentInstance } from './api.ts';
import { slowConvolution, slowFilterGradient, slowInputGradient } from './twins.ts';
import { type ConvolutionCase, convolutionCase, drawConvolution } from './twin-shapes.ts';
import { relativeError, sameBits, startWasm, TestNumbers, VARIANTS } from './test-support.ts';

/** Shapes that a random draw would seldom give. */
const PICKED: ConvolutionCase[] = [
  convolutionCase([1, 3, 5, 3], [3, 3, 3, 4], { strides: [2, 3], pad: 'same' }),
  convolutionCase([2, 28, 28, 1], [5, 5, 1, 20], { strides: [1, 1], pad: 'valid' }),
  convolutionCase([2, 8, 9, 20], [5, 5, 20, 50], { strides: [1, 1], pad: 'valid' }),
  convolutionCase([70, 4, 4, 9], [4, 4, 9, 5], { strides: [1, 1], pad: 'valid' }),
  convolutionCase([1, 2, 700, 2], [1, 3, 2, 3], { strides: [1, 1], pad: 'same' }),
  convolutionCase([2, 40, 40, 3], [7, 7, 3, 8], { strides: [2, 2], pad: 3, dimRoundingMode: 'floor' }),
  convolutionCase([3, 9, 10, 17], [3, 3, 17, 13], { strides: [1, 1], pad: 'same' }),
  convolutionCase([2, 12, 12, 20], [5, 5, 20, 50], { strides: [1, 1], pad: 'valid' }),
  convolutionCase([5, 8, 8, 16], [3, 3, 16, 24], { strides: [1, 1], pad: 1 }),
  convolutionCase([70, 4, 4, 12], [3, 3, 12, 11], { strides: [1, 1], pad: 1 }),
  convolutionCase([1, 33, 7, 9], [5, 5, 9, 10], {
    strides: [1, 1],
    pad: [
      [0, 0],
      [1, 3],
      [0, 2],
      [0, 0],
    ],
  }),
  convolutionCase([2, 9, 9, 16], [1, 1, 16, 32], { strides: [2, 2], pad: 'valid' }),
];

function run({ shape, attributes }: ConvolutionCase, numbers: TestNumbers) {
  const s = shape;
  const xShape = [s.batch, s.inHeight, s.inWidth, s.inChannels];
  const filterShape = [s.windowHeight, s.windowWidth, s.inChannels, s.outChannels];
  const yShape = [s.batch, s.outHeight, s.outWidth, s.outChannels];
  const count = (dims: number[]) => dims.reduce((product, size) => product * size, 1);
  const [x, filter, dy] = [xShape, filterShape, yShape].map((dims) => numbers.floats(count(dims)));
  if (!x || !filter || !dy) throw new Error('three arrays');
  const values = (kernel: string, given: tf.NamedTensorMap, extra: object) => {
    const result = tf.engine().runKernel<tf.Tensor>(kernel, given, { ...attributes, ...extra });
    return { data: result.dataSync(), shape: result.shape };
  };
  return tf.tidy(() => {
    const inputs = {
      x: tf.tensor(x, xShape),
      filter: tf.tensor(filter, filterShape),
      dy: tf.tensor(dy, yShape),
    };
    return {
      arrays: { x, filter, dy },
      shapes: { x: xShape, filter: filterShape, y: yShape },
      y: values('Conv2D', { x: inputs.x, filter: inputs.filter }, {}),
      filterGradient: values('Conv2DBackpropFilter', { x: inputs.x, dy: inputs.dy }, { filterShape }),
      inputGradient: values(
        'Conv2DBackpropInput',
        { dy: inputs.dy, filter: inputs.filter },
        { inputShape: xShape },
      ),
    };
  });
}

function check(drawn: ConvolutionCase, numbers: TestNumbers): void {
  const { arrays, shapes, y, filterGradient, inputGradient } = run(drawn, numbers);
  const { shape: s, label } = drawn;
  expect(y.shape, label).toEqual(shapes.y);
  expect(filterGradient.shape, label).toEqual(shapes.filter);
  expect(inputGradient.shape, label).toEqual(shapes.x);
  expect(relativeError(y.data, slowConvolution(s, arrays.x, arrays.filter)), `y ${label}`).toBeLessThan(1e-5);
  expect(
    relativeError(filterGradient.data, slowFilterGradient(s, arrays.x, arrays.dy)),
    `filter gradient ${label}`,
  ).toBeLessThan(1e-5);
  expect(
    relativeError(inputGradient.data, slowInputGradient(s, arrays.dy, arrays.filter)),
    `input gradient ${label}`,
  ).toBeLessThan(1e-5);
}

describe.each(VARIANTS)('convolution and its gradients (%s)', (variant) => {
  beforeAll(async () => {
    await startWasm(variant);
    for (const kernel of ['Conv2D', 'Conv2DBackpropFilter', 'Conv2DBackpropInput']) {
      expect(tf.getKernel(kernel, 'wasm')).toBeDefined();
    }
  });

  it.each(PICKED.map((picked) => [picked.label, picked] as const))(
    'agree with plain loops: %s',
    (_, picked) => {
      check(picked, new TestNumbers(21));
    },
  );

  it.each([1, 2, 3, 4])('agree with plain loops at uneven shapes, seed %i', (seed) => {
    const numbers = new TestNumbers(seed);
    for (let i = 0; i < 20; i += 1) check(drawConvolution(numbers), numbers);
  });

  it('agree with plain loops when dilated', () => {
    const numbers = new TestNumbers(31);
    for (let i = 0; i < 8; i += 1) {
      const drawn = drawConvolution(numbers, numbers.integer(2, 3));
      const { arrays, y } = run(drawn, numbers);
      expect(
        relativeError(y.data, slowConvolution(drawn.shape, arrays.x, arrays.filter)),
        drawn.label,
      ).toBeLessThan(1e-5);
    }
  });

  it('differentiate through tf.conv2d', () => {
    const numbers = new TestNumbers(41);
    const x = tf.tensor4d(numbers.floats(2 * 6 * 7 * 3), [2, 6, 7, 3]);
    const filter = tf.tensor4d(numbers.floats(3 * 2 * 3 * 5), [3, 2, 3, 5]);
    const gradients = tf.grads((a, b) =>
      tf.sum(tf.square(tf.conv2d<tf.Tensor4D>(a as tf.Tensor4D, b as tf.Tensor4D, 2, 'same'))),
    );
    const [dx, dFilter] = gradients([x, filter]);
    expect(dx?.shape).toEqual(x.shape);
    expect(dFilter?.shape).toEqual(filter.shape);
  });

  it('repeat bit for bit and hold no more memory after many calls', () => {
    const picked = PICKED[5];
    if (!picked) throw new Error('a picked case');
    const once = () => {
      const { y, filterGradient, inputGradient } = run(picked, new TestNumbers(51));
      return [y.data, filterGradient.data, inputGradient.data];
    };
    const first = once();
    const tensors = tf.memory().numTensors;
    const scratch = currentInstance().scratchBytes;
    for (let i = 0; i < 10; i += 1)
      expect(once().every((data, index) => sameBits(data, first[index]))).toBe(true);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(currentInstance().scratchBytes).toBe(scratch);
  });

  it('give zeros for an empty batch', () => {
    const dFilter = tf
      .engine()
      .runKernel<tf.Tensor>(
        'Conv2DBackpropFilter',
        { x: tf.zeros([0, 4, 4, 2]), dy: tf.zeros([0, 2, 2, 3]) },
        { strides: 1, pad: 'valid', dataFormat: 'NHWC', filterShape: [3, 3, 2, 3] },
      );
    expect([...dFilter.dataSync()]).toEqual(new Array(54).fill(0));
  });

  it('refuse channels-first images with a coded error', () => {
    const x = tf.zeros<tf.Rank.R4>([1, 3, 6, 6]);
    const filter = tf.zeros<tf.Rank.R4>([3, 3, 3, 4]);
    expect(() => tf.conv2d(x, filter, 1, 'valid', 'NCHW')).toThrow(/E-SHAPE/);
  });
});
