/**
 * The sum of the clipped gradients of single examples, in one forward and one backward pass. Source: Abadi et al., Deep
 * Learning with Differential Privacy, CCS 2016, algorithm 1; without a second pass by keeping the gradients of the outputs
 * (Bu et al., Differentially Private Optimization on Large and Small Models, ICML 2023, section 3).
 */
import * as tf from '@tensorflow/tfjs-core';
import { assertClippableLayers } from '../../core/privacy/clippable.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import { presence } from '../models/embedding.ts';
import { applyLayers, type ForwardPass } from '../models/forward.ts';
import { labelCrossEntropy } from '../models/label-cross-entropy.ts';
import type { Network } from '../models/network.ts';
import { layerGradients, type Tapped } from './tapped-layer.ts';

export interface ClippedGradient {
  /** Mean of the examples’ losses. */
  loss: tf.Scalar;
  /** Σ gradient_i min(1, clip / |gradient_i|), a tensor for each of the network’s variables. */
  gradient: tf.Tensor[];
  /** |gradient_i| before clipping, [n]. */
  lengths: tf.Tensor1D;
}

/** @throws LabError E-MODEL for a network with layers of which single examples’ gradients cannot be told */
export function assertClippable(network: Network): void {
  const learnt = network.parameters.map(({ layout }) => layout.name);
  assertClippableLayers(network.layers, network.inputShape, (layer) =>
    learnt.some((array) => array.startsWith(`${layer}.`)),
  );
}

/**
 * All tensors belong to the caller.
 * @param batch one example or more
 * @param clip longest gradient of an example, above 0
 * @throws LabError E-MODEL as `assertClippable`
 */
export function clippedGradient(network: Network, batch: LabelledImages, clip: number): ClippedGradient {
  assertClippable(network);
  return tf.tidy(() => {
    const inputs = network.batchOf(batch.images, batch.count);
    const { loss, tapped } = tap(network, inputs, batch.labels);
    const layers = tapped.map((each) =>
      layerGradients(each, network.arrayNamed(`${each.layer.name}.weight`).shape),
    );
    const lengths = tf.sqrt(
      layers.map(({ squares }) => squares).reduce((total, squares) => tf.add(total, squares)),
    );
    // A gradient of length 0 stays as it is.
    const factors = tf.minimum<tf.Tensor1D>(1, tf.div(clip, tf.maximum(lengths, 1e-30)));
    const sums = new Map(layers.flatMap((layer) => [...layer.weighted(factors)]));
    const gradient = network.parameters.map(({ layout, variable }) => {
      const sum = sums.get(layout.name);
      if (!sum) throw new Error(`no gradient for ${layout.name}`);
      return tf.reshape(sum, variable.shape);
    });
    for (const { input, outputGradient } of tapped) tf.dispose([input, outputGradient]);
    return { loss: tf.mul<tf.Scalar>(loss, 1 / batch.count), gradient, lengths };
  });
}

/** Forward and backward, but for the gradients of the arrays: a scalar that changes nothing leads back to every layer. */
function tap(
  network: Network,
  inputs: tf.Tensor,
  labels: LabelledImages['labels'],
): { loss: tf.Tensor; tapped: Tapped[] } {
  const learnt = new Set(network.parameters.map(({ layout }) => layout.name));
  const tapped: Tapped[] = [];
  const lossOf = (thread: tf.Tensor): tf.Tensor => {
    const pass: ForwardPass = {
      array: (name) => network.arrayNamed(name),
      present: network.inputShape.length === 2 ? presence(inputs) : null,
      batchStatistics: null,
      tap: (layer, input, output) => {
        if (!learnt.has(`${layer.name}.weight`)) return output;
        const kept = tf.keep(tf.clone(input));
        const operation = tf.customGrad((value) => ({
          value: tf.clone(value as tf.Tensor),
          gradFunc: (dy: tf.Tensor) => {
            tapped.push({ layer, input: kept, outputGradient: tf.keep(tf.clone(dy)) });
            return [dy, tf.scalar(0)];
          },
        }));
        return operation(output, thread);
      },
    };
    const logits = applyLayers(network.layers, inputs, pass) as tf.Tensor2D;
    return tf.sum(labelCrossEntropy(logits, labels));
  };
  const { value, grad } = tf.valueAndGrad(lossOf)(tf.scalar(0));
  grad.dispose();
  return { loss: value, tapped };
}
