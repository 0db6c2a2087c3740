/** Cognitive Distillation. Source: Huang et al., ICLR 2023, section 3, equations 1 and 2. */
import * as tf from '@tensorflow/tfjs-core';
import type { CognitiveDistillationParams, params } from '../../../core/defenses/cognitive-distillation.ts';
import type { ExampleSet } from '../../../core/defenses/example-set.ts';
import { type Random, randomStream } from '../../../core/rng/random.ts';
import type { LabelledImages } from '../../../core/training/images.ts';
import { Network } from '../../models/network.ts';
import { AdamSearch } from '../../objectives/adam-search.ts';
import { breathe, type DefenseContext, type DefenseRun } from '../context.ts';
import { opened } from '../neural-cleanse/search-step.ts';
import { empiricalThreshold, guardFinding, guardGround, imageInfoOf, scoresOf } from './guard.ts';
import { bytesOf, pixelsOf, type Scale } from './pixels.ts';

/** Inputs whose masks are sought side by side. */
const CHUNK = 100;

/** Inputs whose masks are shown. */
const SHOWN = 12;

/** Of the authors' code: the search looks back hardly at all. */
const ADAM = { beta1: 0.1, beta2: 0.1, epsilon: 1e-8 };

export const runCognitiveDistillation: DefenseRun<typeof params> = async (context, asked) => {
  const { weights, signal, progress, seed } = context;
  const info = imageInfoOf(context, 'Cognitive Distillation');
  const { usual, inputs } = guardGround(context, asked.calibration);
  const network = new Network(weights);
  const total = (usual.count + inputs.count) * asked.steps;
  let done = 0;
  const sizes = (set: ExampleSet, purpose: string): Promise<Float64Array> => {
    const judge = async (batch: LabelledImages, from: number): Promise<Float64Array> => {
      const random = randomStream(seed, 'cognitive_distillation', purpose, from);
      const masks = await distilled(network, batch, asked, info, random, async () => {
        progress((done += batch.count), total);
        await breathe(signal);
      });
      if (purpose === 'inputs' && from === 0) showMasks(context, batch, masks);
      const pixels = masks.length / batch.count;
      return Float64Array.from({ length: batch.count }, (_, at) =>
        masks.subarray(at * pixels, (at + 1) * pixels).reduce((sum, value) => sum + value, 0),
      );
    };
    return scoresOf(set, CHUNK, signal, judge, () => undefined);
  };
  try {
    const clean = await sizes(usual, 'usual');
    const judged = await sizes(inputs, 'inputs');
    return guardFinding(context, {
      axis: 'sum of the mask, pixels',
      usual: clean,
      inputs: judged,
      threshold: empiricalThreshold(clean, asked.false_rejection, 'below'),
      flagged: 'below',
    });
  } finally {
    network.dispose();
  }
};

/**
 * A mask for each image: what is left of it, over one colour drawn anew for each step, is to give the same logits.
 * @param images normalised
 * @returns [count, height, width], in (0, 1)
 */
export async function distilled(
  network: Network,
  { images, count }: LabelledImages,
  { steps, learning_rate, norm_weight, smoothness, output }: CognitiveDistillationParams,
  { mean, deviation }: Scale,
  random: Random,
  onStep: () => Promise<void>,
): Promise<Float32Array> {
  const [height = 0, width = 0, channels = 1] = network.inputShape;
  const pixels = height * width;
  const raw = new Float32Array(count * pixels).fill(1);
  const adam = new AdamSearch([raw], learning_rate, ADAM);
  const said = (x: tf.Tensor): tf.Tensor => {
    const logits = network.forward(x);
    return output === 'logits' ? logits : tf.exp(tf.logSoftmax(logits));
  };
  const wanted = tf.tidy(() => said(network.batchOf(images, count)));
  try {
    for (let step = 0; step < steps; step++) {
      const mask = opened(raw);
      const colours = Float32Array.from(
        { length: count * channels },
        (_, at) => (random.next() - (mean[at % channels] ?? 0)) / (deviation[at % channels] ?? 1),
      );
      const background = (at: number): number =>
        colours[Math.floor(at / (pixels * channels)) * channels + (at % channels)] ?? 0;
      const seen = images.map((value, at) => {
        const open = mask[Math.floor(at / channels)] ?? 0;
        return open * value + (1 - open) * background(at);
      });
      const slope = await slopeOf(network.batchOf(seen, count), said, wanted);
      const by = smoothnessSlope(mask, [height, width], smoothness / pixels);
      images.forEach((value, at) => {
        const pixel = Math.floor(at / channels);
        by[pixel] = (by[pixel] ?? 0) + (slope[at] ?? 0) * (value - background(at));
      });
      // The slope of tanh(raw) / 2 + 1/2, from its value.
      adam.step([by.map((value, at) => (value + norm_weight) * 2 * (mask[at] ?? 0) * (1 - (mask[at] ?? 0)))]);
      await onStep();
    }
    return opened(raw);
  } finally {
    wanted.dispose();
  }
}

/** Of the absolute difference of what is said, a mean over the classes, in every value of every input; takes the inputs. */
async function slopeOf(
  inputs: tf.Tensor,
  said: (x: tf.Tensor) => tf.Tensor,
  wanted: tf.Tensor,
): Promise<Float32Array> {
  const distance = (x: tf.Tensor): tf.Tensor => {
    const difference = tf.sub(said(x), wanted);
    return tf.sum(tf.mean(tf.add(tf.relu(difference), tf.relu(tf.neg(difference))), 1));
  };
  const slope = tf.tidy(() => tf.grad(distance)(inputs));
  inputs.dispose();
  const values = (await slope.data()) as Float32Array;
  slope.dispose();
  return values;
}

/** Of the squared differences between neighbours, for masks one after another. */
export function smoothnessSlope(
  masks: Float32Array,
  [height, width]: readonly [number, number],
  weight: number,
): Float32Array {
  const out = new Float32Array(masks.length);
  const pull = (one: number, other: number): void => {
    const by = 2 * weight * ((masks[one] ?? 0) - (masks[other] ?? 0));
    out[one] = (out[one] ?? 0) + by;
    out[other] = (out[other] ?? 0) - by;
  };
  for (let at = 0; at < masks.length; at++) {
    if ((at + 1) % width !== 0) pull(at, at + 1);
    if (Math.floor(at / width + 1) % height !== 0) pull(at, at + width);
  }
  return out;
}

/** The first few inputs with their masks. */
function showMasks(
  { show, info, weights }: DefenseContext,
  { images, count }: LabelledImages,
  masks: Float32Array,
): void {
  const [height = 0, width = 0, channels = 1] = weights.inputShape;
  if (info.kind !== 'images') return;
  const [size, pixels] = [images.length / count, masks.length / count];
  show({
    kind: 'overlays',
    id: 'masks',
    title: 'What of an input is enough',
    shape: [height, width, channels],
    images: Array.from({ length: Math.min(SHOWN, count) }, (_, at) => ({
      caption: `input ${at}`,
      pixels: bytesOf(pixelsOf(images.slice(at * size, (at + 1) * size), info)),
      heat: masks.slice(at * pixels, (at + 1) * pixels),
      region: null,
    })),
  });
}
