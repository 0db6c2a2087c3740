/** Linear algebra over gradients: one list of tensors for each objective, one tensor for each parameter. */
import * as tf from '@tensorflow/tfjs-core';
import { hasWasmKernels } from '../kernels/wasm/api.ts';
import { addScaledInPlace, dotProduct } from '../kernels/wasm/direct.ts';
import { hasWebgpuKernels } from '../kernels/webgpu/api.ts';
import * as webgpu from '../kernels/webgpu/direct.ts';

export type Gradient = readonly tf.Tensor[];

/** The losses and the inner products of every pair of gradients, over all parameters. */
export interface Measurements {
  losses: number[];
  /** [n][n], symmetric. */
  gram: number[][];
}

/** Reads losses and inner products back: at once from a GPU; in double precision from the wasm backend's memory. */
export async function measure(
  losses: readonly tf.Scalar[],
  gradients: readonly Gradient[],
): Promise<Measurements> {
  const n = gradients.length;
  const pairs = gradients.flatMap((_, row) =>
    gradients.slice(row).map((__, offset) => [row, row + offset] as const),
  );
  const values = await valuesOf(losses, gradients, pairs);
  const gram = gradients.map(() => new Array<number>(n).fill(0));
  pairs.forEach(([row, column], index) => {
    const value = values[n + index] ?? NaN;
    for (const [to, from] of [
      [row, column],
      [column, row],
    ] as const) {
      const line = gram[to];
      if (line) line[from] = value;
    }
  });
  return { losses: values.slice(0, n), gram };
}

/** Losses, then the inner products of the pairs. */
async function valuesOf(
  losses: readonly tf.Scalar[],
  gradients: readonly Gradient[],
  pairs: readonly (readonly [number, number])[],
): Promise<number[]> {
  const paired = pairs.map(([row, column]) => [gradients[row] ?? [], gradients[column] ?? []] as const);
  if (hasWasmKernels()) {
    const read = losses.map((loss) => loss.dataSync()[0] ?? NaN);
    return [...read, ...paired.map(([left, right]) => wasmDot(left, right))];
  }
  if (!hasWebgpuKernels() || !webgpu.fitsGram(gradients.length)) return composedValues(losses, paired);
  const packed = webgpu.lossesAndGram(losses, gradients);
  const values = [...(await packed.data())];
  packed.dispose();
  return values;
}

function wasmDot(left: Gradient, right: Gradient): number {
  return left.reduce((sum, tensor, index) => sum + dotProduct(tensor, counterpart(right, index)), 0);
}

/** The plain twin, for every backend: one read-back for all numbers. */
async function composedValues(
  losses: readonly tf.Scalar[],
  pairs: readonly (readonly [Gradient, Gradient])[],
): Promise<number[]> {
  const packed = tf.tidy(() =>
    tf.concat1d([
      ...losses.map((loss) => tf.reshape<tf.Rank.R1>(loss, [1])),
      ...pairs.map(([left, right]) => tf.reshape<tf.Rank.R1>(composedDot(left, right), [1])),
    ]),
  );
  const values = [...(await packed.data())];
  packed.dispose();
  return values;
}

/** One product a parameter, joined and summed: `addN` of more than seven tensors needs more buffers than WebGPU promises. */
function composedDot(left: Gradient, right: Gradient): tf.Tensor {
  const products = left.map((tensor, index) =>
    tf.reshape<tf.Rank.R1>(
      tf.matMul(tf.reshape(tensor, [1, -1]), tf.reshape(counterpart(right, index), [-1, 1])),
      [1],
    ),
  );
  return tf.sum(tf.concat1d(products));
}

/** The weighted sum of gradients, a tensor for each parameter. The tensors belong to the caller. */
export function combineGradients(gradients: readonly Gradient[], weights: readonly number[]): tf.Tensor[] {
  const [first, ...others] = gradients;
  if (!first) throw new Error('no gradient to combine');
  if (hasWebgpuKernels()) return webgpu.combineGradients({ gradients, weights });
  return first.map((tensor, parameter) =>
    tf.tidy(() => {
      const weight = weights[0] ?? 0;
      if (others.length === 0 && weight === 1) return tf.clone(tensor);
      const sum = tf.mul(tensor, weight);
      const terms = others.map((gradient, task) => ({
        tensor: counterpart(gradient, parameter),
        weight: weights[task + 1] ?? 0,
      }));
      if (!hasWasmKernels())
        return terms.reduce((total: tf.Tensor, term) => tf.add(total, tf.mul(term.tensor, term.weight)), sum);
      for (const term of terms) addScaledInPlace(sum, term.tensor, term.weight);
      return sum;
    }),
  );
}

function counterpart(gradient: Gradient, index: number): tf.Tensor {
  const tensor = gradient[index];
  if (!tensor) throw new Error('gradients of different networks');
  return tensor;
}
