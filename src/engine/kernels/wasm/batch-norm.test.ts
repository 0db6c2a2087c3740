import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { currentInstance } from './api.ts';
import {
  batchNormGradient,
  type BatchNormParameters,
  batchNormTraining,
  channelGradientSums,
  channelInputGradient,
  normalizeChannels,
  parameterGradients,
} from './batch-norm.ts';
import { biasedVariance, channelMoments, joinMoments, unbiasedVariance } from './channel-moments.ts';
import { slowBatchNorm, slowBatchNormGradient } from './batch-norm-twin.ts';
import { relativeError, sameBits, scoped, startWasm, TestNumbers, VARIANTS } from './test-support.ts';

/** Uneven on purpose: odd channels, one row, rows that fill no vector, more rows than a block. */
const SHAPES: number[][] = [
  [2, 3, 5, 3],
  [1, 1, 1, 7],
  [1, 4, 4, 16],
  [5, 3, 3, 20],
  [3, 7, 5, 1],
  [2, 9, 11, 13],
  [4, 13, 9, 50],
  [3, 17, 19, 64],
  [2, 2, 2, 513],
  [70, 33],
];

interface Drawn {
  shape: number[];
  x: Float32Array;
  dy: Float32Array;
  gamma: Float32Array;
  beta: Float32Array;
}

/** Values with a spread of 3 around means that differ by channel. */
function draw(shape: number[], numbers: TestNumbers, offset = 5): Drawn {
  const size = shape.reduce((product, side) => product * side, 1);
  const channels = shape[shape.length - 1] ?? 1;
  const means = numbers.floats(channels).map((value) => offset * value);
  return {
    shape,
    x: numbers.floats(size).map((value, i) => 3 * value + (means[i % channels] ?? 0)),
    dy: numbers.floats(size),
    gamma: numbers.floats(channels).map((value) => 2 * value),
    beta: numbers.floats(channels),
  };
}

const EPSILON = 1e-3;

function onBackend(drawn: Drawn, relu: boolean) {
  const parameters: BatchNormParameters = {
    gamma: tf.tensor1d(drawn.gamma),
    beta: tf.tensor1d(drawn.beta),
    epsilon: EPSILON,
    relu,
  };
  return { x: tf.tensor(drawn.x, drawn.shape), dy: tf.tensor(drawn.dy, drawn.shape), parameters };
}

function run(drawn: Drawn, relu: boolean) {
  return scoped(() => {
    const { x, dy, parameters } = onBackend(drawn, relu);
    const { y, moments } = batchNormTraining(x, parameters);
    const { dx, dGamma, dBeta } = batchNormGradient(x, dy, moments, parameters);
    expect(y.shape).toEqual(drawn.shape);
    expect(dx.shape).toEqual(drawn.shape);
    return {
      moments,
      y: y.dataSync(),
      dx: dx.dataSync(),
      dGamma: dGamma.dataSync(),
      dBeta: dBeta.dataSync(),
    };
  });
}

