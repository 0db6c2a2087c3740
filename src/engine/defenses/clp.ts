/** Channel Lipschitzness based Pruning. Source: Zheng et al., Data-free Backdoor Removal, ECCV 2022, section 4, equation 5. */
import type { params } from '../../core/defenses/clp.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import { arrayOf, type UnitGroup, unitGroups, withoutUnits } from '../../core/models/units.ts';
import { mean, sampleDeviation } from '../../core/statistics/moments.ts';
import { spectralNorm } from '../../core/statistics/spectral-norm.ts';
import { breathe, type DefenseRun } from './context.ts';

export const runClp: DefenseRun<typeof params> = async ({ weights, signal, progress, show }, { u }) => {
  const groups = unitGroups(weights);
  const flagged: number[] = [];
  let score = 0;
  for (const [at, group] of groups.entries()) {
    await breathe(signal);
    const bounds = channelBounds(weights, group);
    const [centre, spread] = [mean(bounds), sampleDeviation(bounds)];
    const threshold = centre + u * spread;
    const over = bounds.map((bound) => spread > 0 && bound > threshold);
    over.forEach((prune, channel) => prune && flagged.push(group.first + channel));
    if (spread > 0) score = Math.max(score, (Math.max(...bounds) - centre) / spread);
    show({
      kind: 'bars',
      id: group.layer,
      title: `Lipschitz bounds of the channels of ${group.layer}`,
      axis: 'largest singular value of a channel',
      bars: bounds.map((value, channel) => ({
        name: String(channel),
        value,
        flagged: over[channel] ?? false,
      })),
      threshold,
    });
    progress(at + 1, groups.length);
  }
  const units = groups.reduce((sum, { channels }) => sum + channels, 0);
  return {
    verdict: 'repaired',
    score,
    flagged,
    metrics: { pruned_units: flagged.length, units },
    weights: withoutUnits(weights, flagged),
  };
};

/**
 * The largest singular value of each channel's filter [in, kh kw], times the scale of the normalisation behind it: what a
 * channel can at most amplify a change by.
 */
export function channelBounds(weights: ModelWeights, { layer, norm, epsilon }: UnitGroup): number[] {
  const { data, shape } = arrayOf(weights, `${layer}.weight`);
  const [channels = 0, inputs = 0, height = 0, width = 0] = shape;
  const scale = norm === null ? null : arrayOf(weights, `${norm}.weight`).data;
  // A group normalisation keeps no variance: channels are then compared as if all had the same.
  const variance = weights.parameters.find(({ name }) => name === `${norm}.running_var`)?.data;
  const size = inputs * height * width;
  return Array.from({ length: channels }, (_, channel) => {
    const bound = spectralNorm(data.subarray(channel * size, (channel + 1) * size), inputs, height * width);
    if (!scale) return bound;
    return (bound * Math.abs(scale[channel] ?? 0)) / Math.sqrt((variance?.[channel] ?? 1) + epsilon);
  });
}
