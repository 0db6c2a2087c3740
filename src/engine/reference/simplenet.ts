import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { ImageDims } from '../../core/models/shapes.ts';
import { fromEngine } from '../models/layout.ts';
import { Network } from '../models/network.ts';
import { crossEntropy, oneHotLabels } from '../models/operations.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import { type Comparison, compared, norm } from './compare.ts';
import { flatten, nestedNumbers, waveSpec } from './nested.ts';
import { wave, type WaveSpec } from './wave.ts';

const schema = z.object({
  params: z.array(waveSpec.extend({ name: z.string() })),
  input: waveSpec,
  labels: z.array(z.int().min(0)),
  log_softmax: nestedNumbers,
  per_example_loss: nestedNumbers,
  grads: z.array(z.object({ name: z.string(), l2: z.number(), first8: z.array(z.number()) })),
});

/** Forward pass, loss of each example, and the gradient of the mean loss in every parameter, on the current backend. */
export async function checkSimplenet(document: unknown): Promise<Comparison[]> {
  const reference = schema.parse(document);
  const shape = imageDims(reference.input);
  const last = reference.params.at(-1);
  const network = new Network({
    model: 'simplenet',
    inputShape: [...shape],
    classes: last?.shape[0] ?? 0,
    parameters: reference.params.map((spec) => ({ name: spec.name, shape: spec.shape, data: wave(spec) })),
  });
  try {
    const count = reference.labels.length;
    const batch = {
      count,
      images: channelsLast(wave(reference.input), count, shape),
      labels: Int32Array.from(reference.labels),
    };
    const [logSoftmax, losses] = tf.tidy(() => {
      const logits = network.forward(tf.tensor4d(batch.images, [count, ...shape]));
      return [
        tf.logSoftmax(logits).dataSync(),
        crossEntropy(logits, oneHotLabels(batch.labels, network.classes)).dataSync(),
      ];
    });
    const comparisons = [
      compared('log_softmax', logSoftmax, flatten(reference.log_softmax)),
      compared('per_example_loss', losses, flatten(reference.per_example_loss)),
    ];
    const { loss, gradient } = lossAndGradient(network, batch);
    for (const [index, { layout }] of network.parameters.entries()) {
      const expected = reference.grads.find(({ name }) => name === layout.name);
      const tensor = gradient[index];
      if (!expected || !tensor) {
        comparisons.push({ name: `${layout.name} gradient is missing`, error: Infinity });
        continue;
      }
      const { data } = fromEngine(layout, (await tensor.data()) as Float32Array);
      comparisons.push(
        compared(`${expected.name} gradient norm`, [norm(data)], [expected.l2]),
        compared(
          `${expected.name} gradient, first 8`,
          data.subarray(0, expected.first8.length),
          expected.first8,
        ),
      );
    }
    tf.dispose([loss, [...gradient]]);
    return comparisons;
  } finally {
    network.dispose();
  }
}

/** [N, C, H, W] as [height, width, channels]. */
export function imageDims({ shape }: WaveSpec): ImageDims {
  const [, channels = 1, height = 1, width = 1] = shape;
  return [height, width, channels];
}

/** [N, C, H, W] to [N, H, W, C]. */
export function channelsLast(
  values: Float32Array,
  count: number,
  [height, width, channels]: ImageDims,
): Float32Array {
  const pixels = height * width;
  return Float32Array.from({ length: values.length }, (_, index) => {
    const channel = index % channels;
    const pixel = Math.floor(index / channels) % pixels;
    const image = Math.floor(index / (channels * pixels));
    return image < count ? (values[(image * channels + channel) * pixels + pixel] ?? 0) : 0;
  });
}