describe.each(VARIANTS)('batch normalisation in training (%s)', (variant) => {
  beforeAll(() => startWasm(variant));

  it.each([false, true])('agrees with plain loops at uneven shapes, followed by ReLU: %s', (relu) => {
    const numbers = new TestNumbers(3);
    const shapes = [...SHAPES];
    for (let i = 0; i < 15; i += 1) shapes.push([1, 9, 9, 70].map((to) => numbers.integer(1, to)));
    for (const shape of shapes) {
      const drawn = draw(shape, numbers);
      const label = `[${shape.join()}]`;
      const actual = run(drawn, relu);
      const expected = slowBatchNorm(drawn, EPSILON, relu);
      expect(relativeError(actual.moments.mean, expected.mean), `mean ${label}`).toBeLessThan(1e-6);
      expect(
        relativeError(biasedVariance(actual.moments), expected.variance),
        `variance ${label}`,
      ).toBeLessThan(1e-6);
      expect(relativeError(actual.y, expected.y), `y ${label}`).toBeLessThan(2e-6);
      const gradient = slowBatchNormGradient(drawn, EPSILON, actual.y, relu);
      expect(relativeError(actual.dx, gradient.dx), `dx ${label}`).toBeLessThan(1e-5);
      expect(relativeError(actual.dGamma, gradient.dGamma), `dGamma ${label}`).toBeLessThan(1e-5);
      expect(relativeError(actual.dBeta, gradient.dBeta), `dBeta ${label}`).toBeLessThan(1e-5);
    }
  });

  it('keeps the variance of values far from zero, even after an outlying first row', () => {
    const numbers = new TestNumbers(4);
    const drawn = draw([4, 9, 7, 5], numbers, 10_000);
    drawn.x.fill(0, 0, 5);
    const { moments } = run(drawn, false);
    const expected = slowBatchNorm(drawn, EPSILON, false);
    biasedVariance(moments).forEach((variance, channel) => {
      expect(Math.abs(variance / (expected.variance[channel] ?? NaN) - 1)).toBeLessThan(1e-6);
    });
  });

  it('gives gradients that central differences confirm', () => {
    const numbers = new TestNumbers(5);
    const drawn = draw([2, 3, 2, 3], numbers);
    const { dx, dGamma, dBeta } = run(drawn, false);
    const loss = (changed: Drawn): number => {
      const { y } = slowBatchNorm(changed, EPSILON, false);
      return y.reduce((sum, value, i) => sum + value * (drawn.dy[i] ?? NaN), 0);
    };
    const slope = (name: 'x' | 'gamma' | 'beta', index: number): number => {
      const step = 2 ** -7;
      const moved = (by: number): Drawn => ({
        ...drawn,
        [name]: drawn[name].map((value, i) => (i === index ? value + by : value)),
      });
      return (loss(moved(step)) - loss(moved(-step))) / (2 * step);
    };
    dx.forEach((value, i) => expect(value).toBeCloseTo(slope('x', i), 3));
    dGamma.forEach((value, i) => expect(value).toBeCloseTo(slope('gamma', i), 3));
    dBeta.forEach((value, i) => expect(value).toBeCloseTo(slope('beta', i), 3));
  });

  it.each([false, true])(
    'gives shards that share their sums the result of the whole, followed by ReLU: %s',
    (relu) => {
      const drawn = draw([7, 5, 3, 11], new TestNumbers(6));
      const whole = run(drawn, relu);
      tf.tidy(() => {
        const { x, dy, parameters } = onBackend(drawn, relu);
        const rows = [3, 1, 3];
        const parts = tf.split(x, rows).map((part, i) => ({ x: part, dy: tf.split(dy, rows)[i] ?? part }));
        const moments = joinMoments(parts.map((part) => channelMoments(part.x)));
        const sums = parts.map((part) => channelGradientSums(part.x, part.dy, moments, parameters));
        const added = (arrays: Float64Array[]): Float64Array =>
          new Float64Array(11).map((_, c) => arrays.reduce((sum, array) => sum + (array[c] ?? NaN), 0));
        const all = {
          gradient: added(sums.map(({ gradient }) => gradient)),
          centred: added(sums.map(({ centred }) => centred)),
        };
        const y = tf.concat(parts.map((part) => normalizeChannels(part.x, moments, parameters)));
        const dx = tf.concat(
          parts.map((part) => channelInputGradient(part.x, part.dy, moments, all, parameters)),
        );
        expect(relativeError(y.dataSync(), whole.y)).toBeLessThan(1e-6);
        expect(relativeError(dx.dataSync(), whole.dx)).toBeLessThan(1e-6);
        const { dGamma, dBeta } = parameterGradients(all, moments, EPSILON);
        expect(relativeError(dGamma.dataSync(), whole.dGamma)).toBeLessThan(1e-6);
        expect(relativeError(dBeta.dataSync(), whole.dBeta)).toBeLessThan(1e-6);
      });
    },
  );

  it('tells the unbiased variance for running statistics', () => {
    const moments = scoped(() => channelMoments(tf.tensor2d([1, 10, 2, 10, 6, 13], [3, 2])));
    expect([...moments.mean]).toEqual([3, 11]);
    expect([...unbiasedVariance(moments)]).toEqual([7, 3]);
    expect(biasedVariance(moments)[1]).toBe(2);
  });

  it('lets NaN be seen', () => {
    const drawn = draw([2, 2, 2, 3], new TestNumbers(7));
    drawn.x[4] = NaN;
    for (const relu of [false, true]) {
      const { y, dx } = run(drawn, relu);
      expect(y[1]).toBeNaN();
      expect(dx[1]).toBeNaN();
      expect(y[0]).not.toBeNaN();
    }
  });

  it('repeats bit for bit and holds no more memory after many calls', () => {
    const drawn = draw([8, 9, 9, 30], new TestNumbers(8));
    const first = run(drawn, true);
    const tensors = tf.memory().numTensors;
    const scratch = currentInstance().scratchBytes;
    for (let i = 0; i < 10; i += 1) {
      const { y, dx, dGamma, dBeta } = run(drawn, true);
      expect(sameBits(y, first.y) && sameBits(dx, first.dx)).toBe(true);
      expect(sameBits(dGamma, first.dGamma) && sameBits(dBeta, first.dBeta)).toBe(true);
    }
    expect(tf.memory().numTensors).toBe(tensors);
    expect(currentInstance().scratchBytes).toBe(scratch);
  });

  it('refuses what does not fit with a coded error', () => {
    const { x, dy, parameters } = onBackend(draw([2, 2, 2, 3], new TestNumbers(9)), false);
    const moments = channelMoments(x);
    const short = { ...parameters, gamma: tf.ones([2]) };
    expect(() => batchNormTraining(x, short)).toThrow(/E-SHAPE.*Gamma is float32 \[2\], not float32 \[3\]/);
    expect(() => normalizeChannels(tf.zeros([2, 4]), moments, parameters)).toThrow(/E-SHAPE/);
    expect(() => batchNormGradient(x, tf.reshape(dy, [4, 2, 3]), moments, parameters)).toThrow(/E-SHAPE/);
    expect(() => channelMoments(tf.zeros([0, 3]))).toThrow(/E-SHAPE/);
    expect(() => channelMoments(tf.ones([2, 3], 'int32'))).toThrow(/E-SHAPE/);
  });
});
