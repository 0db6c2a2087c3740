/**
 * What only the lab knows: which inputs carry the trigger, which training examples are poisoned. Splits what there is
 * between the defender and the measuring, and makes figures of a finding afterwards.
 */
import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import type { DefenseDefinition } from '../../core/defenses/defense.ts';
import type { Evidence } from '../../core/defenses/evidence.ts';
import { ExampleSet, type HeldExample } from '../../core/defenses/example-set.ts';
import type { Finding, Metrics } from '../../core/defenses/result.ts';
import type { NamedArray } from '../../core/experiment/weights.ts';
import { randomStream } from '../../core/rng/random.ts';
import { ratesOf, rocOf, truePositiveAt } from '../../core/statistics/detection.ts';
import { type Backdoor, backdoorsOf } from '../../core/training/backdoor.ts';
import type { PlannedExample } from '../../core/training/examples.ts';
import { asTheyAre } from '../../core/training/examples.ts';
import { preparePoison } from '../attacks/prepare.ts';

/** Inputs that a guard judges, of each sort. */
export const INPUTS_OF_EACH = 500;

/** The largest false positive rate at which `tpr_at_1_fpr` is read. */
const LOW_RATE = 0.01;

export interface Ground {
  backdoor: Backdoor;
  /** One half of the test set, in an order drawn from the seed. */
  clean: ExampleSet;
  /** Indices of the other half. */
  measured: Uint32Array;
  /** As the attack left it. */
  training: ExampleSet;
  /** [training.count] 1 where the attack changed it. */
  poisoned: Uint8Array;
  /** The same examples as they are. */
  cleanTraining: ExampleSet;
  inputs: ExampleSet;
  /** [inputs.count] 1 where the trigger is on it. */
  triggered: Uint8Array;
  /** The measured examples without and with the trigger. */
  pairs: { clean: ExampleSet; triggered: ExampleSet };
}

/**
 * @param seed of the halves and of the inputs
 * @param learned by its triggers, as the attacked model keeps it
 * @param withPoison whether the training set will be read: some attacks take a while to prepare
 * @throws LabError as the attack is refused, E-CANCELLED
 */
export async function groundOf(
  experiment: ExperimentConfig,
  dataset: Dataset,
  seed: number,
  withPoison: boolean,
  signal: AbortSignal,
  learned: readonly NamedArray[] = [],
): Promise<Ground> {
  const backdoors = backdoorsOf(experiment, dataset, learned);
  const [backdoor] = backdoors;
  if (!backdoor) throw new RangeError('an attack has at least one backdoor');
  const order = randomStream(seed, 'defender').permutation(dataset.test.count);
  const half = order.length >> 1;
  const measured = order.subarray(half);
  const swaps: ReadonlyMap<number, PlannedExample> = withPoison
    ? await preparePoison(experiment, dataset, backdoors, { signal, emit: () => undefined })
    : new Map<number, PlannedExample>();
  const kept = Array.from({ length: dataset.train.count }, (_, index) => index).filter((index) =>
    backdoors.every(({ held }) => !held.has(index)),
  );
  const plain = asTheyAre(dataset.train, kept);
  const asSet = (examples: readonly PlannedExample[]): ExampleSet =>
    new ExampleSet(
      dataset,
      examples.map((example) => ({ split: 'train', example })),
    );
  const { inputs, triggered } = inputsFor(dataset, backdoor, measured, seed);
  return {
    backdoor,
    clean: ExampleSet.of(dataset, 'test', order.subarray(0, half)),
    measured,
    training: asSet(plain.map((example) => swaps.get(example.index) ?? example)),
    poisoned: Uint8Array.from(kept, (index) => (isPoison(swaps.get(index)) ? 1 : 0)),
    cleanTraining: asSet(plain),
    inputs,
    triggered,
    pairs: pairsFor(dataset, backdoor, measured),
  };
}

function pairsFor(
  dataset: Dataset,
  backdoor: Backdoor,
  indices: Uint32Array,
): { clean: ExampleSet; triggered: ExampleSet } {
  const { split, indices: own } = backdoor.measured;
  const planned = backdoor.planTest(dataset[split], own ?? indices);
  return {
    clean: ExampleSet.of(dataset, split, own ?? indices),
    triggered: new ExampleSet(
      dataset,
      planned.map((example) => ({ split, example })),
    ),
  };
}

