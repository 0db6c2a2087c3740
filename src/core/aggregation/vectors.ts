/** Sums over long vectors, in double precision and in a fixed order. */
import type { Update } from './aggregator.ts';

/** Inner product of two vectors of one length. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  // Several sums side by side are no faster: once a program has handed over a buffer, each access looks whether it is there.
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

/** Euclidean length. */
export const lengthOf = (vector: Float32Array): number => Math.sqrt(dot(vector, vector));

/** Inner products of every two updates, [n][n]. */
export function gramOf(updates: readonly Update[]): number[][] {
  const gram = updates.map(() => new Array<number>(updates.length).fill(0));
  for (const [i, { delta: a }] of updates.entries())
    for (let j = 0; j <= i; j++) {
      const b = updates[j]?.delta;
      const product = b ? dot(a, b) : 0;
      (gram[i] as number[])[j] = product;
      (gram[j] as number[])[i] = product;
    }
  return gram;
}

/** Squared distance of every two vectors from their inner products; never below 0. */
export function squaredDistances(gram: readonly (readonly number[])[]): number[][] {
  return gram.map((row, i) =>
    row.map((product, j) => Math.max(0, (row[i] ?? 0) + (gram[j]?.[j] ?? 0) - 2 * product)),
  );
}

/** Cosine of the angle of every two vectors, [-1, 1]; 0 with a vector of length 0. */
export function cosines(gram: readonly (readonly number[])[]): number[][] {
  return gram.map((row, i) =>
    row.map((product, j) => {
      const lengths = Math.sqrt((row[i] ?? 0) * (gram[j]?.[j] ?? 0));
      return lengths > 0 ? Math.min(1, Math.max(-1, product / lengths)) : 0;
    }),
  );
}

/** Sum of `weights[i]` times update i, each value added up in double precision in the order of the updates. */
export function combined(updates: readonly Update[], weights: readonly number[]): Float32Array {
  const sum = new Float64Array(updates[0]?.delta.length ?? 0);
  for (const [index, { delta }] of updates.entries()) {
    const weight = weights[index] ?? 0;
    if (weight === 0) continue;
    for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] as number) + weight * (delta[at] as number);
  }
  return Float32Array.from(sum);
}

/** The middle of some numbers; the mean of the two middle ones of an even count. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2;
}

/** The same share for each. */
export const equalShares = (updates: readonly Update[]): number[] => updates.map(() => 1 / updates.length);
