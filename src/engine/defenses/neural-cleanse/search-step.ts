/**
 * One update of Neural Cleanse's search: x' = (1 - m) x + m p, the cross-entropy of x' and a label plus a weight times the
 * norm of the mask, and Adam on what stands behind the tanh of mask m and pattern p. Source: Wang et al., Neural Cleanse,
 * IEEE S&P 2019, section IV-A, equations 2 and 3.
 */
import * as tf from '@tensorflow/tfjs-core';
import { labelCrossEntropy } from '../../models/label-cross-entropy.ts';
import type { Network } from '../../models/network.ts';

/** Pixels in [0, 1] as the network takes them: (pixel - mean) / deviation, one of each for each channel. */
export interface Normalization {
  mean: readonly number[];
  deviation: readonly number[];
}

/** What is sought, behind the tanh. */
export interface RawTrigger {
  /** [height, width] */
  mask: Float32Array;
  /** [height, width, channels] */
  pattern: Float32Array;
}

export interface StepFigures {
  crossEntropy: number;
  /** Of the mask before the update. */
  norm: number;
  /** Images that the trigger brought to the label before the update. */
  hits: number;
}

/** In (0, 1). */
export function opened(raw: Float32Array): Float32Array {
  return raw.map((value) => Math.tanh(value) / 2 + 0.5);
}

/** What stands behind values in (0, 1), kept off the ends. */
export function closed(values: Float32Array): Float32Array {
  return values.map((value) => Math.atanh(Math.min(1 - 1e-6, Math.max(-1 + 1e-6, 2 * value - 1))));
}

/** Images [count, height, width, channels] with a trigger on them; mask and pattern opened, images normalised. */
export function stamped(
  images: Float32Array,
  mask: Float32Array,
  pattern: Float32Array,
  { mean, deviation }: Normalization,
): Float32Array {
  const channels = mean.length;
  const shown = pattern.map(
    (value, at) => (value - (mean[at % channels] ?? 0)) / (deviation[at % channels] ?? 1),
  );
  const out = new Float32Array(images.length);
  for (let start = 0; start < images.length; start += shown.length) {
    for (let pixel = 0, at = 0; pixel < mask.length; pixel++) {
      const open = mask[pixel] ?? 0;
      for (let channel = 0; channel < channels; channel++, at++) {
        out[start + at] = (1 - open) * (images[start + at] ?? 0) + open * (shown[at] ?? 0);
      }
    }
  }
  return out;
}

/**
 * @param images [count, height, width, channels], normalised
 * @param raw changed in place, by `adam`, which moves its two arrays
 * @param weight of the mask's norm
 */
export async function searchStep(
  network: Network,
  images: Float32Array,
  label: number,
  raw: RawTrigger,
  adam: { step: (gradients: readonly Float32Array[]) => void },
  { weight, norm: p, normalization }: { weight: number; norm: 1 | 2; normalization: Normalization },
): Promise<StepFigures> {
  const [mask, pattern] = [opened(raw.mask), opened(raw.pattern)];
  const count = images.length / pattern.length;
  const labels = new Int32Array(count).fill(label);
  const { loss, logits, slope } = await slopeOf(
    network,
    stamped(images, mask, pattern, normalization),
    labels,
  );
  const norm = p === 1 ? sum(mask) : Math.sqrt(mask.reduce((total, value) => total + value * value, 0));
  const byMask = new Float32Array(mask.length);
  const byPattern = new Float32Array(pattern.length);
  const { mean, deviation } = normalization;
  const channels = mean.length;
  for (let pixel = 0, at = 0; pixel < mask.length; pixel++) {
    const open = mask[pixel] ?? 0;
    for (let channel = 0; channel < channels; channel++, at++) {
      const spread = deviation[channel] ?? 1;
      const shown = ((pattern[at] ?? 0) - (mean[channel] ?? 0)) / spread;
      let [total, against] = [0, 0];
      for (let image = at; image < images.length; image += pattern.length) {
        const by = slope[image] ?? 0;
        total += by;
        against += by * (images[image] ?? 0);
      }
      byMask[pixel] = (byMask[pixel] ?? 0) + shown * total - against;
      byPattern[at] = (open * total) / spread;
    }
    byMask[pixel] = (byMask[pixel] ?? 0) + weight * (p === 1 ? 1 : open / Math.max(norm, 1e-12));
  }
  // The slope of tanh(raw) / 2 + 1/2, from its value.
  const through = (by: Float32Array, values: Float32Array): Float32Array =>
    by.map((value, at) => value * 2 * (values[at] ?? 0) * (1 - (values[at] ?? 0)));
  adam.step([through(byMask, mask), through(byPattern, pattern)]);
  return { crossEntropy: loss, norm, hits: hitsOf(logits, label, network.classes) };
}

/** Mean cross-entropy, logits and the slope of the first in every input value. */
async function slopeOf(
  network: Network,
  inputs: Float32Array,
  labels: Int32Array,
): Promise<{ loss: number; logits: Float32Array; slope: Float32Array }> {
  let kept: tf.Tensor | null = null;
  const { value, grad } = tf.tidy(() => {
    const batch = network.batchOf(inputs, labels.length);
    return tf.valueAndGrad((x: tf.Tensor) => {
      const logits = network.forward(x);
      kept ??= tf.keep(tf.clone(logits));
      return tf.mean(labelCrossEntropy(logits, labels));
    })(batch);
  });
  const logits = kept as tf.Tensor | null;
  if (!logits) throw new Error('a forward pass has logits');
  const [losses, said, slope] = await Promise.all([value.data(), logits.data(), grad.data()]);
  tf.dispose([value, logits, grad]);
  return { loss: losses[0] ?? NaN, logits: said as Float32Array, slope: slope as Float32Array };
}

function hitsOf(logits: Float32Array, label: number, classes: number): number {
  let hits = 0;
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes);
    if (row.every((value) => value <= (row[label] ?? NaN))) hits++;
  }
  return hits;
}

function sum(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0);
}