/** Covers teach the right label: a filter that keeps them is right. */
function isPoison(example: PlannedExample | undefined): boolean {
  return example !== undefined && example.origin?.role !== 'cover';
}

/** As many clean inputs as triggered ones of another class than the backdoor wants, mixed, under labels that say nothing. */
function inputsFor(
  dataset: Dataset,
  backdoor: Backdoor,
  measured: Uint32Array,
  seed: number,
): { inputs: ExampleSet; triggered: Uint8Array } {
  const { split, indices } = backdoor.measured;
  const clean = asTheyAre(dataset.test, measured.subarray(0, INPUTS_OF_EACH));
  const wanted = backdoor
    .planTest(dataset[split], indices ?? measured)
    .filter(({ index, label }) => dataset[split].labels[index] !== label)
    .slice(0, INPUTS_OF_EACH);
  const all: (HeldExample & { triggered: boolean })[] = [
    ...clean.map((example) => ({ split: 'test' as const, example, triggered: false })),
    ...wanted.map((example) => ({ split, example, triggered: true })),
  ];
  const order = randomStream(seed, 'defender', 'inputs').permutation(all.length);
  const mixed = Array.from(order, (at) => all[at]).filter((one) => one !== undefined);
  return {
    inputs: new ExampleSet(
      dataset,
      mixed.map(({ split: of, example }) => ({ split: of, example: { ...example, label: 0 } })),
    ),
    triggered: Uint8Array.from(mixed, (one) => (one.triggered ? 1 : 0)),
  };
}

/** Rates of a finding that names inputs or training examples, and what shows them; nothing of other findings. */
export function judged(
  { kind }: DefenseDefinition,
  { flagged, suspicion, threshold }: Finding,
  positive: Uint8Array,
): { metrics: Metrics; evidence: Evidence[] } {
  const judges = kind === 'guards_input' || kind === 'filters_data' || kind === 'changes_training';
  if (!judges) return { metrics: {}, evidence: [] };
  const chosen = new Set(flagged);
  const rates = ratesOf((at) => chosen.has(at), positive);
  const metrics: Metrics = {
    true_positive_rate: rates.truePositive,
    false_positive_rate: rates.falsePositive,
    positives: rates.positives,
    negatives: rates.negatives,
    auroc: null,
    tpr_at_1_fpr: null,
  };
  const roc = suspicion && rocOf(suspicion, positive);
  if (!suspicion || !roc) return { metrics, evidence: [] };
  const of = (value: 0 | 1): Float64Array => suspicion.filter((_, at) => positive[at] === value);
  const [bad, good] = kind === 'guards_input' ? ['triggered', 'clean'] : ['poisoned', 'clean'];
  return {
    metrics: { ...metrics, auroc: roc.area, tpr_at_1_fpr: truePositiveAt(roc, LOW_RATE) },
    evidence: [
      {
        kind: 'scores',
        id: 'truth-scores',
        title: 'Suspicion, with what is so in truth',
        axis: 'suspicion',
        populations: [
          { name: good ?? '', population: 'clean', values: of(0) },
          { name: bad ?? '', population: 'backdoor', values: of(1) },
        ],
        threshold: threshold ?? null,
        flagged: 'above',
      },
      {
        kind: 'roc',
        id: 'truth-roc',
        title: 'True over false positives',
        falsePositive: roc.falsePositive,
        truePositive: roc.truePositive,
        area: roc.area,
        chosen:
          rates.truePositive === null || rates.falsePositive === null
            ? null
            : { falsePositive: rates.falsePositive, truePositive: rates.truePositive },
      },
    ],
  };
}

/** Points with which of them are poisoned or triggered in truth; null for what has no such points. */
export function withTruth(
  evidence: Evidence,
  { kind }: DefenseDefinition,
  { triggered, poisoned }: Ground,
): Evidence | null {
  if (evidence.kind !== 'scatter' || evidence.poisoned !== null) return null;
  if (kind !== 'guards_input' && kind !== 'filters_data') return null;
  const positive = kind === 'guards_input' ? triggered : poisoned;
  return { ...evidence, poisoned: Uint8Array.from(evidence.index, (at) => positive[at] ?? 0) };
}
