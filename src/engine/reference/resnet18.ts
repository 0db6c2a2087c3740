import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Layer } from '../../core/models/layers.ts';
import { resnet18 } from '../../core/models/resnet.ts';
import { Network } from '../models/network.ts';
import { type Comparison, compared } from './compare.ts';
import { layerAgreement } from './layer-agreement.ts';
import { flatten, nestedNumbers, waveSpec } from './nested.ts';
import { plainArrays, plainForward } from './plain-forward.ts';
import type { PlainTensor } from './plain-layers.ts';
import { channelsLast, imageDims } from './simplenet.ts';
import { wave } from './wave.ts';
import { waveWeights } from './wave-weights.ts';

/**
 * For the twin's logits by batch statistics. Two images leave batch-norm 32 values a channel in the last stage, with
 * variances down to 4e-4; dividing by them twenty times makes much of rounding, so that PyTorch's float32 is off by up to
 * 7e-3 from its float64 (docs/reference-figures.md). The twin is in double precision; all of the distance is PyTorch's.
 */
export const BATCH_STATISTICS_TOLERANCE = 2e-2;

const schema = z.object({
  params: z.array(waveSpec.extend({ name: z.string() })).min(1),
  param_count: z.int(),
  input: waveSpec,
  logits_eval: nestedNumbers,
  logits_train: nestedNumbers,
});

/**
 * The CIFAR ResNet-18: its number of parameters, and on the current backend its logits by running statistics. By batch
 * statistics, a plain twin in double precision is held to the reference's logits, and each layer of the engine, in training
 * mode, to the twin's: from end to end float32 could tell little, since such statistics amplify every rounding.
 */
export async function checkResnet18(document: unknown): Promise<Comparison[]> {
  const reference = schema.parse(document);
  const shape = imageDims(reference.input);
  const count = reference.input.shape[0] ?? 0;
  const classes = reference.params.find(({ name }) => name === 'linear.weight')?.shape[0] ?? 0;
  const weights = waveWeights(resnet18, shape, classes, reference.params);
  const network = new Network(weights);
  const layers = resnet18.layers(shape, classes);
  const pixels = channelsLast(wave(reference.input), count, shape);
  const images = tf.tensor4d(pixels, [count, ...shape]);
  try {
    const logits = tf.tidy(() => network.forward(images));
    const evaluated = await logits.data();
    logits.dispose();
    const outputs = new Map<Layer, PlainTensor>();
    const plainImages = { shape: images.shape, values: Float64Array.from(pixels) };
    const trained = plainForward(layers, plainImages, {
      array: plainArrays(layers, weights),
      visit: (layer, output) => outputs.set(layer, output),
    });
    return [
      compared('number of parameters', [network.parameterCount], [reference.param_count]),
      compared('logits by running statistics', evaluated, flatten(reference.logits_eval)),
      {
        ...compared('logits by batch statistics', trained.values, flatten(reference.logits_train)),
        tolerance: BATCH_STATISTICS_TOLERANCE,
      },
      await layerAgreement('layers by batch statistics', layers, network, images, outputs),
    ];
  } finally {
    images.dispose();
    network.dispose();
  }
}
