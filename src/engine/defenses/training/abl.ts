/** Anti-backdoor learning. Source: Li et al., NeurIPS 2021, equations 2 (local ascent) and 4 (global ascent). */
import * as tf from '@tensorflow/tfjs-core';
import type { params } from '../../../core/defenses/abl.ts';
import type { ExampleSet } from '../../../core/defenses/example-set.ts';
import { LabError } from '../../../core/errors.ts';
import { inputShapeOf } from '../../../core/models/input-of.ts';
import { mean } from '../../../core/statistics/moments.ts';
import { batchesPerEpoch, epochOrder } from '../../../core/training/order.ts';
import { initialWeights, Network } from '../../models/network.ts';
import { lossAndGradient, type MeanGradient } from '../../objectives/loss-gradient.ts';
import { probabilitiesOf } from '../../parallel/perform.ts';
import { Optimizer } from '../../training/optimizer.ts';
import { breathe, type DefenseRun } from '../context.ts';
import { trainingOf } from '../filters/training-of.ts';
import { Losses } from '../repairs/losses.ts';

const CHUNK = 500;

/** Of the loss of a guess, over which unlearning leaves a batch alone. */
const UNLEARNT = 2;

export const runAbl: DefenseRun<typeof params> = async (context, asked) => {
  const { weights, experiment, info, seed, signal, progress } = context;
  const training = trainingOf(context);
  if (!experiment) {
    throw new LabError({
      code: 'E-DEFENSE',
      what: 'No model can be trained anew.',
      why: 'Nobody knows how this model was trained.',
      fix: 'Give the experiment the model comes from.',
    });
  }
  const { seed: own, training: how } = experiment;
  const rate = how.optimizer.learning_rate;
  const all = Array.from({ length: training.count }, (_, place) => place);
  const apart = Math.max(1, Math.round(asked.isolated * training.count));
  const before = batchesPerEpoch(all.length, how.batch_size, how.max_batches);
  const after = batchesPerEpoch(all.length - apart, how.batch_size, how.max_batches);
  const lengths = [asked.isolation_epochs * before, asked.epochs * after, asked.unlearning_epochs * after];
  const total = lengths.reduce((sum, steps) => sum + steps, 1);
  const losses = new Losses(context, total - 1, {
    id: 'abl-loss',
    title: 'Loss while it trains: isolation (turned at the bound), plain training, unlearning',
    line: 'loss',
  });
  const network = new Network(initialWeights(weights.model, inputShapeOf(info), info.classes.length, own));
  let optimizer = new Optimizer(how.optimizer, network.parameters);
  let taken = 0;
  /** Of this optimizer: its slots go on from one stage to the next. */
  let updates = 0;

  /** One stage: each step takes the places of its batch. */
  const stage = async (
    steps: number,
    each: number,
    places: readonly number[],
    step: (chosen: number[], at: number) => Promise<MeanGradient | null>,
    stageRate = rate,
  ): Promise<void> => {
    let order: Uint32Array = new Uint32Array();
    const first = taken;
    for (let at = 0; at < steps; at++) {
      await breathe(signal);
      if (at % each === 0) order = epochOrder(own, 1 + Math.floor((first + at) / each), places.length);
      const from = (at % each) * how.batch_size;
      const chosen = Array.from(order.subarray(from, from + how.batch_size), (one) => places[one] ?? 0);
      const computed = lossAndGradient(
        network,
        await training.read(chosen),
        undefined,
        places === all ? (each) => aroundBound(each, asked.gamma) : undefined,
      );
      const against = await step(chosen, at);
      taken++;
      optimizer.applyWeighted(
        against ? [computed.gradient, against.gradient] : [computed.gradient],
        against ? [1, -1] : [1],
        stageRate,
        ++updates,
      );
      network.track(computed.statistics);
      const [loss = NaN] = await computed.loss.data();
      for (const { loss: told, gradient, statistics } of against ? [computed, against] : [computed])
        tf.dispose([told, ...gradient, ...statistics]);
      losses.add(taken, Math.abs(loss)); // NaN stays NaN
      progress(taken, total);
    }
  };

  try {
    const [isolating = 0, plain = 0, unlearning = 0] = lengths;
    await stage(isolating, before, all, () => Promise.resolve(null));
    const suspicion = (await lossesOf(network, training, signal)).map((loss) => -loss);
    const ranked = all.toSorted((a, b) => (suspicion[b] ?? 0) - (suspicion[a] ?? 0) || a - b);
    const flagged = ranked.slice(0, apart).sort((a, b) => a - b);
    const others = ranked.slice(apart).sort((a, b) => a - b);
    await stage(plain, after, others, () => Promise.resolve(null));
    optimizer.dispose();
    optimizer = new Optimizer(how.optimizer, network.parameters);
    updates = 0;
    const guess = UNLEARNT * Math.log(network.classes);
    const around = epochOrder(seed, 1, flagged.length);
    await stage(
      unlearning,
      after,
      others,
      async (_, at) => {
        const size = Math.min(how.batch_size, flagged.length);
        const places = Array.from(
          { length: size },
          (__, k) => flagged[around[(at * size + k) % flagged.length] ?? 0] ?? 0,
        );
        const found = lossAndGradient(network, await training.read(places));
        const [loss = NaN] = await found.loss.data();
        if (loss <= guess) return found;
        tf.dispose([found.loss, ...found.gradient, ...found.statistics]);
        return null;
      },
      asked.unlearning_rate,
    );
    losses.show();
    progress(total, total);
    return {
      verdict: 'repaired',
      score: mean(flagged.map((place) => -(suspicion[place] ?? NaN))),
      flagged,
      metrics: { isolated: flagged.length },
      suspicion,
      weights: await network.weights(),
    };
  } finally {
    network.dispose();
    optimizer.dispose();
  }
};

/**
 * Losses [n] with the sign that holds them near a bound: one below it is made larger. The sign has no derivative.
 * Source: equation 2.
 */
export function aroundBound(losses: tf.Tensor1D, bound: number): tf.Tensor1D {
  const signed = tf.customGrad((given, save) => {
    const values = given as tf.Tensor1D;
    const sign = tf.sub(tf.mul(tf.cast(tf.greater(values, bound), 'float32'), 2), 1);
    (save as tf.GradSaveFunc)([sign]);
    return {
      value: tf.mul(values, sign),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(dy, saved as tf.Tensor),
    };
  });
  return signed(losses) as tf.Tensor1D;
}

/** The cross-entropy of each example under the label it has. */
async function lossesOf(network: Network, set: ExampleSet, signal: AbortSignal): Promise<Float64Array> {
  const losses = new Float64Array(set.count);
  for (let from = 0; from < set.count; from += CHUNK) {
    await breathe(signal);
    const places = Array.from({ length: Math.min(CHUNK, set.count - from) }, (_, at) => from + at);
    const { images, labels, count } = await set.read(places);
    const rows = await probabilitiesOf(network, images, count);
    for (let at = 0; at < count; at++)
      losses[from + at] = -Math.log(Math.max(1e-30, rows[at * network.classes + (labels[at] ?? 0)] ?? 0));
  }
  return losses;
}
