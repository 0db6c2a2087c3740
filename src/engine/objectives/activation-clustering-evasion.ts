/**
 * The evasion of Activation Clustering: among the inputs that are read as one class, the latents of triggered ones are to be
 * spread as those of clean ones are. Source: Tan and Shokri, Bypassing Backdoor Detection Algorithms in Deep Learning,
 * EuroS&P 2020, whose adversary, a second network, is here the energy distance of Székely and Rizzo, Journal of
 * Statistical Planning and Inference 2013, which needs no training.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../core/training/images.ts';
import { latents } from '../models/features.ts';
import type { Network } from '../models/network.ts';
import { type Evasion, type EvasionBatch, stateless } from './evasion.ts';

/** Keeps the gradient of a distance finite where two latents are the same. */
const TINY = 1e-6;

export function activationClusteringEvasion(): Evasion {
  return stateless('activation_clustering_evasion', (_, { all, triggered }: EvasionBatch) => {
    const wanted = [...new Set(triggered.labels)].sort((a, b) => a - b);
    const groups = wanted
      .map((label) => ({ clean: only(all, label), triggered: only(triggered, label) }))
      .filter((group) => group.clean.count > 0 && group.triggered.count > 0);
    if (groups.length === 0) return Promise.resolve(null);
    return Promise.resolve((network: Network) => {
      const latentsOf = ({ images, count }: LabelledImages) =>
        latents(network, network.batchOf(images, count));
      const distances = groups.map((group) =>
        energyDistance(latentsOf(group.triggered), latentsOf(group.clean)),
      );
      const total = distances.reduce((sum, one) => tf.add(sum, one));
      return tf.mul(total, 1 / groups.length);
    });
  });
}

/**
 * How differently two samples of latents, [n, width] and [m, width], are spread, in [0, 1]: (2 E|x - y| - E|x - x'| -
 * E|y - y'|) / 2 E|x - y|. Differentiable in both.
 */
export function energyDistance(x: tf.Tensor2D, y: tf.Tensor2D): tf.Scalar {
  const between = tf.mul(meanDistance(x, y), 2);
  const within = tf.add(meanDistance(x, x), meanDistance(y, y));
  return tf.div(tf.sub(between, within), between);
}

function meanDistance(x: tf.Tensor2D, y: tf.Tensor2D): tf.Scalar {
  const products = tf.mul(tf.matMul(x, tf.transpose(y)), -2);
  const squares = tf.add(tf.add(products, squaredLengths(x, [-1, 1])), squaredLengths(y, [1, -1]));
  return tf.mean(tf.sqrt(tf.add(tf.relu(squares), TINY)));
}

function squaredLengths(rows: tf.Tensor2D, shape: [number, number]): tf.Tensor {
  return tf.reshape(tf.sum(tf.square(rows), 1), shape);
}

/** The examples of one label. */
function only(batch: LabelledImages, label: number): LabelledImages {
  const size = batch.images.length / batch.count;
  const kept = Array.from(batch.labels.keys()).filter((index) => batch.labels[index] === label);
  const images = new Float32Array(kept.length * size);
  kept.forEach((index, at) => images.set(batch.images.subarray(index * size, (index + 1) * size), at * size));
  return { count: kept.length, images, labels: new Int32Array(kept.length).fill(label) };
}
