/** What the channels of the last convolution answer to the defender's clean images. */
import * as tf from '@tensorflow/tfjs-core';
import { type UnitGroup, unitGroups } from '../../../core/models/units.ts';
import type { LabelledImages } from '../../../core/training/images.ts';
import { lastMaps } from '../../models/features.ts';
import { Network } from '../../models/network.ts';
import { numbersOf } from '../../objectives/evasion.ts';
import { breathe, type DefenseContext } from '../context.ts';

const CHUNK = 250;

/**
 * The rectified maps of the last convolution, a mean for each channel over images and places.
 * @param change what is done to the clean images first
 * @throws LabError E-CANCELLED
 */
export async function meanActivations(
  { weights, clean, signal }: Pick<DefenseContext, 'weights' | 'clean' | 'signal'>,
  examples: number,
  change: (batch: LabelledImages) => LabelledImages = (batch) => batch,
): Promise<Float64Array> {
  const network = new Network(weights);
  try {
    const count = Math.min(clean.count, examples);
    let sums: Float64Array = new Float64Array();
    for (let from = 0; from < count; from += CHUNK) {
      await breathe(signal);
      const size = Math.min(CHUNK, count - from);
      const batch = change(await clean.read(Array.from({ length: size }, (_, at) => from + at)));
      const means = await numbersOf(() =>
        tf.mean(lastMaps(network, network.batchOf(batch.images, batch.count)), [0, 1, 2]),
      );
      if (sums.length === 0) sums = new Float64Array(means.length);
      means.forEach((value, channel) => (sums[channel] = (sums[channel] ?? 0) + (value * size) / count));
    }
    return sums;
  } finally {
    network.dispose();
  }
}

/** The convolution whose channels the last maps are: the last that has as many and is not beside a shortcut's end. */
export function groupOfMaps({ weights }: Pick<DefenseContext, 'weights'>, channels: number): UnitGroup {
  const groups = unitGroups(weights).filter((group) => group.channels === channels);
  const group = groups.findLast(({ layer }) => !/(shortcut|downsample)/.test(layer)) ?? groups.at(-1);
  if (!group) throw new RangeError('the last maps are those of a convolution');
  return group;
}
