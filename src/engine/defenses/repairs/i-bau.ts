/** Implicit backdoor adversarial unlearning. Source: Zeng et al., ICLR 2022, section 3, equations 1 to 5, and algorithm 1. */
import * as tf from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { params } from '../../../core/defenses/i-bau.ts';
import type { LabelledImages } from '../../../core/training/images.ts';
import { labelCrossEntropy } from '../../models/label-cross-entropy.ts';
import { Network } from '../../models/network.ts';
import { numbersOf } from '../../objectives/evasion.ts';
import { lossAndGradient } from '../../objectives/loss-gradient.ts';
import { Optimizer } from '../../training/optimizer.ts';
import type { DefenseContext, DefenseRun } from '../context.ts';
import { overBatches, stepsOf } from './batches.ts';
import { Losses } from './losses.ts';

type Settings = z.output<typeof params>;

/** Length of the difference by which a second derivative is taken, in what the network reads. */
const DIFFERENCE = 0.05;

export const runIBau: DefenseRun<typeof params> = async (context, settings) => {
  const { examples, batch_size, rounds, share, learning_rate } = settings;
  const each = stepsOf(context.clean.count, examples, batch_size, 1);
  const total = 2 * each * rounds;
  const network = new Network(context.weights);
  const optimizer = new Optimizer(
    { kind: 'adam', learning_rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0 },
    network.parameters,
  );
  const losses = new Losses(context, each * rounds, {
    id: 'i-bau-loss',
    title: 'Loss under the perturbation',
    line: 'loss',
  });
  let done = 0;
  let length = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      const found = await perturbation(context, network, settings, round, each, () =>
        context.progress(++done, total),
      );
      length = lengthOf(found);
      const pass = { id: `i_bau/unlearning/${round}`, examples, batch_size, steps: each };
      await overBatches(context, pass, async (batch) => {
        const marked = Math.round(batch.count * share);
        const { loss, gradient } = await hypergradient(network, batch, found, marked, settings);
        const step = ++done - each * (round + 1);
        optimizer.apply(gradient, learning_rate, step);
        tf.dispose(gradient);
        losses.add(step, loss);
        context.progress(done, total);
      });
    }
    const weights = await network.weights();
    return {
      verdict: 'repaired',
      score: null,
      flagged: [],
      metrics: { perturbation_length: length },
      weights,
    };
  } finally {
    network.dispose();
    optimizer.dispose();
  }
};

/** What is added to every image so that the loss is large, [height × width × channels]. */
async function perturbation(
  context: DefenseContext,
  network: Network,
  { examples, batch_size, inner_rate, bound }: Settings,
  round: number,
  steps: number,
  onStep: () => void,
): Promise<Float32Array> {
  const size = network.inputShape.reduce((product, side) => product * side, 1);
  const moved = new Float32Array(size);
  const pass = { id: `i_bau/perturbation/${round}`, examples, batch_size, steps };
  await overBatches(context, pass, async (batch) => {
    const slopes = await slopesIn(network, batch, moved, batch.count);
    const by = inner_rate / Math.max(lengthOf(slopes), 1e-30);
    slopes.forEach((slope, at) => (moved[at] = (moved[at] ?? 0) + by * slope));
    const excess = lengthOf(moved) / bound;
    if (excess > 1) for (const [at, value] of moved.entries()) moved[at] = value / excess;
    onStep();
  });
  return moved;
}

/**
 * The loss under a perturbation, and its gradient in the weights together with what the perturbation answers to them:
 * ∂L/∂θ + (∂Φ/∂θ)ᵀ v, where v sums the fixed point's series and Φ is one step that makes the loss large. The tensors belong
 * to the caller.
 * @param marked how many images of the batch, from the first, have the perturbation in the outer loss
 */
export async function hypergradient(
  network: Network,
  batch: LabelledImages,
  moved: Float32Array,
  marked: number,
  { terms, fixed_rate }: Pick<Settings, 'terms' | 'fixed_rate'>,
): Promise<{ loss: number; gradient: tf.Tensor[] }> {
  const outer = await slopesIn(network, batch, moved, marked);
  let answer = outer.slice();
  for (let term = 1; term < terms; term++) {
    const radius = DIFFERENCE / Math.max(lengthOf(answer), 1e-12);
    const [up, down] = [
      await slopesIn(network, batch, along(moved, answer, radius), batch.count),
      await slopesIn(network, batch, along(moved, answer, -radius), batch.count),
    ];
    answer = answer.map(
      (value, at) =>
        value + (fixed_rate * ((up[at] ?? 0) - (down[at] ?? 0))) / (2 * radius) + (outer[at] ?? 0),
    );
  }
  const radius = DIFFERENCE / Math.max(lengthOf(answer), 1e-12);
  const direct = lossAndGradient(network, shifted(batch, moved, marked));
  const up = lossAndGradient(network, shifted(batch, along(moved, answer, radius), batch.count));
  const down = lossAndGradient(network, shifted(batch, along(moved, answer, -radius), batch.count));
  const factor = fixed_rate / (2 * radius);
  const gradient = direct.gradient.map((slope, at) =>
    tf.tidy(() =>
      tf.add(slope, tf.mul(tf.sub(up.gradient[at] ?? slope, down.gradient[at] ?? slope), factor)),
    ),
  );
  const [loss = NaN] = await direct.loss.data();
  for (const computed of [direct, up, down])
    tf.dispose([computed.loss, ...computed.gradient, ...computed.statistics]);
  return { loss, gradient };
}

/** Gradient of the mean loss in the perturbation of the first `marked` images. */
export function slopesIn(
  network: Network,
  batch: LabelledImages,
  moved: Float32Array,
  marked: number,
): Promise<Float32Array> {
  if (marked === 0) return Promise.resolve(new Float32Array(moved.length));
  return numbersOf(() => {
    const inputs = network.batchOf(batch.images, batch.count);
    const carries = tf.tensor(
      Float32Array.from({ length: batch.count }, (_, at) => (at < marked ? 1 : 0)),
      [batch.count, ...network.inputShape.map(() => 1)],
    );
    const slope = tf.grad((added: tf.Tensor) => {
      const seen = tf.add(inputs, tf.mul(carries, added));
      return tf.mean(labelCrossEntropy(network.forward(seen), batch.labels));
    })(tf.tensor(moved, [1, ...network.inputShape]));
    return tf.reshape(slope, [-1]);
  });
}

/** A batch whose first `marked` images are moved. */
function shifted(batch: LabelledImages, moved: Float32Array, marked: number): LabelledImages {
  const images = batch.images.slice();
  for (let at = 0; at < marked * moved.length; at++)
    images[at] = (images[at] ?? 0) + (moved[at % moved.length] ?? 0);
  return { ...batch, images };
}

function along(from: Float32Array, way: Float32Array, by: number): Float32Array {
  return from.map((value, at) => value + by * (way[at] ?? 0));
}

function lengthOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
