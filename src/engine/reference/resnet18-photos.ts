import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { type Layer, walkLayers } from '../../core/models/layers.ts';
import { resnet18Photos } from '../../core/models/resnet.ts';
import { Network } from '../models/network.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import { type Comparison, compared } from './compare.ts';
import { gradientComparisons } from './gradient-figures.ts';
import { flatten, nestedNumbers, waveSpec } from './nested.ts';
import { channelsLast, imageDims } from './simplenet.ts';
import { wave } from './wave.ts';
import { waveWeights } from './wave-weights.ts';

const schema = z.object({
  params: z.array(waveSpec.extend({ name: z.string() })).min(1),
  param_count: z.int(),
  state_dict: z.record(z.string(), z.array(z.int())),
  input: waveSpec,
  labels: z.array(z.int().min(0)),
  logits: nestedNumbers,
  grads: z.array(z.object({ name: z.string(), l2: z.number(), first8: z.array(z.number()) })),
});

/**
 * torchvision's ResNet-18 on the current backend: its arrays, its logits, and with its batch-norm frozen the gradient of
 * the mean loss in every other parameter.
 */
export async function checkResnet18Photos(document: unknown): Promise<Comparison[]> {
  const reference = schema.parse(document);
  const shape = imageDims(reference.input);
  const count = reference.labels.length;
  const classes = reference.params.find(({ name }) => name === 'fc.weight')?.shape[0] ?? 0;
  const weights = waveWeights(resnet18Photos, shape, classes, reference.params);
  const norms = batchNorms(resnet18Photos.layers(shape, classes));
  const network = new Network(weights, norms);
  const images = channelsLast(wave(reference.input), count, shape);
  try {
    const logits = tf.tidy(() => network.forward(network.batchOf(images, count)).dataSync());
    const batch = { count, images, labels: Int32Array.from(reference.labels) };
    const { loss, gradient, statistics } = lossAndGradient(network, batch);
    const figures = reference.grads.map(({ first8, ...rest }) => ({ ...rest, at: 0, values: first8 }));
    const numbers = reference.params.reduce((sum, { shape: sides }) => sum + tf.util.sizeFromShape(sides), 0);
    const arrays = weights.parameters.filter((array) => {
      const sides = reference.state_dict[array.name];
      return sides?.join() === array.shape.join();
    });
    const comparisons = [
      compared('number of parameters', [numbers], [reference.param_count]),
      compared(
        'arrays of the state dict',
        [arrays.length, weights.parameters.length],
        Array.from({ length: 2 }, () => Object.keys(reference.state_dict).length),
      ),
      compared('statistics of frozen layers', [1 + statistics.length], [1]),
      compared('logits', logits, flatten(reference.logits)),
      ...(await gradientComparisons(network, gradient, figures)),
    ];
    tf.dispose([loss, ...gradient, ...statistics]);
    return comparisons;
  } finally {
    network.dispose();
  }
}

/** The names of the batch-norm layers. */
function batchNorms(layers: readonly Layer[]): string[] {
  const names: string[] = [];
  walkLayers(layers, [224, 224, 3], (layer) => {
    if (layer.kind === 'batch_norm') names.push(layer.name);
  });
  return names;
}
