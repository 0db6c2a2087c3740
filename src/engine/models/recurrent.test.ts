import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { wasmGru, wasmLstm } from '../kernels/wasm/recurrent.ts';
import { relativeError, startWasm, TestNumbers, VARIANTS } from '../kernels/wasm/test-support.ts';
import { plainGru } from './recurrent-gru.ts';
import type { RecurrentInput, RecurrentKernel } from './recurrent-kernel.ts';
import { plainLstm } from './recurrent-lstm.ts';

const CASES = [
  { length: 1, rows: 1, hidden: 1 },
  { length: 7, rows: 3, hidden: 5 },
  { length: 4, rows: 13, hidden: 8 },
  { length: 5, rows: 2, hidden: 67 },
];

const CELLS: [name: string, gates: number, wasm: RecurrentKernel, plain: RecurrentKernel][] = [
  ['GRU', 3, wasmGru, plainGru],
  ['LSTM', 4, wasmLstm, plainLstm],
];

function draw(
  { length, rows, hidden }: (typeof CASES)[number],
  gates: number,
  backwards: boolean,
): RecurrentInput {
  const numbers = new TestNumbers(length + hidden);
  const tensor = (shape: number[], scale: number) =>
    tf.tensor(
      numbers.floats(tf.util.sizeFromShape(shape)).map((value) => value * scale),
      shape,
    );
  return {
    projected: tensor([length, rows, gates * hidden], 3),
    weight: tensor([hidden, gates * hidden], 1),
    bias: tensor([gates * hidden], 0.5),
    // Words lack in front, behind and between.
    present: tf.tensor(
      Float32Array.from({ length: length * rows }, () => (numbers.next() < 0.7 ? 1 : 0)),
      [length, rows],
    ),
    backwards,
  };
}

/** The last state and the gradients, through one kernel. */
function through(kernel: RecurrentKernel, input: RecurrentInput, dLast: tf.Tensor): ArrayLike<number>[] {
  const { last, saved } = kernel.forward(input);
  const { projected, weight, bias } = kernel.backward(dLast, input, saved);
  const values = [last, projected, weight, bias].map((tensor) => tensor.dataSync());
  tf.dispose([last, projected, weight, bias, ...saved]);
  return values;
}

describe.each(VARIANTS)('recurrent kernels (%s)', (variant) => {
  beforeAll(() => startWasm(variant));

  describe.each(CELLS)('%s', (_name, gates, wasm, plain) => {
    it.each(CASES)(
      'give what the plain twin gives: $length places of $rows texts, $hidden states',
      (sizes) => {
        const last = [sizes.rows, sizes.hidden];
        const cases: [backwards: boolean, shape: number[]][] = [
          [false, last],
          [true, last],
          [false, [sizes.length, ...last]],
          [true, [sizes.length, ...last]],
        ];
        for (const [backwards, shape] of cases) {
          const input = draw(sizes, gates, backwards);
          const dLast = tf.tensor(new TestNumbers(3).floats(tf.util.sizeFromShape(shape)), shape);
          const before = tf.memory().numTensors;
          const found = through(wasm, input, dLast);
          expect(tf.memory().numTensors).toBe(before);
          const expected = through(plain, input, dLast);
          expect(tf.memory().numTensors).toBe(before);
          for (const [index, values] of found.entries())
            expect(relativeError(values, expected[index] ?? []), `result ${index}`).toBeLessThan(2e-6);
        }
      },
    );

    it('leave dLast and the state of a text without words alone', () => {
      const input = draw({ length: 3, rows: 2, hidden: 5 }, gates, false);
      const present = tf.tensor2d([1, 0, 1, 0, 1, 0], [3, 2]);
      const dLast = tf.tensor2d(new TestNumbers(1).floats(10), [2, 5]);
      const given = [...dLast.dataSync()];
      const [last = [], dProjected = []] = through(wasm, { ...input, present }, dLast);
      expect([...dLast.dataSync()]).toEqual(given);
      expect(Array.from(last).slice(5)).toEqual([0, 0, 0, 0, 0]);
      const rows = Array.from({ length: 3 }, (_, at) =>
        Array.from(dProjected).slice((2 * at + 1) * gates * 5, (2 * at + 2) * gates * 5),
      );
      expect(rows.flat().every((value) => value === 0)).toBe(true);
    });
  });
});
