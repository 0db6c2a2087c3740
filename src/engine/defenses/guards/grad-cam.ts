/** Where a network looks. Source: Selvaraju et al., Grad-CAM, ICCV 2017, equations 1 and 2. */
import * as tf from '@tensorflow/tfjs-core';
import { type FieldCentres, fieldCentres } from '../../../core/models/receptive-field.ts';
import { lastMaps, logitsFromMaps, mapsEnd } from '../../models/features.ts';
import type { Network } from '../../models/network.ts';

export interface Looks {
  /** [count] the class that is said of each image. */
  said: Int32Array;
  /** [count, height, width], each from 0 to 1; all 0 where nothing speaks for the class. */
  heat: Float32Array;
}

/** For the class that the network says of each image, at the size of the images. */
export async function gradCam(network: Network, images: Float32Array, count: number): Promise<Looks> {
  const [height = 0, width = 0] = network.inputShape;
  const { said, coarse } = tf.tidy(() => {
    const maps = lastMaps(network, network.batchOf(images, count));
    const classes = tf.argMax(logitsFromMaps(network, maps), 1);
    const oneHot = tf.oneHot(tf.cast(classes, 'int32'), network.classes);
    const slope = tf.grad((given) => tf.sum(tf.mul(logitsFromMaps(network, given), oneHot)))(maps);
    const weights = tf.mean(slope, [1, 2], true);
    return { said: classes, coarse: tf.relu(tf.sum(tf.mul(maps, weights), 3)) };
  });
  const [, rows = 1, columns = 1] = coarse.shape;
  const [labels, values] = await Promise.all([said.data(), coarse.data()]);
  tf.dispose([said, coarse]);
  const centres = fieldCentres(network.layers.slice(0, mapsEnd(network)), network.inputShape);
  const heat = new Float32Array(count * height * width);
  for (let at = 0; at < count; at++) {
    const map = values.subarray(at * rows * columns, (at + 1) * rows * columns);
    heat.set(scaledUp(map, [rows, columns], [height, width], centres), at * height * width);
  }
  return { said: Int32Array.from(labels), heat };
}

/**
 * A map at the size of the image, divided by its largest value: each of its places stands where its receptive field is
 * centred; between them it is bilinear, and beyond the outermost it goes on as there.
 */
export function scaledUp(
  map: ArrayLike<number>,
  [rows, columns]: readonly [number, number],
  [height, width]: readonly [number, number],
  centres: { rows: FieldCentres; columns: FieldCentres },
): Float32Array {
  const out = new Float32Array(height * width);
  const value = (row: number, column: number): number => map[row * columns + column] ?? 0;
  let largest = 0;
  for (let y = 0; y < height; y++) {
    const [top, bottom, down] = between(y, rows, centres.rows);
    for (let x = 0; x < width; x++) {
      const [left, right, along] = between(x, columns, centres.columns);
      const upper = value(top, left) * (1 - along) + value(top, right) * along;
      const lower = value(bottom, left) * (1 - along) + value(bottom, right) * along;
      out[y * width + x] = upper * (1 - down) + lower * down;
      largest = Math.max(largest, out[y * width + x] ?? 0);
    }
  }
  return largest > 0 ? out.map((heat) => heat / largest) : out;
}

/** The places of a map on both sides of a pixel, and how far towards the second it lies. */
function between(pixel: number, places: number, { first, step }: FieldCentres): [number, number, number] {
  const exact = Math.min(places - 1, Math.max(0, (pixel - first) / step));
  const low = Math.floor(exact);
  return [low, Math.min(places - 1, low + 1), exact - low];
}
