import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import '../../gradients/register.ts';
import { currentInstance } from './api.ts';
import { depthwiseShape } from './depthwise-tables.ts';
import { slowDepthwise, slowDepthwiseFilterGradient, slowDepthwiseInputGradient } from './depthwise-twin.ts';
import { relativeError, sameBits, scoped, startWasm, TestNumbers, VARIANTS } from './test-support.ts';
import { drawConvolution } from './twin-shapes.ts';
import type { ConvolutionAttributes } from './window-info.ts';

type Shape4 = [number, number, number, number];

interface DepthwiseCase {
  x: Shape4;
  filter: Shape4;
  attributes: ConvolutionAttributes;
}

/** Shapes that a random draw would seldom give. */
const PICKED: DepthwiseCase[] = [
  { x: [1, 3, 5, 3], filter: [3, 3, 3, 1], attributes: { strides: [2, 3], pad: 'same' } },
  { x: [2, 8, 8, 16], filter: [3, 3, 16, 1], attributes: { strides: 1, pad: 'same' } },
  { x: [2, 7, 9, 8], filter: [3, 2, 8, 1], attributes: { strides: 1, pad: 'valid' } },
  { x: [3, 9, 9, 24], filter: [5, 5, 24, 1], attributes: { strides: 2, pad: 'same' } },
  { x: [2, 6, 7, 4], filter: [3, 3, 4, 2], attributes: { strides: 1, pad: 'valid' } },
  { x: [1, 40, 30, 8], filter: [3, 3, 8, 1], attributes: { strides: 3, pad: 'valid' } },
  { x: [2, 5, 5, 5], filter: [1, 1, 5, 3], attributes: { strides: 3, pad: 'valid' } },
  {
    x: [1, 5, 4, 3],
    filter: [2, 2, 3, 1],
    attributes: {
      strides: 2,
      pad: [
        [0, 0],
        [4, 0],
        [0, 5],
        [0, 0],
      ],
      dimRoundingMode: 'floor',
    },
  },
];

function draw(numbers: TestNumbers, dilation = 1): DepthwiseCase {
  const { shape: s, attributes } = drawConvolution(numbers, dilation);
  return {
    x: [s.batch, s.inHeight, s.inWidth, s.inChannels],
    filter: [s.windowHeight, s.windowWidth, s.inChannels, numbers.integer(1, 3)],
    attributes,
  };
}

function run({ x: xShape, filter: filterShape, attributes }: DepthwiseCase, numbers: TestNumbers) {
  const shape = depthwiseShape(xShape, filterShape, attributes);
  const count = (dims: number[]) => dims.reduce((product, size) => product * size, 1);
  const x = numbers.floats(count(xShape));
  const filter = numbers.floats(count(filterShape));
  const dy = numbers.floats(count(shape.outShape));
  const values = (kernel: string, given: tf.NamedTensorMap, extra: object) => {
    const result = tf.engine().runKernel<tf.Tensor>(kernel, given, { dilations: 1, ...attributes, ...extra });
    return { data: result.dataSync(), shape: result.shape };
  };
  return scoped(() => {
    const inputs = {
      x: tf.tensor(x, xShape),
      filter: tf.tensor(filter, filterShape),
      dy: tf.tensor(dy, shape.outShape),
    };
    return {
      shape,
      arrays: { x, filter, dy },
      y: values('DepthwiseConv2dNative', { x: inputs.x, filter: inputs.filter }, {}),
      filterGradient: values(
        'DepthwiseConv2dNativeBackpropFilter',
        { x: inputs.x, dy: inputs.dy },
        { filterShape },
      ),
      inputGradient: values(
        'DepthwiseConv2dNativeBackpropInput',
        { dy: inputs.dy, filter: inputs.filter },
        { inputShape: xShape },
      ),
    };
  });
}

