/** Adversarial neuron pruning. Source: Wu and Wang, NeurIPS 2021, section 4, equations 4 to 6. */
import * as tf from '@tensorflow/tfjs-core';
import type { params } from '../../../core/defenses/anp.ts';
import { randomStream } from '../../../core/rng/random.ts';
import { labelCrossEntropy } from '../../models/label-cross-entropy.ts';
import { Network } from '../../models/network.ts';
import { numbersOf } from '../../objectives/evasion.ts';
import type { DefenseRun } from '../context.ts';
import { overBatches } from './batches.ts';
import { Losses } from './losses.ts';
import { findingOfMasks } from './mask-finding.ts';
import { ChannelMasks, MaskDescent } from './masks.ts';

export const runAnp: DefenseRun<typeof params> = async (context, settings) => {
  const { examples, batch_size, steps, epsilon, inner_steps, alpha, learning_rate, momentum } = settings;
  const network = new Network(context.weights);
  const masks = new ChannelMasks(network);
  const { units } = masks;
  const descent = new MaskDescent(units, learning_rate, momentum);
  const losses = new Losses(context, steps, {
    id: 'anp-loss',
    title: 'Loss of the masked model',
    line: 'with perturbed channels',
  });
  try {
    await overBatches(context, { id: 'anp', examples, batch_size, steps }, async (batch, step) => {
      const inputs = network.batchOf(batch.images, batch.count);
      const lossOf = (scales: readonly tf.Tensor[], shifts: readonly tf.Tensor[] | null): tf.Scalar =>
        tf.mean(labelCrossEntropy(masks.forward(inputs, scales, shifts), batch.labels));
      try {
        const random = randomStream(context.seed, 'anp', 'start', step);
        const start = (): Float32Array =>
          Float32Array.from({ length: units }, () => random.uniform(-epsilon, epsilon));
        const [byScale, byShift] = [start(), start()];
        const parts = masks.groups.length;
        for (let inner = 0; inner < inner_steps; inner++) {
          const slopes = await numbersOf(() => {
            const scales = masks.parts(descent.values.map((value, unit) => value + (byScale[unit] ?? 0)));
            const shifts = masks.parts(byShift.map((value) => 1 + value));
            const of = (...given: tf.Tensor[]): tf.Scalar =>
              lossOf(given.slice(0, parts), given.slice(parts));
            return tf.concat(tf.grads(of)([...scales, ...shifts]));
          });
          climb(byScale, slopes.subarray(0, units), epsilon, inner_steps);
          climb(byShift, slopes.subarray(units), epsilon, inner_steps);
        }
        const found = await numbersOf(() => {
          const shaken = masks.parts(byScale);
          const shifts = masks.parts(byShift.map((value) => 1 + value));
          const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => {
            const moved = given.map((mask, at) => tf.add(mask, shaken[at] ?? 0));
            return tf.add(tf.mul(lossOf(given, null), alpha), tf.mul(lossOf(moved, shifts), 1 - alpha));
          })(masks.parts(descent.values));
          return tf.concat([tf.reshape(value, [1]), ...grads]);
        });
        descent.step(found.subarray(1));
        losses.add(step, found[0] ?? NaN);
      } finally {
        inputs.dispose();
      }
      context.progress(step, steps + 1);
    });
  } finally {
    network.dispose();
  }
  const finding = await findingOfMasks(context, masks, descent.values, settings);
  context.progress(steps + 1, steps + 1);
  return finding;
};

/** One step along the sign of the slopes, within the bounds. */
function climb(values: Float32Array, slopes: Float32Array, epsilon: number, steps: number): void {
  slopes.forEach((slope, unit) => {
    const moved = (values[unit] ?? 0) + (epsilon / steps) * Math.sign(slope);
    values[unit] = Math.min(epsilon, Math.max(-epsilon, moved));
  });
}
