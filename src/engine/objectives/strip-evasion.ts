/**
 * The evasion of STRIP (Gao et al., ACSAC 2019), which lays clean images over an input and finds it suspicious when the
 * network stays sure: triggered inputs under an overlay are to have at least the mean entropy that clean ones have there.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ImageInfo } from '../../core/datasets/dataset.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import type { Network } from '../models/network.ts';
import { type Evasion, type EvasionBatch, numbersOf, stateless } from './evasion.ts';

/** @param info whose normalisation the images have */
export function stripEvasion(info: ImageInfo): Evasion {
  return stateless('strip_evasion', async (network, { clean, triggered, step }: EvasionBatch) => {
    if (clean.count < 2) return null;
    const of = ({ images }: LabelledImages) => overlaid(info, images, clean, step);
    const [plain, suspicious] = [of(clean), of(triggered)];
    const entropies = await numbersOf(() => entropyOf(network, plain, clean.count));
    const usual = entropies.reduce((sum, value) => sum + value, 0) / entropies.length;
    return (current) => tf.mean(tf.relu(tf.sub(usual, entropyOf(current, suspicious, clean.count))));
  });
}

/** Each image with another one of the clean ones added in pixels, and cut at white, as STRIP superimposes. */
function overlaid(
  { mean, deviation }: ImageInfo,
  images: Float32Array,
  clean: LabelledImages,
  step: number,
): Float32Array {
  const size = images.length / clean.count;
  const channels = mean.length;
  const shift = 1 + (step % (clean.count - 1));
  return images.map((value, index) => {
    const [example, place] = [Math.floor(index / size), index % size];
    const other = clean.images[((example + shift) % clean.count) * size + place] ?? 0;
    const [middle, spread] = [mean[index % channels] ?? 0, deviation[index % channels] ?? 1];
    return Math.min(value + other + middle / spread, (1 - middle) / spread);
  });
}

/** The entropy of what the network says of each image, [n], in nats. Differentiable. */
function entropyOf(network: Network, images: Float32Array, count: number): tf.Tensor1D {
  const logarithms = tf.logSoftmax(network.forward(network.batchOf(images, count)));
  return tf.neg(tf.sum(tf.mul(tf.exp(logarithms), logarithms), 1));
}
