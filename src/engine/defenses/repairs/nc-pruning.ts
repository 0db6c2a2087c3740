/** Pruning by the recovered trigger. Source: Wang et al., Neural Cleanse, IEEE S&P 2019, section VI-B. */
import type { params } from '../../../core/defenses/nc-pruning.ts';
import { searchOf } from '../../../core/defenses/trigger-repair-fields.ts';
import type { DefenseRun } from '../context.ts';
import { groupOfMaps, meanActivations } from './activations.ts';
import { prunedAlong } from './prune.ts';
import { recoveredTrigger, withTrigger } from './recovered-trigger.ts';

export const runNcPruning: DefenseRun<typeof params> = async (context, settings) => {
  const { info } = context;
  if (info.kind !== 'images') throw new RangeError('a defense of images was given texts');
  const { examples, drop } = settings;
  let searched = 0;
  const trigger = await recoveredTrigger(context, searchOf(settings), (done, total) => {
    searched = total;
    context.progress(done, total + 1);
  });
  const plain = await meanActivations(context, examples);
  const woken = await meanActivations(context, examples, (batch) =>
    withTrigger(batch, trigger, info, batch.count),
  );
  const rise = woken.map((value, channel) => value - (plain[channel] ?? 0));
  const group = groupOfMaps(context, rise.length);
  const order = [...rise.keys()]
    .filter((channel) => (rise[channel] ?? 0) > 0)
    .sort((a, b) => (rise[b] ?? 0) - (rise[a] ?? 0) || a - b);
  const found = await prunedAlong(
    context,
    order.map((channel) => group.first + channel),
    { examples, drop, of: () => undefined },
  );
  const gone = new Set(found.units);
  context.show({
    kind: 'bars',
    id: 'rise',
    title: `How much more the channels of ${group.layer} answer to the recovered trigger`,
    axis: 'rise of the mean activation',
    bars: Array.from(rise, (value, channel) => ({
      name: String(channel),
      value,
      flagged: gone.has(group.first + channel),
    })),
    threshold: null,
  });
  context.progress(searched + 1, searched + 1);
  return {
    verdict: 'repaired',
    score: found.units.length / rise.length,
    flagged: found.units,
    metrics: {
      recovered_label: trigger.label,
      pruned_units: found.units.length,
      units: rise.length,
      own_accuracy_pruned: found.accuracy,
    },
    weights: found.weights,
    course: found.course,
  };
};
