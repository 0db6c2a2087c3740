import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import '../../gradients/register.ts';
import { sameBits, startWasm, TestNumbers, VARIANTS } from './test-support.ts';
import { at } from './twin-shapes.ts';

/** Rows of a table [rows, width] by ids. */
function slowGather(table: ArrayLike<number>, width: number, ids: ArrayLike<number>): number[] {
  return Array.from(ids).flatMap((id) => Array.from({ length: width }, (_, i) => at(table, id * width + i)));
}

/** Row i of dy added to row ids[i] of zeros, in single precision and the order of i. */
function slowScatter(dy: Float32Array, width: number, ids: Int32Array, rows: number): Float32Array {
  const sums = new Float32Array(rows * width);
  ids.forEach((id, row) => {
    for (let i = 0; i < width; i += 1) {
      sums[id * width + i] = at(sums, id * width + i) + at(dy, row * width + i);
    }
  });
  return sums;
}

const SHAPES = [
  { rows: 1, width: 1, count: 5 },
  { rows: 7, width: 3, count: 1 },
  { rows: 13, width: 50, count: 97 },
  { rows: 300, width: 17, count: 1000 },
  { rows: 5, width: 4, count: 0 },
];

function draw({ rows, count }: { rows: number; count: number }, numbers: TestNumbers): Int32Array {
  return Int32Array.from({ length: count }, () => numbers.integer(0, rows - 1));
}

describe.each(VARIANTS)('embedding (%s)', (variant) => {
  beforeAll(() => startWasm(variant));

  it.each(SHAPES)('takes $count rows of $width from a table of $rows, and adds gradients back', (shape) => {
    const { rows, width, count } = shape;
    const numbers = new TestNumbers(rows);
    const table = numbers.floats(rows * width);
    const ids = draw(shape, numbers);
    const dy = numbers.floats(count * width);
    tf.tidy(() => {
      const x = tf.tensor2d(table, [rows, width]);
      const indices = tf.tensor1d(ids, 'int32');
      const y = tf.gather(x, indices);
      expect(y.shape).toEqual([count, width]);
      expect([...y.dataSync()]).toEqual(slowGather(table, width, ids));
      const dTable = tf.grad((given) => tf.gather(given, indices))(x, tf.tensor2d(dy, [count, width]));
      expect(dTable.shape).toEqual([rows, width]);
      expect(sameBits(dTable.dataSync(), slowScatter(dy, width, ids, rows))).toBe(true);
    });
  });

  it('gathers along other axes, in batches, integers and truth values', () => {
    const x = tf.reshape(tf.range(0, 24, 1, 'int32'), [2, 3, 4]);
    expect(tf.gather(x, [2, 0], 1).arraySync()).toEqual([
      [
        [8, 9, 10, 11],
        [0, 1, 2, 3],
      ],
      [
        [20, 21, 22, 23],
        [12, 13, 14, 15],
      ],
    ]);
    const inBatches = tf.gather(x, tf.tensor2d([1, 1, 2, 0], [2, 2], 'int32'), 1, 1);
    expect(inBatches.arraySync()).toEqual([
      [
        [4, 5, 6, 7],
        [4, 5, 6, 7],
      ],
      [
        [20, 21, 22, 23],
        [12, 13, 14, 15],
      ],
    ]);
    const truth = tf.tensor1d([true, false, false], 'bool');
    expect([...tf.gather(truth, [2, 0, 1]).dataSync()]).toEqual([0, 1, 0]);
  });

  it.each([-1, 5, 2 ** 31 - 1])(
    'refuses id %i of a table of five with a coded error, and keeps nothing',
    (id) => {
      const table = tf.ones([5, 3]);
      const ids = tf.tensor1d([4, id, 0], 'int32');
      const before = tf.memory();
      const told = new RegExp(`E-SHAPE: Id ${id} at place 1 .* from 0 to 4`);
      expect(() => tf.gather(table, ids)).toThrow(told);
      expect(() => tf.unsortedSegmentSum(tf.ones([3, 2]), ids, 5)).toThrow(told);
      expect(tf.memory().numTensors).toBeLessThanOrEqual(before.numTensors + 1);
    },
  );

  it('refuses ids that are no integers, and ids that do not fit the rows', () => {
    const run = (kernel: string, inputs: tf.NamedTensorMap, attributes: object) =>
      tf.engine().runKernel(kernel, inputs, attributes as tf.NamedAttrMap);
    const x = tf.ones([3, 2]);
    expect(() => run('GatherV2', { x, indices: tf.ones([2]) }, { axis: 0, batchDims: 0 })).toThrow(/E-SHAPE/);
    const two = tf.zeros([2], 'int32');
    expect(() => run('UnsortedSegmentSum', { x, segmentIds: two }, { numSegments: 4 })).toThrow(/E-SHAPE/);
  });
});