function check(drawn: DepthwiseCase, numbers: TestNumbers): void {
  const label = JSON.stringify(drawn);
  const { shape, arrays, y, filterGradient, inputGradient } = run(drawn, numbers);
  expect(y.shape, label).toEqual(shape.outShape);
  expect(filterGradient.shape, label).toEqual(drawn.filter);
  expect(inputGradient.shape, label).toEqual(drawn.x);
  expect(relativeError(y.data, slowDepthwise(shape, arrays.x, arrays.filter)), `y ${label}`).toBeLessThan(
    1e-5,
  );
  expect(
    relativeError(filterGradient.data, slowDepthwiseFilterGradient(shape, arrays.x, arrays.dy)),
    `filter gradient ${label}`,
  ).toBeLessThan(1e-5);
  expect(
    relativeError(inputGradient.data, slowDepthwiseInputGradient(shape, arrays.dy, arrays.filter)),
    `input gradient ${label}`,
  ).toBeLessThan(1e-5);
}

describe.each(VARIANTS)('depthwise convolution and its gradients (%s)', (variant) => {
  beforeAll(() => startWasm(variant));

  it.each(PICKED.map((picked) => [JSON.stringify(picked), picked] as const))(
    'agree with plain loops: %s',
    (_, picked) => check(picked, new TestNumbers(61)),
  );

  it.each([1, 2, 3])('agree with plain loops at uneven shapes, seed %i', (seed) => {
    const numbers = new TestNumbers(seed);
    for (let i = 0; i < 25; i += 1) check(draw(numbers), numbers);
  });

  it('agree with plain loops when dilated, gradients too', () => {
    const numbers = new TestNumbers(62);
    for (let i = 0; i < 12; i += 1) check(draw(numbers, numbers.integer(2, 3)), numbers);
  });

  it('differentiate through tf.depthwiseConv2d as central differences do', () => {
    const numbers = new TestNumbers(63);
    const x = tf.tensor4d(numbers.floats(2 * 5 * 4 * 3), [2, 5, 4, 3]);
    const filter = tf.tensor4d(numbers.floats(3 * 2 * 3 * 2), [3, 2, 3, 2]);
    const loss = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
      tf.sum(tf.square(tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, 'same')));
    const [dx, dFilter] = tf.grads(loss)([x, filter]);
    const slope = (given: tf.Tensor, index: number, compute: (moved: tf.Tensor) => tf.Tensor): number => {
      const step = 2 ** -5;
      const at = (by: number) => {
        const moved = Float32Array.from(given.dataSync());
        moved[index] = (moved[index] ?? NaN) + by;
        return compute(tf.tensor(moved, given.shape)).dataSync()[0] ?? NaN;
      };
      return (at(step) - at(-step)) / (2 * step);
    };
    for (const index of [0, 7, 31, 119]) {
      expect(dx?.dataSync()[index]).toBeCloseTo(
        slope(x, index, (moved) => loss(moved, filter)),
        3,
      );
    }
    for (const index of [0, 5, 17, 35]) {
      expect(dFilter?.dataSync()[index]).toBeCloseTo(
        slope(filter, index, (moved) => loss(x, moved)),
        3,
      );
    }
  });

  it('sees a filter that was changed in place', () => {
    const x = tf.ones<tf.Rank.R4>([1, 2, 2, 8]);
    const filter = tf.variable(tf.ones<tf.Rank.R4>([2, 2, 8, 1]));
    const first = () => tf.tidy(() => tf.depthwiseConv2d(x, filter, 1, 'valid').dataSync()[0]);
    expect(first()).toBe(4);
    const instance = currentInstance();
    instance.floats(instance.own(filter), filter.size).fill(2);
    expect(first()).toBe(8);
  });

  it('repeat bit for bit and hold no more memory after many calls', () => {
    const picked = PICKED[3];
    if (!picked) throw new Error('a picked case');
    const once = () => {
      const { y, filterGradient, inputGradient } = run(picked, new TestNumbers(64));
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
        'DepthwiseConv2dNativeBackpropFilter',
        { x: tf.zeros([0, 4, 4, 2]), dy: tf.zeros([0, 2, 2, 4]) },
        { strides: 1, dilations: 1, pad: 'valid', filterShape: [3, 3, 2, 2] },
      );
    expect([...dFilter.dataSync()]).toEqual(new Array(36).fill(0));
  });

  it('refuse channels-first images with a coded error', () => {
    const x = tf.zeros<tf.Rank.R4>([1, 6, 6, 6]);
    const filter = tf.zeros<tf.Rank.R4>([3, 3, 6, 1]);
    expect(() => tf.depthwiseConv2d(x, filter, 1, 'valid', 'NCHW')).toThrow(/E-SHAPE/);
  });
});
