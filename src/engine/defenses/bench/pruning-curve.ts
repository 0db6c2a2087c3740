/** What is left of accuracy and backdoor as channels go, one after another, in an order that a person chooses. */
import type { ExperimentConfig } from '../../../core/config/schema.ts';
import type { Dataset } from '../../../core/datasets/dataset.ts';
import type { CurveEvidence } from '../../../core/defenses/evidence.ts';
import type { ExampleSet } from '../../../core/defenses/example-set.ts';
import { LabError } from '../../../core/errors.ts';
import type { ModelWeights } from '../../../core/experiment/weights.ts';
import { unitGroups, unitName, withoutUnits } from '../../../core/models/units.ts';
import { mean, sampleDeviation } from '../../../core/statistics/moments.ts';
import { channelBounds } from '../clp.ts';
import { breathe } from '../context.ts';
import { measureModel } from '../measure.ts';
import { groupOfMaps, meanActivations } from '../repairs/activations.ts';
import { groundOf } from '../truth.ts';

/**
 * `quiet`: channels of the last convolution, those that clean inputs move least first (fine-pruning, Liu et al., RAID 2018).
 * `steep`: channels of all convolutions, those with the largest Lipschitz bound in their layer first (CLP, Zheng et al., 2022).
 */
export type PruningOrder = 'quiet' | 'steep';

export interface PruningCurve {
  curve: CurveEvidence;
  /** Names of all channels in the order in which they go. */
  units: string[];
}

/** Places on the curve at most. */
const PLACES = 25;

/** Test examples that each place is measured on. */
const EXAMPLES = 300;

/**
 * On the current backend. The last channel stays.
 * @throws LabError E-DEFENSE for a model without convolutions, E-CANCELLED
 */
export async function pruningCurve(
  weights: ModelWeights,
  experiment: ExperimentConfig,
  dataset: Dataset,
  order: PruningOrder,
  {
    signal,
    progress,
    seed,
  }: { signal: AbortSignal; progress: (done: number, total: number) => void; seed: number },
): Promise<PruningCurve> {
  const groups = unitGroups(weights);
  if (groups.length === 0) {
    throw new LabError({
      code: 'E-DEFENSE',
      what: 'This model has no channels to prune.',
      why: 'Pruning takes out channels of convolutions, and it has none.',
      fix: 'Choose a model with convolutions.',
    });
  }
  const ground = await groundOf(experiment, dataset, seed, false, signal, weights.trigger);
  const units = order === 'steep' ? steepFirst(weights) : await quietFirst(weights, ground.clean, signal);
  const most = units.length - 1;
  const every = Math.max(1, Math.ceil(most / (PLACES - 1)));
  const counts = Array.from({ length: most + 1 }, (_, at) => at).filter(
    (at) => at % every === 0 || at === most,
  );
  const accuracy = new Float64Array(counts.length).fill(NaN);
  const success = new Float64Array(counts.length).fill(NaN);
  const measured = ground.measured.subarray(0, EXAMPLES);
  for (const [at, count] of counts.entries()) {
    await breathe(signal);
    const pruned = withoutUnits(weights, units.slice(0, count));
    const figures = await measureModel(pruned, dataset, ground.backdoor, measured, signal);
    accuracy[at] = figures.cleanAccuracy;
    success[at] = figures.attackSuccess ?? NaN;
    progress(at + 1, counts.length);
  }
  return {
    curve: {
      kind: 'curve',
      id: `pruning-${order}`,
      title: 'Accuracy and attack success as channels go',
      x: { title: 'channels pruned', values: Float64Array.from(counts) },
      lines: [
        { name: 'clean accuracy', population: 'clean', values: accuracy },
        { name: 'attack success', population: 'backdoor', values: success },
      ],
      chosen: 0,
    },
    units: units.map((unit) => unitName(groups, unit)),
  };
}

/** Units by their bound, in deviations over the mean of their layer, the largest first. */
export function steepFirst(weights: ModelWeights): number[] {
  const scored = unitGroups(weights).flatMap((group) => {
    const bounds = channelBounds(weights, group);
    const [centre, spread] = [mean(bounds), sampleDeviation(bounds)];
    return bounds.map((bound, channel) => ({
      unit: group.first + channel,
      score: spread > 0 ? (bound - centre) / spread : 0,
    }));
  });
  return scored
    .sort((one, other) => other.score - one.score || one.unit - other.unit)
    .map(({ unit }) => unit);
}

/** Units of the last convolution by their mean activation on clean examples, the least first. */
export async function quietFirst(
  weights: ModelWeights,
  clean: ExampleSet,
  signal: AbortSignal,
): Promise<number[]> {
  const values = await meanActivations({ weights, clean, signal }, EXAMPLES);
  const { first } = groupOfMaps({ weights }, values.length);
  return [...values.keys()]
    .sort((one, other) => (values[one] ?? 0) - (values[other] ?? 0))
    .map((channel) => first + channel);
}
