import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { architectureOf } from '../../core/models/architectures.ts';
import { Network } from '../models/network.ts';
import { crossEntropy, oneHotLabels } from '../models/operations.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import { type Comparison, compared } from './compare.ts';
import { gradientComparisons } from './gradient-figures.ts';
import { flatten, nestedNumbers, waveSpec } from './nested.ts';
import { waveWeights } from './wave-weights.ts';

const schema = z.object({
  length: z.int().min(1),
  vocabulary: z.int().min(1),
  texts: z.array(z.array(z.int().min(0))).min(1),
  labels: z.array(z.int().min(0)),
  models: z
    .array(
      z.object({
        model: z.string(),
        params: z.array(waveSpec.extend({ name: z.string() })).min(1),
        param_count: z.int(),
        logits: nestedNumbers,
        per_example_loss: nestedNumbers,
        grads: z.array(
          z.object({ name: z.string(), l2: z.number(), at: z.int().min(0), values: z.array(z.number()) }),
        ),
      }),
    )
    .min(1),
});
type Reference = z.output<typeof schema>;

/** Each model of texts on the current backend: logits, losses, and the gradient of the mean loss in every parameter. */
export async function checkTextModels(document: unknown): Promise<Comparison[]> {
  const reference = schema.parse(document);
  const comparisons: Comparison[] = [];
  for (const model of reference.models) comparisons.push(...(await checkModel(reference, model)));
  return comparisons;
}

async function checkModel(reference: Reference, figures: Reference['models'][number]): Promise<Comparison[]> {
  const { length, vocabulary, texts, labels } = reference;
  const classes = flatten(figures.logits).length / texts.length;
  const architecture = architectureOf(figures.model);
  const network = new Network(waveWeights(architecture, [length, vocabulary], classes, figures.params));
  const batch = {
    count: texts.length,
    images: Float32Array.from(texts.flat()),
    labels: Int32Array.from(labels),
  };
  try {
    const [logits, losses] = tf.tidy(() => {
      const output = network.forward(network.batchOf(batch.images, batch.count));
      return [output.dataSync(), crossEntropy(output, oneHotLabels(batch.labels, classes)).dataSync()];
    });
    const { loss, gradient } = lossAndGradient(network, batch);
    const comparisons = [
      compared('number of parameters', [network.parameterCount], [figures.param_count]),
      compared('logits', logits, flatten(figures.logits)),
      compared('per_example_loss', losses, flatten(figures.per_example_loss)),
      ...(await gradientComparisons(network, gradient, figures.grads)),
    ];
    tf.dispose([loss, ...gradient]);
    return comparisons.map((one) => ({ ...one, name: `${figures.model}: ${one.name}` }));
  } finally {
    network.dispose();
  }
}
