/** Gradients of a network beside those of a reference file. */
import type * as tf from '@tensorflow/tfjs-core';
import { fromEngine } from '../models/layout.ts';
import type { Network } from '../models/network.ts';
import { type Comparison, compared, norm } from './compare.ts';

/** What a file holds of the gradient in one parameter: its L2 norm, and some values in PyTorch's order from place `at` on. */
export interface GradientFigures {
  name: string;
  l2: number;
  at: number;
  values: readonly number[];
}

/** Two comparisons a parameter; infinitely far off where file and network do not have the same ones. */
export async function gradientComparisons(
  network: Network,
  gradient: readonly tf.Tensor[],
  figures: readonly GradientFigures[],
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  const names = new Set(network.parameters.map(({ layout }) => layout.name));
  for (const { name } of figures)
    if (!names.has(name)) comparisons.push({ name: `${name} is no parameter`, error: Infinity });
  for (const [index, { layout }] of network.parameters.entries()) {
    const expected = figures.find(({ name }) => name === layout.name);
    const tensor = gradient[index];
    if (!expected || !tensor) {
      comparisons.push({ name: `${layout.name} gradient is missing`, error: Infinity });
      continue;
    }
    const { data } = fromEngine(layout, (await tensor.data()) as Float32Array);
    const found = data.subarray(expected.at, expected.at + expected.values.length);
    comparisons.push(
      compared(`${layout.name} gradient norm`, [norm(data)], [expected.l2]),
      compared(`${layout.name} gradient, ${expected.values.length} values`, found, expected.values),
    );
  }
  return comparisons;
}
