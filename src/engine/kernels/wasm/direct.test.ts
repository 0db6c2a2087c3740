import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adamUpdate, addScaledInPlace, dotProduct, sgdUpdate, softmaxCrossEntropy } from './direct.ts';
import { relativeError, startWasm, TestNumbers, VARIANTS } from './test-support.ts';
import { at } from './twin-shapes.ts';

const SIZES = [1, 3, 4, 17, 1003];

describe.each(VARIANTS)('direct functions (%s)', (variant) => {
  beforeAll(() => startWasm(variant));

  it.each([0, 0.9])('take three SGD steps as PyTorch writes them, momentum %f', (momentum) => {
    const options = { learningRate: 0.07, momentum, weightDecay: 0.013 };
    for (const size of SIZES) {
      const numbers = new TestNumbers(size);
      const p = Array.from(numbers.floats(size));
      const v = new Array<number>(size).fill(0);
      const parameter = tf.tensor1d(p);
      const velocity = tf.zeros([size]);
      for (let step = 0; step < 3; step += 1) {
        const g = numbers.floats(size);
        const gradient = tf.tensor1d(g);
        sgdUpdate(parameter, gradient, momentum === 0 ? null : velocity, options);
        for (let i = 0; i < size; i += 1) {
          v[i] = momentum * at(v, i) + at(g, i) + options.weightDecay * at(p, i);
          p[i] = at(p, i) - options.learningRate * at(v, i);
        }
        gradient.dispose();
      }
      expect(relativeError(parameter.dataSync(), p)).toBeLessThan(1e-6);
      expect(relativeError(velocity.dataSync(), momentum === 0 ? new Float32Array(size) : v)).toBeLessThan(
        1e-6,
      );
      tf.dispose([parameter, velocity]);
    }
  });

  it('take three Adam steps as PyTorch writes them', () => {
    const [learningRate, beta1, beta2, epsilon, weightDecay] = [0.02, 0.8, 0.95, 1e-5, 0.03];
    for (const size of SIZES) {
      const numbers = new TestNumbers(size + 1);
      const p = Array.from(numbers.floats(size));
      const m = new Array<number>(size).fill(0);
      const v = new Array<number>(size).fill(0);
      const [parameter, first, second] = [tf.tensor1d(p), tf.zeros([size]), tf.zeros([size])];
      for (let step = 1; step <= 3; step += 1) {
        const gradients = numbers.floats(size);
        const gradient = tf.tensor1d(gradients);
        adamUpdate(parameter, gradient, first, second, {
          learningRate,
          beta1,
          beta2,
          epsilon,
          weightDecay,
          step,
        });
        for (let i = 0; i < size; i += 1) {
          const g = at(gradients, i) + weightDecay * at(p, i);
          m[i] = beta1 * at(m, i) + (1 - beta1) * g;
          v[i] = beta2 * at(v, i) + (1 - beta2) * g * g;
          const denominator = Math.sqrt(at(v, i)) / Math.sqrt(1 - beta2 ** step) + epsilon;
          p[i] = at(p, i) - ((learningRate / (1 - beta1 ** step)) * at(m, i)) / denominator;
        }
        gradient.dispose();
      }
      expect(relativeError(parameter.dataSync(), p)).toBeLessThan(1e-6);
      expect(relativeError(first.dataSync(), m)).toBeLessThan(1e-6);
      expect(relativeError(second.dataSync(), v)).toBeLessThan(1e-6);
      tf.dispose([parameter, first, second]);
    }
  });

  it('sum a dot product in double precision', () => {
    const numbers = new TestNumbers(5);
    for (const size of SIZES) {
      const [a, b] = [numbers.floats(size), numbers.floats(size)];
      const expected = a.reduce((sum, value, i) => sum + value * at(b, i), 0);
      const actual = tf.tidy(() => dotProduct(tf.tensor1d(a), tf.tensor1d(b)));
      expect(Math.abs(actual - expected)).toBeLessThan(1e-12 * size);
    }
    // In single precision the ones would vanish beside 2^25.
    const large = tf.tensor1d([2 ** 25, 1, 1, 1, -(2 ** 25), 1, 1]);
    expect(dotProduct(large, tf.onesLike(large))).toBe(5);
  });

  it('add a scaled tensor in place', () => {
    const numbers = new TestNumbers(6);
    for (const size of SIZES) {
      const [y, x] = [numbers.floats(size), numbers.floats(size)];
      const target = tf.tensor1d(y);
      addScaledInPlace(target, tf.tensor1d(x), -0.3);
      expect(
        relativeError(
          target.dataSync(),
          y.map((value, i) => value - 0.3 * at(x, i)),
        ),
      ).toBeLessThan(1e-6);
    }
  });

  it('give the softmax cross-entropy and its gradient', () => {
    for (const [rows, classes] of [
      [1, 2],
      [5, 10],
      [7, 43],
    ] as const) {
      const numbers = new TestNumbers(rows);
      const logits = numbers.floats(rows * classes).map((value) => value * 30);
      const labels = Int32Array.from({ length: rows }, () => numbers.integer(0, classes - 1));
      const result = softmaxCrossEntropy(tf.tensor2d(logits, [rows, classes]), tf.tensor1d(labels, 'int32'));
      const losses = result.loss.dataSync();
      const gradients = result.gradient.dataSync();
      for (let i = 0; i < rows; i += 1) {
        const row = Array.from(logits.subarray(i * classes, (i + 1) * classes));
        const highest = Math.max(...row);
        const total = row.reduce((sum, z) => sum + Math.exp(z - highest), 0);
        const label = at(labels, i);
        const loss = Math.log(total) + highest - at(row, label);
        expect(Math.abs(at(losses, i) - loss)).toBeLessThan(1e-5 * Math.max(1, loss));
        row.forEach((z, j) => {
          const expected = Math.exp(z - highest) / total - (j === label ? 1 : 0);
          expect(Math.abs(at(gradients, i * classes + j) - expected)).toBeLessThan(1e-6);
        });
      }
    }
  });

  it('keep the loss and gradient finite for logits of a thousand, and NaN for NaN', () => {
    const result = softmaxCrossEntropy(
      tf.tensor2d([
        [1000, -1000, 0],
        [NaN, 0, 0],
        [0, 0, 0],
      ]),
      tf.tensor1d([1, 0, 7], 'int32'),
    );
    const losses = result.loss.dataSync();
    expect(losses[0]).toBe(2000);
    expect([...result.gradient.dataSync().subarray(0, 3)]).toEqual([1, -1, 0]);
    expect([losses[1], losses[2]]).toEqual([NaN, NaN]);
  });

  it('refuse tensors that do not fit, by name', () => {
    const [four, five] = [tf.zeros([4]), tf.zeros([5])];
    expect(() => dotProduct(four, five)).toThrow(/E-SHAPE.*b has 5 values, not 4/i);
    expect(() => dotProduct(four, tf.zeros([4], 'int32'))).toThrow(/B is int32/);
    const sgd = { learningRate: 0.1, momentum: 0.9, weightDecay: 0 };
    expect(() => sgdUpdate(four, four, null, sgd)).toThrow(/velocity/);
    const adam = { learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, step: 0 };
    expect(() => adamUpdate(four, four, four, four, adam)).toThrow(/Step 0/);
    expect(() => softmaxCrossEntropy(tf.zeros([2, 3]), tf.zeros([3], 'int32'))).toThrow(/E-SHAPE/);
  });

  it('leave the values of whoever shares a variable', () => {
    const initial = tf.tensor1d([1, 2, 3]);
    const parameter = tf.variable(initial);
    const clone = parameter.clone();
    const tensors = tf.memory().numTensors;
    const options = { learningRate: 0.5, momentum: 0, weightDecay: 0 };
    const gradient = tf.tensor1d([2, 2, 2]);
    sgdUpdate(parameter, gradient, null, options);
    const before = parameter.dataId;
    sgdUpdate(parameter, gradient, null, options);
    expect([...parameter.dataSync()]).toEqual([-1, 0, 1]);
    expect(parameter.dataId).toBe(before);
    expect([...clone.dataSync(), ...initial.dataSync()]).toEqual([1, 2, 3, 1, 2, 3]);
    gradient.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(() => addScaledInPlace(initial, clone, 1)).toThrow(/E-INTERNAL/);
    tf.dispose([initial, clone, parameter]);
  });

  it('refuse a disposed tensor', () => {
    const gone = tf.zeros([4]);
    gone.dispose();
    expect(() => dotProduct(gone, gone)).toThrow(/E-BACKEND/);
  });
});
