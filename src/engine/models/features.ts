/** What a network computes on the way to its logits, as in evaluation: latents, and the maps of the last convolution. */
import type * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../../core/errors.ts';
import { activationShapes } from '../../core/models/layers.ts';
import type { Network } from './network.ts';

/**
 * What enters the last dense layer, [n, width], for inputs as `Network.forward` takes them. Differentiable.
 * @throws LabError E-MODEL for a network without a dense layer
 */
export function latents(network: Network, inputs: tf.Tensor): tf.Tensor2D {
  return network.forwardPart(inputs, 0, lastDense(network)) as tf.Tensor2D;
}

/** The logits [n, classes] that latents lead to. Differentiable. */
export function logitsFromLatents(network: Network, given: tf.Tensor2D): tf.Tensor2D {
  return network.forwardPart(given, lastDense(network), network.layers.length) as tf.Tensor2D;
}

/** How wide the latents are. */
export function latentWidth(network: Network): number {
  const shapes = activationShapes(network.layers, network.inputShape);
  return shapes[lastDense(network)]?.[0] ?? 0;
}

/**
 * The rectified maps of the last convolution, before any pool, [n, height, width, channels], for images. Differentiable.
 * @throws LabError E-MODEL for a network without a convolution of images
 */
export function lastMaps(network: Network, images: tf.Tensor): tf.Tensor4D {
  return network.forwardPart(images, 0, mapsEnd(network)) as tf.Tensor4D;
}

/** The logits [n, classes] that the maps of `lastMaps` lead to. Differentiable. */
export function logitsFromMaps(network: Network, maps: tf.Tensor): tf.Tensor2D {
  return network.forwardPart(maps, mapsEnd(network), network.layers.length) as tf.Tensor2D;
}

function lastDense({ layers, model }: Network): number {
  const index = layers.findLastIndex(({ kind }) => kind === 'dense');
  if (index !== -1) return index;
  throw new LabError({
    code: 'E-MODEL',
    what: `${model} has no dense layer.`,
    why: 'A latent is what enters the last dense layer.',
    fix: 'Use another model.',
    where: 'task.model',
  });
}

/**
 * The first layer that does not give the maps any more: the pool or flattening after the last convolution's rectifier.
 * @throws LabError E-MODEL for a network without a convolution of images
 */
export function mapsEnd({ layers, inputShape, model }: Network): number {
  const shapes = activationShapes(layers, inputShape);
  const convolves = layers.some(({ kind }) => kind === 'conv' || kind === 'residual');
  const last = layers.findLastIndex(
    ({ kind }, index) => kind !== 'max_pool' && shapes[index + 1]?.length === 3,
  );
  if (convolves && last !== -1) return last + 1;
  throw new LabError({
    code: 'E-MODEL',
    what: `${model} has no convolution of images.`,
    why: 'The maps of the last convolution say where in an image a network looks.',
    fix: 'Use a model for images.',
    where: 'task.model',
  });
}
