/** The trigger that Neural Cleanse recovers, and images that carry it. */
import type { NeuralCleanseParams } from '../../../core/defenses/neural-cleanse.ts';
import type { LabelledImages } from '../../../core/training/images.ts';
import type { DefenseContext } from '../context.ts';
import { judge, searchTriggers } from '../neural-cleanse/neural-cleanse.ts';
import { foundTrigger } from '../neural-cleanse/search.ts';

export interface RecoveredTrigger {
  label: number;
  /** Anomaly index of that label. */
  index: number | null;
  /** Whether Neural Cleanse flags the label. */
  flagged: boolean;
  /** [height × width], [height × width × channels]; in (0, 1). */
  mask: Float32Array;
  pattern: Float32Array;
}

/**
 * The smallest trigger of a label, of those that are flagged where any is.
 * @throws LabError E-CANCELLED
 */
export async function recoveredTrigger(
  context: DefenseContext,
  settings: NeuralCleanseParams,
  onStep: DefenseContext['progress'],
): Promise<RecoveredTrigger> {
  const searches = await searchTriggers(context, settings, onStep);
  const { flagged, norms, indices } = judge(searches, settings.median, settings.threshold);
  const candidates = flagged.length > 0 ? flagged : [...norms.keys()];
  const label = candidates.reduce((best, one) => ((norms[one] ?? 0) < (norms[best] ?? 0) ? one : best));
  const search = searches[label];
  if (!search) throw new RangeError(`no search for label ${label}`);
  return { label, index: indices[label] ?? null, flagged: flagged.includes(label), ...foundTrigger(search) };
}

/**
 * A batch whose first `marked` images carry the trigger: (1 - mask) x + mask pattern on pixels in [0, 1]. Labels stay.
 * @param info how the batch was normalised
 */
export function withTrigger(
  batch: LabelledImages,
  { mask, pattern }: Pick<RecoveredTrigger, 'mask' | 'pattern'>,
  { mean, deviation }: { mean: readonly number[]; deviation: readonly number[] },
  marked: number,
): LabelledImages {
  const images = batch.images.slice();
  const channels = mean.length;
  for (let image = 0; image < marked; image++) {
    for (let at = 0; at < pattern.length; at++) {
      const channel = at % channels;
      const share = mask[Math.floor(at / channels)] ?? 0;
      const wanted = ((pattern[at] ?? 0) - (mean[channel] ?? 0)) / (deviation[channel] ?? 1);
      const place = image * pattern.length + at;
      images[place] = (1 - share) * (images[place] ?? 0) + share * wanted;
    }
  }
  return { ...batch, images };
}
