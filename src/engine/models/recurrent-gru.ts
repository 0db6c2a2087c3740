/**
 * The gated recurrent unit as torch.nn.GRU has it (Cho et al. 2014, with the reset gate behind the product):
 * r, z = sigmoid(x + h W + b), n = tanh(x + r (h W + b)), h' = (1 - z) n + z h. Composed of stock operations.
 */
import * as tf from '@tensorflow/tfjs-core';
import { columnSums } from './column-sums.ts';
import { readingOrder, type RecurrentInput, type RecurrentKernel } from './recurrent-kernel.ts';
import { addedAt, lastGradient, partsOf, placeOf, presentAt, together } from './recurrent-steps.ts';

interface Gates {
  reset: tf.Tensor;
  /** 1 - z, and 0 where there is no word: how much of the new is taken in. */
  take: tf.Tensor;
  /** z itself. */
  keep: tf.Tensor;
  fresh: tf.Tensor;
  /** The state's part in `fresh` before the reset gate. */
  recalled: tf.Tensor;
}

function gatesAt({ projected, weight, bias, present }: RecurrentInput, at: number, state: tf.Tensor): Gates {
  const [xReset, xKeep, xFresh] = partsOf(placeOf(projected, at), 3) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const fromState = tf.add(tf.matMul(state, weight), bias);
  const [hReset, hKeep, recalled] = partsOf(fromState, 3) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const reset = tf.sigmoid(tf.add(xReset, hReset));
  const keep = tf.sigmoid(tf.add(xKeep, hKeep));
  const fresh = tf.tanh(tf.add(xFresh, tf.mul(reset, recalled)));
  return { reset, keep, fresh, recalled, take: tf.mul(presentAt(present, at), tf.sub(1, keep)) };
}

export const plainGru: RecurrentKernel = {
  forward(input) {
    const [length = 0, count = 0] = input.projected.shape;
    const [last, before] = tf.tidy(() => {
      let state: tf.Tensor = tf.zeros([count, input.weight.shape[0] ?? 0]);
      const states: tf.Tensor[] = [];
      for (const at of readingOrder(length, input.backwards)) {
        states[at] = state;
        const held = state;
        state = tf.tidy(() => {
          const { take, fresh } = gatesAt(input, at, held);
          return tf.add(held, tf.mul(take, tf.sub(fresh, held)));
        });
      }
      return [state, together(states)] as [tf.Tensor, tf.Tensor];
    });
    return { last, saved: [before] };
  },
  backward(dStates, input, saved) {
    const [states] = saved as [tf.Tensor];
    const [length = 0] = input.projected.shape;
    const [projected, weight, bias] = tf.tidy(() => {
      let dState = lastGradient(dStates);
      const dInputs: tf.Tensor[] = [];
      const dRecurrents: tf.Tensor[] = [];
      for (const at of readingOrder(length, !input.backwards)) {
        const given = dState;
        const [next, dx, dh] = tf.tidy(() =>
          stepBack(addedAt(dStates, given, at), input, placeOf(states, at), at),
        );
        [dState, dInputs[at], dRecurrents[at]] = [next, dx, dh];
      }
      const dRecurrent = tf.reshape<tf.Rank.R2>(together(dRecurrents), [-1, input.bias.size]);
      const rows = tf.reshape<tf.Rank.R2>(states, [dRecurrent.shape[0], -1]);
      return [together(dInputs), tf.matMul(rows, dRecurrent, true), columnSums(dRecurrent)] as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
      ];
    });
    return { projected, weight, bias };
  },
};

/** The gradients of one step: in the state before, in the place's projection, and in the state's products. */
function stepBack(
  dState: tf.Tensor,
  input: RecurrentInput,
  state: tf.Tensor,
  at: number,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const { reset, take, keep, fresh, recalled } = gatesAt(input, at, state);
  const dFresh = tf.mul(tf.mul(dState, take), tf.sub(1, tf.square(fresh)));
  const dKeep = tf.mul(tf.mul(tf.mul(dState, tf.sub(state, fresh)), take), keep);
  const dReset = tf.mul(tf.mul(dFresh, recalled), tf.mul(reset, tf.sub(1, reset)));
  const dInput = tf.concat([dReset, dKeep, dFresh], 1);
  const dRecurrent = tf.concat([dReset, dKeep, tf.mul(dFresh, reset)], 1);
  const through = tf.matMul(dRecurrent, input.weight, false, true);
  return [tf.add(tf.mul(dState, tf.sub(1, take)), through), dInput, dRecurrent];
}
