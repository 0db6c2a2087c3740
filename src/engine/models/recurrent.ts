/**
 * A recurrent layer as one operation with a gradient of its own: back-propagation through time written out, so that a
 * step costs few operations, and a backend can have a kernel of its own. The products with the input are taken before,
 * for all places at once.
 */
import * as tf from '@tensorflow/tfjs-core';
import { hasWasmKernels } from '../kernels/wasm/api.ts';
import { wasmGru, wasmLstm } from '../kernels/wasm/recurrent.ts';
import { plainGru } from './recurrent-gru.ts';
import type { RecurrentInput, RecurrentKernel } from './recurrent-kernel.ts';
import { plainLstm } from './recurrent-lstm.ts';

/** The last state [n, hidden] of a cell. Differentiable in `projected`, `weight` and `bias`. */
export function recur(cell: 'gru' | 'lstm', input: RecurrentInput): tf.Tensor {
  return through(cell, input, (last) => last);
}

/** The states [length, n, hidden] of a cell after each place. Differentiable as {@link recur} is. */
export function recurThroughout(cell: 'gru' | 'lstm', input: RecurrentInput): tf.Tensor {
  return through(cell, input, (last, before) => {
    const [length = 0, ...rest] = before.shape;
    const end = tf.expandDims(last, 0);
    const begin = input.backwards ? 0 : 1;
    const others = tf.slice(before, [begin, 0, 0], [length - 1, ...rest]);
    return tf.concat(input.backwards ? [end, others] : [others, end], 0);
  });
}

/** @param result what is given back, of the last state and the states before each place */
function through(
  cell: 'gru' | 'lstm',
  input: RecurrentInput,
  result: (last: tf.Tensor, before: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const kernel = kernelOf(cell);
  const operation = tf.customGrad((...given) => {
    const [projected, weight, bias, save] = given as unknown as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.GradSaveFunc,
    ];
    const { last, saved } = kernel.forward({ ...input, projected, weight, bias });
    save([projected, weight, bias, input.present, ...saved]);
    const gradFunc = (dStates: tf.Tensor, kept: tf.Tensor[]): tf.Tensor[] => {
      const [x, w, b, present, ...states] = kept as [
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        tf.Tensor,
        ...tf.Tensor[],
      ];
      const again = { projected: x, weight: w, bias: b, present, backwards: input.backwards };
      const gradient = kernel.backward(dStates, again, states);
      return [gradient.projected, gradient.weight, gradient.bias];
    };
    const [before = last] = saved;
    return { value: result(last, before), gradFunc };
  });
  return operation(input.projected, input.weight, input.bias);
}

function kernelOf(cell: 'gru' | 'lstm'): RecurrentKernel {
  if (hasWasmKernels()) return cell === 'gru' ? wasmGru : wasmLstm;
  return cell === 'gru' ? plainGru : plainLstm;
}
