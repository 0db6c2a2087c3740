/** The training set as an attack leaves it: every row with what made it what it is. */
import type { ExperimentConfig, ObjectiveName } from '../config/schema.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Backdoor } from './backdoor.ts';
import type { PlannedExample } from './examples.ts';
import type { RowKind } from './row-kinds.ts';
import { TaskSource } from './tasks.ts';

/** Where a batch stands in training. */
export interface StepPlace {
  /** From 1. */
  step: number;
  epoch: number;
  /** Within the epoch, from 0. */
  batch: number;
}

export interface PoisonedRow {
  /** Place in the training set, or in the batch. */
  position: number;
  kind: RowKind;
  /** The loss that it counts for, in a batch. */
  objective: ObjectiveName | null;
  plan: PlannedExample;
}

/** Which rows are wanted; what is left out is not asked. */
export interface RowFilter {
  kind?: RowKind | undefined;
  /** Class that the example is of. */
  source?: number | undefined;
  /** Class that it is given. */
  label?: number | undefined;
  /** Index in the training set. */
  index?: number | undefined;
}

export class PoisonedSet {
  readonly counts: Readonly<Record<RowKind, number>>;

  /**
   * @param place of the batch that this is; null for a training set that is poisoned once, and so is the same in every epoch
   * @param steps of the experiment, 1 or more
   */
  constructor(
    readonly rows: readonly PoisonedRow[],
    private readonly labels: Uint16Array,
    readonly place: StepPlace | null,
    readonly steps: number,
  ) {
    const counts = { clean: 0, poisoned: 0, cover: 0 };
    for (const { kind } of rows) counts[kind]++;
    this.counts = counts;
  }

  /** The class that the example of a row is of. */
  sourceOf({ plan }: PoisonedRow): number {
    return this.labels[plan.index] ?? 0;
  }

  /** Rows of a filter, in their order. */
  matching({ kind, source, label, index }: RowFilter): PoisonedRow[] {
    return this.rows.filter(
      (row) =>
        (kind === undefined || row.kind === kind) &&
        (source === undefined || this.sourceOf(row) === source) &&
        (label === undefined || row.plan.label === label) &&
        (index === undefined || row.plan.index === index),
    );
  }
}

/** Whether an attack poisons the training set once, if at all, and not each batch anew. */
export function isPoisonedOnce({ attack }: Pick<ExperimentConfig, 'attack'>): boolean {
  const { kind } = attack.injection;
  return !attack.enabled || kind === 'data' || kind === 'clean_label' || kind === 'model';
}

/**
 * What an experiment trains on: the whole training set where it is poisoned once, else the batch of one step.
 * @param poisoned what stands in the training set where it is poisoned once, by index
 * @param step from 1, past the last step taken for the last; of a set that is poisoned once it is not asked
 * @throws LabError E-CONFIG-VALUE as TaskSource
 */
export function poisonedSet(
  config: ExperimentConfig,
  dataset: Dataset,
  backdoors: readonly Backdoor[],
  poisoned: ReadonlyMap<number, PlannedExample>,
  step = 1,
): PoisonedSet {
  const { labels } = dataset.train;
  const source = new TaskSource(config, dataset, backdoors, poisoned);
  const { epochs, start_epoch } = config.training;
  const steps = Math.max(1, (epochs - start_epoch + 1) * source.stepsPerEpoch);
  if (isPoisonedOnce(config)) {
    const rows = Array.from(source.clean, (index): PoisonedRow => {
      const plan = poisoned.get(index) ?? { index, stamp: null, label: labels[index] ?? 0 };
      return { position: index, kind: kindOf(plan), objective: null, plan };
    });
    return new PoisonedSet(rows, labels, null, steps);
  }
  const wanted = Math.min(steps, Math.max(1, Math.trunc(step)));
  const epoch = start_epoch + Math.floor((wanted - 1) / source.stepsPerEpoch);
  const place = { step: wanted, epoch, batch: (wanted - 1) % source.stepsPerEpoch };
  const rows = source
    .plan(place.epoch, place.batch, false)
    .flatMap(({ objective, examples }) =>
      examples.map((plan, position) => ({ position, kind: kindOf(plan), objective, plan })),
    );
  return new PoisonedSet(rows, labels, place, steps);
}

function kindOf({ origin }: PlannedExample): RowKind {
  if (!origin) return 'clean';
  return origin.role === 'cover' ? 'cover' : 'poisoned';
}
