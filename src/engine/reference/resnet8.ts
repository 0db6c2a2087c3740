import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { LabelledImages } from '../../core/training/images.ts';
import { resnet8 } from '../../core/models/resnet.ts';
import { fromEngine } from '../models/layout.ts';
import { Network } from '../models/network.ts';
import { crossEntropy, oneHotLabels } from '../models/operations.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import { type Comparison, compared, norm } from './compare.ts';
import { flatten, nestedNumbers, waveSpec } from './nested.ts';
import { channelsLast, imageDims } from './simplenet.ts';
import { wave } from './wave.ts';
import { waveWeights } from './wave-weights.ts';

const schema = z.object({
  params: z.array(waveSpec.extend({ name: z.string() })).min(1),
  param_count: z.int(),
  input: waveSpec,
  labels: z.array(z.int().min(0)),
  logits_eval: nestedNumbers,
  logits_train: nestedNumbers,
  per_example_loss: nestedNumbers,
  grads: z.array(z.object({ name: z.string(), l2: z.number(), first8: z.array(z.number()) })),
  running: z.array(z.object({ name: z.string(), values: z.array(z.number()) })),
  logits_eval_after: nestedNumbers,
});
type Reference = z.output<typeof schema>;

/**
 * ResNet-8 on the current backend: logits and losses, the gradient of the mean loss in every parameter, running
 * statistics after two batches in training, and the logits by those. The second batch is the first in reverse order,
 * halved, plus 0.25.
 */
export async function checkResnet8(document: unknown): Promise<Comparison[]> {
  const reference = schema.parse(document);
  const shape = imageDims(reference.input);
  const count = reference.labels.length;
  const classes = reference.params.find(({ name }) => name === 'linear.weight')?.shape[0] ?? 0;
  const network = new Network(waveWeights(resnet8, shape, classes, reference.params));
  const images = channelsLast(wave(reference.input), count, shape);
  const batch = { count, images, labels: Int32Array.from(reference.labels) };
  try {
    return [
      compared('number of parameters', [network.parameterCount], [reference.param_count]),
      compared('logits by running statistics', evaluated(network, batch), flatten(reference.logits_eval)),
      ...trained(network, batch, reference),
      ...(await gradients(network, batch, reference)),
      ...(await running(network, batch, reference)),
    ];
  } finally {
    network.dispose();
  }
}

function evaluated(network: Network, batch: LabelledImages): Float32Array {
  const logits = tf.tidy(() => network.forward(network.batchOf(batch.images, batch.count)));
  const values = logits.dataSync<'float32'>();
  logits.dispose();
  return values;
}

function trained(network: Network, batch: LabelledImages, reference: Reference): Comparison[] {
  const { logits, losses } = tf.tidy(() => {
    const output = network.forwardTraining(network.batchOf(batch.images, batch.count));
    tf.dispose(output.statistics);
    const each = crossEntropy(output.logits, oneHotLabels(batch.labels, network.classes));
    return { logits: output.logits, losses: each };
  });
  const comparisons = [
    compared('logits by batch statistics', logits.dataSync(), flatten(reference.logits_train)),
    compared('per_example_loss', losses.dataSync(), flatten(reference.per_example_loss)),
  ];
  tf.dispose([logits, losses]);
  return comparisons;
}

/** Leaves the first batch in the running statistics. */
async function gradients(
  network: Network,
  batch: LabelledImages,
  reference: Reference,
): Promise<Comparison[]> {
  const { loss, gradient, statistics } = lossAndGradient(network, batch);
  network.track(statistics);
  const comparisons: Comparison[] = [];
  for (const [index, { layout }] of network.parameters.entries()) {
    const expected = reference.grads.find(({ name }) => name === layout.name);
    const tensor = gradient[index];
    if (!expected || !tensor) {
      comparisons.push({ name: `${layout.name} gradient is missing`, error: Infinity });
      continue;
    }
    const { data } = fromEngine(layout, (await tensor.data()) as Float32Array);
    const first = data.subarray(0, expected.first8.length);
    comparisons.push(
      compared(`${layout.name} gradient norm`, [norm(data)], [expected.l2]),
      compared(`${layout.name} gradient, first 8`, first, expected.first8),
    );
  }
  tf.dispose([loss, ...gradient, ...statistics]);
  return comparisons;
}

/** Takes the second batch into the running statistics. */
async function running(network: Network, batch: LabelledImages, reference: Reference): Promise<Comparison[]> {
  const statistics = tf.tidy(() => {
    const images = network.batchOf(batch.images, batch.count);
    return network.forwardTraining(tf.add(tf.mul(tf.reverse(images, 0), 0.5), 0.25)).statistics;
  });
  network.track(statistics);
  tf.dispose(statistics);
  const { parameters } = await network.weights();
  return [
    ...reference.running.map(({ name, values }) => {
      const found = parameters.find((array) => array.name === name)?.data ?? new Float32Array();
      return compared(name, found.subarray(0, values.length), values);
    }),
    compared('logits after two batches', evaluated(network, batch), flatten(reference.logits_eval_after)),
  ];
}
