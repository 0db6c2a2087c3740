import type { Finding } from '../../../core/defenses/result.ts';
import type { DefenseContext } from '../context.ts';
import type { ChannelMasks } from './masks.ts';
import { belowThreshold } from './masks.ts';
import { prunedAlong } from './prune.ts';

/**
 * Prunes by masks that were learnt, from the smallest on, up to the threshold or until the defender's own accuracy falls
 * too far, and shows the masks.
 * @throws LabError E-CANCELLED
 */
export async function findingOfMasks(
  context: DefenseContext,
  { groups, units }: ChannelMasks,
  values: Float32Array,
  { threshold, drop, examples }: { threshold: number; drop: number; examples: number },
): Promise<Finding> {
  const order = belowThreshold(values, threshold);
  const found = await prunedAlong(context, order, { examples, drop, of: () => undefined });
  const gone = new Set(found.units);
  for (const { layer, first, channels } of groups) {
    context.show({
      kind: 'bars',
      id: `masks-${layer}`,
      title: `Masks of the channels of ${layer}`,
      axis: 'mask',
      bars: Array.from({ length: channels }, (_, channel) => ({
        name: String(channel),
        value: values[first + channel] ?? 0,
        flagged: gone.has(first + channel),
      })),
      threshold,
    });
  }
  return {
    verdict: 'repaired',
    score: found.units.length / units,
    flagged: found.units,
    metrics: {
      pruned_units: found.units.length,
      units,
      below_threshold: order.length,
      own_accuracy_pruned: found.accuracy,
    },
    weights: found.weights,
    course: found.course,
  };
}
