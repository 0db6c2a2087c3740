import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../core/rng/random.ts';
import './register.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const random = (shape: number[], low: number, high: number, purpose: string): tf.Tensor => {
  const stream = randomStream(11, purpose);
  const length = shape.reduce((product, side) => product * side, 1);
  return tf.tensor(
    Float32Array.from({ length }, () => stream.uniform(low, high)),
    shape,
  );
};

/** Central differences of sum(f(inputs) * weights) in every entry of input `which`. */
async function numericGradient(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
  which: number,
  weights: tf.Tensor,
): Promise<number[]> {
  const values = inputs.map((input) => Float32Array.from(input.dataSync()));
  const at = (index: number, delta: number): number => {
    const moved = values.map((array, position) =>
      position === which ? array.map((value, i) => (i === index ? value + delta : value)) : array,
    );
    return tf.tidy(
      () =>
        tf
          .sum(tf.mul(f(...moved.map((array, i) => tf.tensor(array, inputs[i]?.shape))), weights))
          .dataSync()[0] ?? NaN,
    );
  };
  const h = 1e-2;
  return Promise.resolve(
    Array.from(values[which] ?? [], (_, index) => (at(index, h) - at(index, -h)) / (2 * h)),
  );
}

interface Case {
  name: string;
  f: (...inputs: tf.Tensor[]) => tf.Tensor;
  shapes: number[][];
  range?: [number, number];
}

/** Rows of a table of four. */
const IDS = [2, 0, 2, 3, 2];

const cases: Case[] = [
  { name: 'add, broadcast over rows', f: (a, b) => tf.add(a, b), shapes: [[3, 5], [5]] },
  {
    name: 'sub, broadcast over columns',
    f: (a, b) => tf.sub(a, b),
    shapes: [
      [3, 1],
      [3, 5],
    ],
  },
  {
    name: 'mul, broadcast both ways',
    f: (a, b) => tf.mul(a, b),
    shapes: [
      [3, 1, 2],
      [4, 1],
    ],
  },
  { name: 'div', f: (a, b) => tf.div(a, b), shapes: [[2, 3], [3]], range: [0.5, 2] },
  { name: 'neg', f: (a) => tf.neg(a), shapes: [[4]] },
  { name: 'square', f: (a) => tf.square(a), shapes: [[2, 3]] },
  { name: 'sqrt', f: (a) => tf.sqrt(a), shapes: [[5]], range: [0.5, 2] },
  { name: 'exp', f: (a) => tf.exp(a), shapes: [[5]] },
  { name: 'log', f: (a) => tf.log(a), shapes: [[5]], range: [0.5, 2] },
  { name: 'tanh', f: (a) => tf.tanh(a), shapes: [[5]] },
  { name: 'sigmoid', f: (a) => tf.sigmoid(a), shapes: [[5]] },
  { name: 'relu away from the corner', f: (a) => tf.relu(a), shapes: [[5]], range: [0.1, 1] },
  { name: 'sum over an inner axis', f: (a) => tf.sum(a, 1), shapes: [[2, 3, 4]] },
  { name: 'mean over two axes, kept', f: (a) => tf.mean(a, [0, 2], true), shapes: [[2, 3, 4]] },
  { name: 'reshape', f: (a) => tf.reshape(a, [6, 2]), shapes: [[3, 4]] },
  { name: 'transpose', f: (a) => tf.transpose(a, [2, 0, 1]), shapes: [[2, 3, 4]] },
  { name: 'log softmax', f: (a) => tf.logSoftmax(a), shapes: [[3, 5]] },
  {
    name: 'matMul',
    f: (a, b) => tf.matMul(a, b),
    shapes: [
      [3, 4],
      [4, 2],
    ],
  },
  {
    name: 'matMul, first transposed',
    f: (a, b) => tf.matMul(a, b, true, false),
    shapes: [
      [4, 3],
      [4, 2],
    ],
  },
  {
    name: 'matMul, second transposed',
    f: (a, b) => tf.matMul(a, b, false, true),
    shapes: [
      [3, 4],
      [2, 4],
    ],
  },
  {
    name: 'matMul, both transposed',
    f: (a, b) => tf.matMul(a, b, true, true),
    shapes: [
      [4, 3],
      [2, 4],
    ],
  },
  {
    name: 'conv2d, stride 2, valid',
    f: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'valid'),
    shapes: [
      [2, 5, 7, 3],
      [3, 3, 3, 2],
    ],
  },
  {
    name: 'conv2d, same',
    f: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
    shapes: [
      [1, 3, 5, 2],
      [3, 3, 2, 3],
    ],
  },
  {
    name: 'max pooling',
    f: (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'),
    shapes: [[1, 5, 4, 2]],
    range: [0, 60],
  },
  {
    name: 'average pooling, valid',
    f: (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid'),
    shapes: [[1, 5, 4, 2]],
  },
  {
    name: 'average pooling, windows cut by the edge',
    f: (x) => tf.avgPool(x as tf.Tensor4D, [3, 2], 2, 'same'),
    shapes: [[2, 4, 5, 2]],
  },
  {
    name: 'depthwise convolution',
    f: (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'),
    shapes: [
      [1, 5, 4, 3],
      [3, 2, 3, 2],
    ],
  },
  { name: 'gather, an index twice', f: (x) => tf.gather(x, IDS), shapes: [[4, 3]] },
  { name: 'gather, two axes of indices', f: (x) => tf.gather(x, [IDS, IDS]), shapes: [[4, 2]] },
  { name: 'gather along a middle axis', f: (x) => tf.gather(x, IDS, 1), shapes: [[2, 4, 3]] },
  {
    name: 'concat along the last axis',
    f: (a, b) => tf.concat([a, b], -1),
    shapes: [
      [2, 3],
      [2, 1],
    ],
  },
  { name: 'cast', f: (x) => tf.cast(x, 'float32'), shapes: [[5]] },
];

describe('gradients', () => {
  it.each(cases)('agree with differences: $name', async ({ f, shapes, range: [low, high] = [-1, 1] }) => {
    const inputs = shapes.map((shape, index) => random(shape, low, high, `input ${index}`));
    const weights = random(f(...inputs).shape, -1, 1, 'weights');
    const analytic = tf.grads((...args: tf.Tensor[]) => tf.mul(f(...args), weights))(inputs);
    for (const [which, gradient] of analytic.entries()) {
      const numeric = await numericGradient(f, inputs, which, weights);
      expect(gradient.shape).toEqual(shapes[which]);
      gradient.dataSync().forEach((value, index) => expect(value).toBeCloseTo(numeric[index] ?? NaN, 2));
    }
  });
});
