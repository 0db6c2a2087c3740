import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../core/rng/random.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { attend } from './attention.ts';
import { embed } from './embedding.ts';
import { layerNorm } from './layer-norm.ts';
import { recur, recurThroughout } from './recurrent.ts';
import '../gradients/register.ts';

function draw(shape: number[], purpose: string): tf.Tensor {
  const random = randomStream(9, purpose);
  const length = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Float32Array.from({ length }, () => random.uniform(-1, 1)),
    shape,
  );
}

const present = () => tf.tensor2d([1, 1, 1, 0, 0, 1, 1, 1], [2, 4]);

interface Case {
  name: string;
  f: (...inputs: tf.Tensor[]) => tf.Tensor;
  shapes: number[][];
}

const cases: Case[] = [
  {
    name: 'layer norm',
    f: (x, gamma, beta) => layerNorm(x, gamma, beta, 0.01),
    shapes: [[2, 3, 5], [5], [5]],
  },
  { name: 'attention', f: (x) => attend(x, present(), 2), shapes: [[2, 4, 18]] },
  ...(['gru', 'lstm'] as const).flatMap((cell) =>
    [false, true].flatMap((backwards) =>
      [recur, recurThroughout].map((read): Case => {
        const width = (cell === 'gru' ? 3 : 4) * 3;
        return {
          name: `${cell}${backwards ? ', backwards' : ''}${read === recur ? '' : ', each state'}`,
          f: (projected, weight, bias) =>
            read(cell, { projected, weight, bias, present: tf.transpose(present()), backwards }),
          shapes: [[4, 2, width], [3, width], [width]],
        };
      }),
    ),
  ),
];

/** Central differences of sum(f(inputs) weights) in input `which`. */
function numericGradient({ f }: Case, inputs: tf.Tensor[], which: number, weights: tf.Tensor): number[] {
  const values = inputs.map((input) => input.dataSync<'float32'>().slice());
  const at = (index: number, delta: number): number =>
    tf.tidy(() => {
      const moved = values.map((array, place) => {
        const copy = array.slice();
        if (place === which) copy[index] = (copy[index] ?? NaN) + delta;
        return tf.tensor(copy, inputs[place]?.shape);
      });
      return tf.sum(tf.mul(f(...moved), weights)).dataSync()[0] ?? NaN;
    });
  const h = 1e-2;
  return Array.from(values[which] ?? [], (_, index) => (at(index, h) - at(index, -h)) / (2 * h));
}

describe.each(['cpu', 'wasm'] as const)('layers of texts on %s', (backend) => {
  beforeAll(() => startBackend(backend, nodeAssets));

  it.each(cases)('have the gradient that differences have, and keep no tensor: $name', (one) => {
    const inputs = one.shapes.map((shape, index) => draw(shape, `${one.name} ${index}`));
    const weights = tf.tidy(() => draw(one.f(...inputs).shape, 'weights'));
    const before = tf.memory().numTensors;
    const gradients = tf.tidy(() =>
      tf.grads((...args: tf.Tensor[]) => tf.mul(one.f(...args), weights))(inputs),
    );
    expect(tf.memory().numTensors).toBe(before + inputs.length);
    for (const [which, gradient] of gradients.entries()) {
      const numeric = numericGradient(one, inputs, which, weights);
      expect(gradient.shape).toEqual(one.shapes[which]);
      gradient.dataSync().forEach((value, index) => expect(value).toBeCloseTo(numeric[index] ?? NaN, 2));
    }
    tf.dispose([inputs, weights, gradients]);
    expect(tf.memory().numTensors).toBeLessThan(before);
  });

  it('pass over places without a word in attention, and give no number that is none where there is no word at all', () => {
    tf.tidy(() => {
      const x = draw([1, 4, 6], 'x');
      const other = tf.add(x, tf.reshape(tf.tensor1d([0, 0, 5, 5]), [1, 4, 1]));
      const there = tf.tensor2d([1, 1, 0, 0], [1, 4]);
      const rows = (values: tf.Tensor) => [...attend(values, there, 1).dataSync()].slice(0, 4);
      expect(rows(other)).toEqual(rows(x));
      const none = attend(x, tf.zeros([1, 4]), 1).dataSync();
      expect(none.every(Number.isFinite)).toBe(true);
    });
  });

  it('look words up, and learn nothing of the place that has none', () => {
    tf.tidy(() => {
      const table = draw([5, 3], 'table');
      const words = tf.tensor2d([4, 0, 2, 2], [2, 2]);
      const rows = table.arraySync() as number[][];
      expect(embed(table, words).arraySync()).toEqual([
        [rows[4], rows[0]],
        [rows[2], rows[2]],
      ]);
      const gradient = tf.grad((values) => embed(values, words))(table);
      expect(gradient.arraySync()).toEqual([
        [0, 0, 0],
        [0, 0, 0],
        [2, 2, 2],
        [0, 0, 0],
        [1, 1, 1],
      ]);
    });
  });
});
