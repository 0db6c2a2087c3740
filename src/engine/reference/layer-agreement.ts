/** Holds the engine's forward pass in training mode to its plain twin, layer by layer. */
import * as tf from '@tensorflow/tfjs-core';
import { describeLayer, type Layer } from '../../core/models/layers.ts';
import { applyLayers } from '../models/forward.ts';
import type { Network } from '../models/network.ts';
import { type Comparison, compared } from './compare.ts';
import type { PlainTensor } from './plain-layers.ts';

/** What the twin gave after each layer. */
export type LayerOutputs = ReadonlyMap<Layer, PlainTensor>;

/**
 * The furthest that a layer of the engine, on the current backend, is off from the twin's. Each layer takes in the
 * twin's output of the one before, rounded to float32, so that no layer pays for another: batch-norm divides by the
 * spread of few values, and twenty of them in a row would make a rounding of 1e-7 a difference of 1e-2.
 * @param layers the list of layers, which are the keys of `expected`
 * @param images [n, height, width, channels]
 * @returns the comparison, which names the layer; infinitely far off where the twin knows a layer not
 */
export async function layerAgreement(
  name: string,
  layers: readonly Layer[],
  network: Network,
  images: tf.Tensor4D,
  expected: LayerOutputs,
): Promise<Comparison> {
  const outputs: { layer: Layer; output: tf.Tensor }[] = [];
  const variables = new Map(network.parameters.map(({ layout, variable }) => [layout.name, variable]));
  try {
    tf.tidy(() => {
      applyLayers(layers, images, {
        array: (array) => variables.get(array) ?? missing(array),
        present: null,
        batchStatistics: (mean, variance) => tf.dispose([mean, variance]),
        replace: (layer, output) => {
          outputs.push({ layer, output: tf.keep(output) });
          const twin = expected.get(layer);
          return twin ? tf.tensor(Float32Array.from(twin.values), [...twin.shape]) : output;
        },
      });
    });
    let worst: Comparison = { name: `${name}: none`, error: outputs.length === 0 ? Infinity : 0 };
    for (const { layer, output } of outputs) {
      const twin = expected.get(layer)?.values ?? [];
      const one = compared(`${name}: ${describeLayer(layer)}`, await output.data(), twin);
      if (one.error >= worst.error) worst = one;
    }
    return worst;
  } finally {
    tf.dispose(outputs.map(({ output }) => output));
  }
}

function missing(name: string): never {
  throw new Error(`the network has no array ${name}`);
}
