/** Fine-pruning. Source: Liu, Dolan-Gavitt and Garg, RAID 2018, sections 3.1 (pruning) and 3.3 (pruning, then fine-tuning). */
import type { params } from '../../../core/defenses/fine-pruning.ts';
import type { DefenseRun } from '../context.ts';
import { groupOfMaps, meanActivations } from './activations.ts';
import { stepsOf } from './batches.ts';
import { prunedAlong } from './prune.ts';
import { tuned } from './tune.ts';

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
