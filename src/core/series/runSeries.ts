import { EVASIONS, type ObjectiveName, STEP_OBJECTIVES } from '../config/schema.ts';
import type { Evaluation, StepRecord } from '../experiment/events.ts';
import { csvPieces } from './csv.ts';
import { SeriesBuffer, type SeriesBufferOptions } from './seriesBuffer.ts';

export type StepColumn =
  | 'step'
  | 'epoch'
  | 'batch'
  | `loss_${ObjectiveName}`
  | `scale_${ObjectiveName}`
  | `gradient_norm_${ObjectiveName}`
  | 'cosine'
  | 'minimum_norm'
  | 'learning_rate'
  | 'attacking'
  | 'milliseconds'
  | 'mask_norm';

export type EvaluationColumn =
  | 'step'
  | 'epoch'
  /** 0: the live part of the test set; 1: all of it. */
  | 'full'
  | 'clean_accuracy'
  | 'clean_n'
  | 'attack_success'
  | 'attack_n'
  | 'attack_success_all'
  | 'clean_loss'
  | 'attack_loss'
  | 'robust_accuracy'
  /** Of private training. */
  | 'epsilon'
  /** Of the further backdoors of an attack. */
  | `attack_success_${FurtherBackdoor}`;

/** The number of a backdoor of an attack that has several. */
type FurtherBackdoor = 2 | 3 | 4;

const FURTHER_BACKDOORS: readonly FurtherBackdoor[] = [2, 3, 4];

export type SeriesTable = 'steps' | 'evaluations';

const STEP_COLUMNS: readonly StepColumn[] = [
  'step',
  'epoch',
  'batch',
  ...STEP_OBJECTIVES.map((name) => `loss_${name}` as const),
  ...STEP_OBJECTIVES.map((name) => `scale_${name}` as const),
  ...STEP_OBJECTIVES.map((name) => `gradient_norm_${name}` as const),
  'cosine',
  'minimum_norm',
  'learning_rate',
  'attacking',
  'milliseconds',
  'mask_norm',
];

const EVALUATION_COLUMNS: readonly EvaluationColumn[] = [
  'step',
  'epoch',
  'full',
  'clean_accuracy',
  'clean_n',
  'attack_success',
  'attack_n',
  'attack_success_all',
  'clean_loss',
  'attack_loss',
  'robust_accuracy',
  'epsilon',
  ...FURTHER_BACKDOORS.map((number) => `attack_success_${number}` as const),
];

/** What a run recorded: the rows of its steps, one after another, and its evaluations without sample pictures. */
export interface RunRecords {
  steps: Float64Array;
  evaluations: Evaluation[];
}

/** Numbers in the row of a step. */
export const STEP_WIDTH = STEP_COLUMNS.length;

/** The numbers of a step, in the order of the table's columns. */
export function stepRow(record: StepRecord): number[] {
  const byObjective = [record.losses, record.scales, record.gradientNorms].flatMap((numbers) =>
    STEP_OBJECTIVES.map((name) => numbers[name] ?? Number.NaN),
  );
  return [
    record.step,
    record.epoch,
    record.batch,
    ...byObjective,
    record.cosine ?? Number.NaN,
    record.minimumNorm ?? Number.NaN,
    record.learningRate,
    record.attacking ? 1 : 0,
    record.milliseconds,
    record.maskNorm ?? Number.NaN,
  ];
}

/** The numbers of an evaluation, in the order of the table's columns. */
function evaluationRow(evaluation: Evaluation): number[] {
  return [
    evaluation.step,
    evaluation.epoch,
    evaluation.scope === 'full' ? 1 : 0,
    evaluation.cleanAccuracy.value,
    evaluation.cleanAccuracy.n,
    evaluation.attackSuccess.value ?? Number.NaN,
    evaluation.attackSuccess.n,
    evaluation.attackSuccessAll.value,
    evaluation.cleanLoss,
    evaluation.attackLoss,
    evaluation.robustAccuracy.value ?? Number.NaN,
    evaluation.privacy?.epsilon ?? Number.NaN,
    ...FURTHER_BACKDOORS.map((number) => evaluation.others[number - 2]?.attackSuccess.value ?? Number.NaN),
  ];
}

/**
 * Every number of one run over time, at full resolution: what charts read and CSV exports.
 * Fractions lie in [0, 1]; NaN stands for what was not measured. Listeners are called at each change, synchronously and
 * without an argument: keep them cheap, and read at your own pace by `steps.version` and `evaluations.version`.
 */
