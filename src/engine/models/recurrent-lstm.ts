/**
 * The long short-term memory as torch.nn.LSTM has it (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et
 * al. 2000): i, f, o = sigmoid(a), g = tanh(a), a = x + h W + b; c' = f c + i g, h' = o tanh(c'). Of stock operations.
 */
import * as tf from '@tensorflow/tfjs-core';
import { columnSums } from './column-sums.ts';
import { readingOrder, type RecurrentInput, type RecurrentKernel } from './recurrent-kernel.ts';
import { addedAt, lastGradient, partsOf, placeOf, presentAt, together } from './recurrent-steps.ts';

interface Gates {
  input: tf.Tensor;
  forget: tf.Tensor;
  fresh: tf.Tensor;
  output: tf.Tensor;
  /** tanh of the new cell. */
  shown: tf.Tensor;
  /** The new cell, whether there is a word or not. */
  cell: tf.Tensor;
  /** [n, 1] */
  present: tf.Tensor;
}

function gatesAt(given: RecurrentInput, at: number, state: tf.Tensor, cell: tf.Tensor): Gates {
  const { projected, weight, bias } = given;
  const sums = tf.add(placeOf(projected, at), tf.add(tf.matMul(state, weight), bias));
  const [a, b, c, d] = partsOf(sums, 4) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const [input, forget, fresh, output] = [tf.sigmoid(a), tf.sigmoid(b), tf.tanh(c), tf.sigmoid(d)];
  const next = tf.add(tf.mul(forget, cell), tf.mul(input, fresh));
  const present = presentAt(given.present, at);
  return { input, forget, fresh, output, shown: tf.tanh(next), cell: next, present };
}

/** `to` where there is a word, else `from`. */
function moved(from: tf.Tensor, to: tf.Tensor, present: tf.Tensor): tf.Tensor {
  return tf.add(from, tf.mul(present, tf.sub(to, from)));
}

export const plainLstm: RecurrentKernel = {
  forward(input) {
    const [length = 0, count = 0] = input.projected.shape;
    const [last, states, cells] = tf.tidy(() => {
      let state: tf.Tensor = tf.zeros([count, input.weight.shape[0] ?? 0]);
      let cell = state;
      const statesBefore: tf.Tensor[] = [];
      const cellsBefore: tf.Tensor[] = [];
      for (const at of readingOrder(length, input.backwards)) {
        [statesBefore[at], cellsBefore[at]] = [state, cell];
        const [h, c] = [state, cell];
        [state, cell] = tf.tidy(() => {
          const gates = gatesAt(input, at, h, c);
          const shown = tf.mul(gates.output, gates.shown);
          return [moved(h, shown, gates.present), moved(c, gates.cell, gates.present)] as [
            tf.Tensor,
            tf.Tensor,
          ];
        });
      }
      return [state, together(statesBefore), together(cellsBefore)] as [tf.Tensor, tf.Tensor, tf.Tensor];
    });
    return { last, saved: [states, cells] };
  },
  backward(dStates, input, saved) {
    const [states, cells] = saved as [tf.Tensor, tf.Tensor];
    const [length = 0] = input.projected.shape;
    const [projected, weight, bias] = tf.tidy(() => {
      let dState = lastGradient(dStates);
      let dCell: tf.Tensor = tf.zerosLike(dState);
      const dSums: tf.Tensor[] = [];
      for (const at of readingOrder(length, !input.backwards)) {
        const [dh, dc] = [dState, dCell];
        const step = () =>
          stepBack(addedAt(dStates, dh, at), dc, input, placeOf(states, at), placeOf(cells, at), at);
        [dState, dCell, dSums[at]] = tf.tidy(step);
      }
      const gradient = together(dSums);
      const flat = tf.reshape<tf.Rank.R2>(gradient, [-1, input.bias.size]);
      const rows = tf.reshape<tf.Rank.R2>(states, [flat.shape[0], -1]);
      return [gradient, tf.matMul(rows, flat, true), columnSums(flat)] as [tf.Tensor, tf.Tensor, tf.Tensor];
    });
    return { projected, weight, bias };
  },
};

/** The gradients of one step: in state and cell before, and in the sums under its gates. */
function stepBack(
  dState: tf.Tensor,
  dCell: tf.Tensor,
  given: RecurrentInput,
  state: tf.Tensor,
  cell: tf.Tensor,
  at: number,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const { input, forget, fresh, output, shown, present } = gatesAt(given, at, state, cell);
  const dShown = tf.mul(dState, present);
  const dNext = tf.add(tf.mul(tf.mul(dShown, output), tf.sub(1, tf.square(shown))), tf.mul(dCell, present));
  const sigmoidBack = (dy: tf.Tensor, y: tf.Tensor) => tf.mul(dy, tf.mul(y, tf.sub(1, y)));
  const dSums = tf.concat(
    [
      sigmoidBack(tf.mul(dNext, fresh), input),
      sigmoidBack(tf.mul(dNext, cell), forget),
      tf.mul(tf.mul(dNext, input), tf.sub(1, tf.square(fresh))),
      sigmoidBack(tf.mul(dShown, shown), output),
    ],
    1,
  );
  const through = tf.matMul(dSums, given.weight, false, true);
  return [
    tf.add(tf.sub(dState, dShown), through),
    tf.add(tf.mul(dNext, forget), tf.mul(dCell, tf.sub(1, present))),
    dSums,
  ];
}
