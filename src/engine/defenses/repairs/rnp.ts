/** Reconstructive neuron pruning. Source: Li et al., ICML 2023, section 3.2 (unlearning, recovering, pruning). */
import * as tf from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { params } from '../../../core/defenses/rnp.ts';
import type { ModelWeights } from '../../../core/experiment/weights.ts';
import { labelCrossEntropy } from '../../models/label-cross-entropy.ts';
import { Network } from '../../models/network.ts';
import { numbersOf } from '../../objectives/evasion.ts';
import { lossAndGradient } from '../../objectives/loss-gradient.ts';
import { Optimizer } from '../../training/optimizer.ts';
import type { DefenseContext, DefenseRun } from '../context.ts';
import { accuracyOn, overBatches, stepsOf } from './batches.ts';
import { Losses } from './losses.ts';
import { findingOfMasks } from './mask-finding.ts';
import { ChannelMasks, MaskDescent } from './masks.ts';

type Settings = z.output<typeof params>;

export const runRnp: DefenseRun<typeof params> = async (context, settings) => {
  const { examples, batch_size, unlearning_epochs, epochs, learning_rate, momentum } = settings;
  const most = stepsOf(context.clean.count, examples, batch_size, unlearning_epochs);
  const steps = stepsOf(context.clean.count, examples, batch_size, epochs);
  const total = most + steps + 1;
  const unlearnt = await unlearned(context, settings, most, (done) => context.progress(done, total));
  const network = new Network(unlearnt.weights);
  const masks = new ChannelMasks(network);
  const descent = new MaskDescent(masks.units, learning_rate, momentum);
  const losses = new Losses(context, steps, {
    id: 'rnp-recovering',
    title: 'Loss while masks recover what was unlearnt',
    line: 'with masks',
  });
  try {
    await overBatches(context, { id: 'rnp', examples, batch_size, steps }, async (batch, step) => {
      const found = await numbersOf(() => {
        const inputs = network.batchOf(batch.images, batch.count);
        const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) =>
          tf.mean<tf.Scalar>(labelCrossEntropy(masks.forward(inputs, given), batch.labels)),
        )(masks.parts(descent.values));
        return tf.concat([tf.reshape(value, [1]), ...grads]);
      });
      descent.step(found.subarray(1));
      losses.add(step, found[0] ?? NaN);
      context.progress(most + step, total);
    });
  } finally {
    network.dispose();
  }
  const finding = await findingOfMasks(context, masks, descent.values, settings);
  context.progress(total, total);
  return {
    ...finding,
    metrics: {
      ...finding.metrics,
      unlearning_steps: unlearnt.steps,
      unlearnt_accuracy: unlearnt.accuracy,
    },
  };
};

/** The model after its loss on the clean examples was made large, until it reads few of them as they say. */
async function unlearned(
  context: DefenseContext,
  { examples, batch_size, unlearning_rate, unlearned_accuracy, momentum }: Settings,
  most: number,
  onStep: (done: number) => void,
): Promise<{ weights: ModelWeights; steps: number; accuracy: number }> {
  const network = new Network(context.weights);
  const config = { kind: 'sgd', learning_rate: unlearning_rate, momentum, weight_decay: 0 } as const;
  const optimizer = new Optimizer(config, network.parameters);
  const losses = new Losses(context, most, {
    id: 'rnp-unlearning',
    title: 'Loss while the clean examples are unlearnt',
    line: 'loss',
  });
  let [taken, accuracy] = [0, 1];
  try {
    await overBatches(
      context,
      { id: 'rnp', examples, batch_size, steps: most },
      async (batch, step) => {
        const { loss, gradient, statistics } = lossAndGradient(network, batch);
        const [value = NaN] = await loss.data();
        optimizer.applyWeighted([gradient], [-1], unlearning_rate, step);
        tf.dispose([loss, ...gradient, ...statistics]);
        losses.add(step, value);
        taken = step;
        accuracy = await accuracyOn(network, context, examples);
        onStep(step);
      },
      () => accuracy <= unlearned_accuracy,
    );
    losses.show();
    onStep(most);
    return { weights: await network.weights(), steps: taken, accuracy };
  } finally {
    network.dispose();
    optimizer.dispose();
  }
}
