/** Latents of the training set, one label after another, as the filters read them. */
import * as tf from '@tensorflow/tfjs-core';
import type { ExampleSet } from '../../../core/defenses/example-set.ts';
import { dot, type Directions, leadingDirections } from '../../../core/statistics/principal.ts';
import { latents } from '../../models/features.ts';
import type { Network } from '../../models/network.ts';
import { breathe } from '../context.ts';

/** Examples of one forward pass. */
export const CHUNK = 500;

/** Rows of numbers, one after another. */
export interface Rows {
  count: number;
  width: number;
  /** [count, width] */
  values: Float32Array;
}

/** Where the examples of each label stand in a set. */
export function placesByLabel(labels: Int32Array, classes: number): number[][] {
  const places = Array.from({ length: classes }, (): number[] => []);
  labels.forEach((label, place) => places[label]?.push(place));
  return places;
}

/**
 * What enters the last dense layer for some examples.
 * @throws LabError E-CANCELLED within one chunk when the signal aborts; E-MODEL for a network without a dense layer
 */
export async function latentsOf(
  network: Network,
  set: ExampleSet,
  places: readonly number[],
  signal: AbortSignal,
  onChunk: (examples: number) => void = () => undefined,
): Promise<Rows> {
  let out: Rows = { count: places.length, width: 0, values: new Float32Array() };
  for (let from = 0; from < places.length; from += CHUNK) {
    await breathe(signal);
    const { images, count } = await set.read(places.slice(from, from + CHUNK));
    const found = tf.tidy(() => latents(network, network.batchOf(images, count)));
    const width = found.shape[1];
    const values = (await found.data()) as Float32Array;
    found.dispose();
    if (out.width === 0) out = { ...out, width, values: new Float32Array(places.length * width) };
    out.values.set(values, from * width);
    onChunk(count);
  }
  return out;
}

/** The mean row [width]. */
export function centreOf({ count, width, values }: Rows): Float64Array {
  const centre = new Float64Array(width);
  for (let row = 0; row < count; row++) {
    for (let at = 0; at < width; at++) centre[at] = (centre[at] ?? 0) + (values[row * width + at] ?? 0);
  }
  return centre.map((sum) => sum / Math.max(1, count));
}

/** The same rows with their mean taken off, in place. */
export function centred(rows: Rows, centre = centreOf(rows)): Rows {
  const { count, width, values } = rows;
  for (let row = 0; row < count; row++) {
    for (let at = 0; at < width; at++) {
      values[row * width + at] = (values[row * width + at] ?? 0) - (centre[at] ?? 0);
    }
  }
  return rows;
}

/**
 * The strongest directions of centred rows, on the current backend.
 * @throws LabError E-CANCELLED
 */
export async function directionsOf(rows: Rows, count: number, signal: AbortSignal): Promise<Directions> {
  const { width, values } = rows;
  const matrix = tf.tensor2d(values, [rows.count, width]);
  try {
    return await leadingDirections(width, count, async (block) => {
      await breathe(signal);
      const flat = new Float32Array(width * block.length);
      block.forEach((column, at) =>
        column.forEach((value, place) => (flat[place * block.length + at] = value)),
      );
      const product = tf.tidy(() => {
        const along = tf.matMul(matrix, tf.tensor2d(flat, [width, block.length]));
        return tf.matMul(along, matrix, true, false);
      });
      const found = await product.data();
      product.dispose();
      return block.map((_, at) => Float64Array.from(found.subarray(at * width, (at + 1) * width)));
    });
  } finally {
    matrix.dispose();
  }
}

/** How far each row lies along some directions, [count, directions]. */
export function projected({ count, width, values }: Rows, vectors: readonly Float64Array[]): Float64Array[] {
  return Array.from({ length: count }, (_, row) => {
    const of = values.subarray(row * width, (row + 1) * width);
    return Float64Array.from(vectors, (vector) => dot(of, vector));
  });
}
