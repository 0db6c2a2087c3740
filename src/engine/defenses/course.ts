import type { Dataset } from '../../core/datasets/dataset.ts';
import type { CurveEvidence } from '../../core/defenses/evidence.ts';
import type { PruningCourse } from '../../core/defenses/result.ts';
import type { Backdoor } from '../../core/training/backdoor.ts';
import { type Measured, measureModel } from './measure.ts';

/** Examples that each place is measured on. */
const EXAMPLES = 300;

/**
 * Accuracy and attack success at each place of a pruning, before any training that follows it.
 * @param indices test examples that the defender does not hold
 * @throws LabError E-CANCELLED
 */
export async function measuredCourse(
  { counts, chosen, modelAt }: PruningCourse,
  dataset: Dataset,
  backdoor: Backdoor,
  indices: Uint32Array,
  signal: AbortSignal,
): Promise<CurveEvidence> {
  const places: Measured[] = [];
  for (const count of counts) {
    places.push(await measureModel(modelAt(count), dataset, backdoor, indices.subarray(0, EXAMPLES), signal));
  }
  return {
    kind: 'curve',
    id: 'truth-pruning',
    title: 'Accuracy and attack success as channels are pruned',
    x: { title: 'pruned channels', values: Float64Array.from(counts) },
    lines: [
      {
        name: 'clean accuracy',
        population: 'clean',
        values: Float64Array.from(places, ({ cleanAccuracy }) => cleanAccuracy),
      },
      {
        name: 'attack success',
        population: 'backdoor',
        values: Float64Array.from(places, ({ attackSuccess }) => attackSuccess ?? NaN),
      },
    ],
    chosen,
  };
}
