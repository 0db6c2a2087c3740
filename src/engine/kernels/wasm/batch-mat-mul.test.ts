import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { currentInstance } from './api.ts';
import { slowMatMul } from './twins.ts';
import { relativeError, sameBits, startWasm, TestNumbers, VARIANTS } from './test-support.ts';

const FORMS = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

describe.each(VARIANTS)('matrix products (%s)', (variant) => {
  beforeAll(() => startWasm(variant));

  it.each(FORMS)(
    'agree with plain loops at uneven shapes, transposed %s and %s',
    (transposeA, transposeB) => {
      const numbers = new TestNumbers(11);
      const shapes: [number, number, number][] = [
        [1, 1, 1],
        [1, 20, 700],
        [2, 39, 300],
        [3, 50, 257],
        [7, 9, 5],
        [241, 13, 300],
        [64, 10, 500],
        [500, 3, 64],
      ];
      for (let i = 0; i < 15; i += 1) {
        shapes.push([numbers.integer(1, 40), numbers.integer(1, 40), numbers.integer(1, 40)]);
      }
      for (const [m, n, k] of shapes) {
        const a = numbers.floats(m * k);
        const b = numbers.floats(k * n);
        const actual = tf.tidy(() =>
          tf
            .matMul(
              tf.tensor2d(a, transposeA ? [k, m] : [m, k]),
              tf.tensor2d(b, transposeB ? [n, k] : [k, n]),
              transposeA,
              transposeB,
            )
            .dataSync(),
        );
        const expected = slowMatMul(a, b, [m, n, k], transposeA, transposeB);
        expect(relativeError(actual, expected), `m ${m} n ${n} k ${k}`).toBeLessThan(1e-5);
      }
    },
  );

  it.each(FORMS)('broadcast outer axes, transposed %s and %s', (transposeA, transposeB) => {
    const numbers = new TestNumbers(12);
    const [m, n, k] = [5, 7, 3];
    const outers: [number[], number[], number[]][] = [
      [[3], [3], [3]],
      [[3], [1], [3]],
      [[1], [4], [4]],
      [
        [2, 1],
        [1, 3],
        [2, 3],
      ],
      [[3], [2, 1], [2, 3]],
    ];
    for (const [outerA, outerB, outer] of outers) {
      const a = tf.tensor(numbers.floats(size(outerA) * m * k), [
        ...outerA,
        ...(transposeA ? [k, m] : [m, k]),
      ]);
      const b = tf.tensor(numbers.floats(size(outerB) * k * n), [
        ...outerB,
        ...(transposeB ? [n, k] : [k, n]),
      ]);
      const product = tf.matMul(a, b, transposeA, transposeB);
      expect(product.shape).toEqual([...outer, m, n]);
      const wholeA = tf.broadcastTo(a, [...outer, ...a.shape.slice(-2)]).dataSync() as Float32Array;
      const wholeB = tf.broadcastTo(b, [...outer, ...b.shape.slice(-2)]).dataSync() as Float32Array;
      const actual = product.dataSync();
      for (let batch = 0; batch < size(outer); batch += 1) {
        const expected = slowMatMul(
          wholeA.subarray(batch * m * k, (batch + 1) * m * k),
          wholeB.subarray(batch * k * n, (batch + 1) * k * n),
          [m, n, k],
          transposeA,
          transposeB,
        );
        expect(relativeError(actual.subarray(batch * m * n, (batch + 1) * m * n), expected)).toBeLessThan(
          1e-5,
        );
      }
    }
  });

  it('give zeros for an empty inner axis and nothing for an empty outer one', () => {
    expect([...tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])).dataSync()]).toEqual(new Array(6).fill(0));
    expect(tf.matMul(tf.zeros([0, 2]), tf.zeros([2, 3])).shape).toEqual([0, 3]);
  });

  it('carry NaN and infinity through', () => {
    const result = tf
      .matMul(
        tf.tensor2d([
          [NaN, 1],
          [Infinity, 2],
        ]),
        tf.tensor2d([[1], [1]]),
      )
      .dataSync();
    expect([...result]).toEqual([NaN, Infinity]);
  });

  it('repeat bit for bit and hold no more memory after many calls', () => {
    const numbers = new TestNumbers(13);
    const a = tf.tensor2d(numbers.floats(300 * 310), [300, 310]);
    const product = () => tf.tidy(() => tf.matMul(a, a, true).dataSync());
    const first = product();
    const tensors = tf.memory().numTensors;
    const scratch = currentInstance().scratchBytes;
    for (let i = 0; i < 20; i += 1) expect(sameBits(product(), first)).toBe(true);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(currentInstance().scratchBytes).toBe(scratch);
  });

  it('refuse integers with a coded error', () => {
    const a = tf.ones([2, 2], 'int32');
    expect(() => tf.matMul(a, a)).toThrow(/E-SHAPE/);
  });
});

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
