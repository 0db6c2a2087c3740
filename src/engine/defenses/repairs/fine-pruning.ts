/** Fine-pruning. Source: Liu, Dolan-Gavitt and Garg, RAID 2018, sections 3.1 (pruning) and 3.3 (pruning, then fine-tuning). */
import * as tf from '@tensorflow/tfjs-core';
import type { params } from '../../../core/defenses/fine-pruning.ts';
import { type UnitGroup, unitGroups } from '../../../core/models/units.ts';
import { lastMaps } from '../../models/features.ts';
import { Network } from '../../models/network.ts';
import { numbersOf } from '../../objectives/evasion.ts';
import { breathe, type DefenseContext, type DefenseRun } from '../context.ts';
import { stepsOf } from './batches.ts';
import { prunedAlong } from './prune.ts';
import { tuned } from './tune.ts';

const CHUNK = 250;

export const runFinePruning: DefenseRun<typeof params> = async (context, settings) => {
  const { examples, drop, batch_size, epochs } = settings;
  const activity = await meanActivations(context, examples);
  const group = groupOfMaps(context, activity.length);
  const order = [...activity.keys()].sort((a, b) => (activity[a] ?? 0) - (activity[b] ?? 0) || a - b);
  const steps = stepsOf(context.clean.count, examples, batch_size, epochs);
  const found = await prunedAlong(
    context,
    // The last channel stays: without any the model says the same of everything.
    order.slice(0, -1).map((channel) => group.first + channel),
    { examples, drop, of: (done, total) => context.progress(done / total, steps + 1) },
  );
  const gone = new Set(found.units);
  context.show({
    kind: 'bars',
    id: 'activity',
    title: `Mean activation of the channels of ${group.layer} on clean images`,
    axis: 'mean activation',
    bars: Array.from(activity, (value, channel) => ({
      name: String(channel),
      value,
      flagged: gone.has(group.first + channel),
    })),
    threshold: null,
  });
  const weights = await tuned(context, context.weights, settings, {
    id: 'fine_pruning',
    title: 'Loss while the pruned model is tuned',
    silent: found.units,
    onStep: (done) => context.progress(done + 1, steps + 1),
  });
  return {
    verdict: 'repaired',
    score: found.units.length / activity.length,
    flagged: found.units,
    metrics: {
      pruned_units: found.units.length,
      units: activity.length,
      own_accuracy_pruned: found.accuracy,
    },
    weights,
    course: found.course,
  };
};

/** The rectified maps of the last convolution, a mean for each channel over images and places. */
async function meanActivations(
  { weights, clean, signal }: DefenseContext,
  examples: number,
): Promise<Float64Array> {
  const network = new Network(weights);
  try {
    const count = Math.min(clean.count, examples);
    let sums: Float64Array = new Float64Array();
    for (let from = 0; from < count; from += CHUNK) {
      await breathe(signal);
      const size = Math.min(CHUNK, count - from);
      const batch = await clean.read(Array.from({ length: size }, (_, at) => from + at));
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
function groupOfMaps({ weights }: DefenseContext, channels: number): UnitGroup {
  const groups = unitGroups(weights).filter((group) => group.channels === channels);
  const group = groups.findLast(({ layer }) => !/(shortcut|downsample)/.test(layer)) ?? groups.at(-1);
  if (!group) throw new RangeError('the last maps are those of a convolution');
  return group;
}