export class RunSeries {
  readonly steps: SeriesBuffer<StepColumn>;
  readonly evaluations: SeriesBuffer<EvaluationColumn>;
  private log: Evaluation[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(options: SeriesBufferOptions = {}) {
    this.steps = new SeriesBuffer(STEP_COLUMNS, options);
    this.evaluations = new SeriesBuffer(EVALUATION_COLUMNS, options);
  }

  addStep(record: StepRecord): void {
    this.steps.append(stepRow(record));
    this.notify();
  }

  /** One of the same step and scope as the newest takes its place: the run went back and measured again. */
  addEvaluation(evaluation: Evaluation): void {
    this.record(withoutPictures(evaluation));
    this.notify();
  }

  /** Every evaluation, oldest first; sample pictures are left out, for they would fill the memory. */
  get evaluationLog(): readonly Evaluation[] {
    return this.log;
  }

  /** What was recorded after optimizer step `after`, from the first by default: for storage. */
  records(after = -1): RunRecords {
    return {
      steps: rowsFrom(this.steps, rowsUpTo(this.steps, after)),
      evaluations: this.log.slice(rowsUpTo(this.evaluations, after)),
    };
  }

  /** Adds what `records` gave, or rows of `stepRow` one after another. */
  addRecords({ steps, evaluations }: RunRecords): void {
    const width = this.steps.columns.length;
    for (let at = 0; at + width <= steps.length; at += width)
      this.steps.append(steps.subarray(at, at + width));
    for (const evaluation of evaluations) this.record(evaluation);
    this.notify();
  }

  /** Forgets what came after optimizer step `step`: for a run that goes on from a checkpoint. */
  rewindTo(step: number): void {
    this.steps.truncate(rowsUpTo(this.steps, step));
    this.evaluations.truncate(rowsUpTo(this.evaluations, step));
    this.log.length = this.evaluations.length;
    this.notify();
  }

  clear(): void {
    this.steps.clear();
    this.evaluations.clear();
    this.log = [];
    this.notify();
  }

  /** Calls `listener` after each change until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** A table as CSV text, at full resolution; without the columns of further backdoors where there are none. */
  csv(table: SeriesTable): string {
    return [...this.csvPieces(table)].join('');
  }

  /** The same in pieces, for tables so long that making the text at once would be felt. */
  csvPieces(table: SeriesTable): Generator<string, void, undefined> {
    return table === 'steps'
      ? csvPieces(this.steps, presentColumns(this.steps))
      : csvPieces(this.evaluations, presentColumns(this.evaluations));
  }

  private record(evaluation: Evaluation): void {
    const newest = this.log.at(-1);
    if (newest?.step === evaluation.step && newest.scope === evaluation.scope) {
      this.log.pop();
      this.evaluations.truncate(this.evaluations.length - 1);
    }
    this.evaluations.append(evaluationRow(evaluation));
    this.log.push(evaluation);
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}

/** How many rows, from the first, have a step of at most `step`; steps ascend, so search by halves. */
function rowsUpTo<Column extends string>(table: SeriesBuffer<Column | 'step'>, step: number): number {
  let low = 0;
  let high = table.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (table.at('step', middle) <= step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All columns, but for those of further backdoors, of evasions and of private training that hold nothing. */
function presentColumns<Column extends string>(table: SeriesBuffer<Column>): Column[] {
  return table.columns.filter(
    (name) => !isExtra(name) || table.column(name).some((value) => !Number.isNaN(value)),
  );
}

function isExtra(column: string): boolean {
  if (column === 'mask_norm' || column === 'epsilon') return true;
  return /_[234]$/.test(column) || EVASIONS.some((name) => column.endsWith(name));
}

function rowsFrom<Column extends string>(table: SeriesBuffer<Column>, first: number): Float64Array {
  const width = table.columns.length;
  const rows = new Float64Array((table.length - first) * width);
  table.columns.forEach((name, position) => {
    table
      .column(name)
      .subarray(first)
      .forEach((value, row) => (rows[row * width + position] = value));
  });
  return rows;
}

/** As it is kept: pictures would fill the memory. */
export function withoutPictures(evaluation: Evaluation): Evaluation {
  return { ...evaluation, samples: [] };
}
