/** A run as JSON and as CSV tables. Accuracies and rates are fractions, each with the number of examples behind it. */
import type { ObjectiveName } from '../config/schema.ts';
import type { Evaluation, RunResult, StepRecord } from '../experiment/events.ts';
import type { CsvValue } from './csv-table.ts';
import { csvTable } from './csv-table.ts';

/** Version of `run.json`. */
export const RUN_FORMAT_VERSION = 1;

export interface RunRecord {
  result: RunResult;
  steps: readonly StepRecord[];
  evaluations: readonly Evaluation[];
}

/**
 * The whole run: the keys of the command line's JSON (config, seed, backend, epochs, steps, seconds,
 * interventions), then every step and evaluation. An attack success over no inputs is null. Sample pictures, their shape and class names are left out; the config and seed give them again.
 */
export function runToJson({ result, steps, evaluations }: RunRecord): string {
  const { evaluation, ...rest } = result;
  const run = {
    format: 'backdoor-lab-run',
    version: RUN_FORMAT_VERSION,
    ...rest,
    evaluation: evaluation === null ? null : withoutPictures(evaluation),
    evaluations: evaluations.map(withoutPictures),
    step_records: steps,
  };
  return `${JSON.stringify(run, null, 1)}\n`;
}

function withoutPictures(evaluation: Evaluation): object {
  const kept: Partial<Evaluation> = { ...evaluation };
  delete kept.shape;
  delete kept.classes;
  return {
    ...kept,
    samples: evaluation.samples.map(({ index, label, backdoorLabel, clean, attacked }) => ({
      index,
      label,
      backdoorLabel,
      clean,
      attacked,
    })),
  };
}

/** One row a step; a column for the loss, scale and gradient norm of each objective that the run had. */
export function stepsToCsv(steps: readonly StepRecord[]): string {
  const names = objectives(steps);
  const columns = [
    'step',
    'epoch',
    'batch',
    'learning_rate',
    'attacking',
    ...names.map((name) => `loss_${name}`),
    ...names.map((name) => `scale_${name}`),
    ...names.map((name) => `gradient_norm_${name}`),
    'cosine',
    'minimum_norm',
    'milliseconds',
  ];
  const row = (step: StepRecord): CsvValue[] => [
    step.step,
    step.epoch,
    step.batch,
    step.learningRate,
    step.attacking,
    ...names.map((name) => step.losses[name]),
    ...names.map((name) => step.scales[name]),
    ...names.map((name) => step.gradientNorms[name]),
    step.cosine,
    step.minimumNorm,
    step.milliseconds,
  ];
  return csvTable(columns, steps.map(row));
}

/** The objectives of a run in the order of their first appearance. */
function objectives(steps: readonly StepRecord[]): ObjectiveName[] {
  const names = new Set<ObjectiveName>();
  for (const { losses, scales, gradientNorms } of steps) {
    for (const part of [losses, scales, gradientNorms]) {
      for (const name of Object.keys(part)) names.add(name as ObjectiveName);
    }
  }
  return [...names];
}

/**
 * One row an evaluation, rates with their n. `attack_success_rate` leaves out inputs that already have the backdoor label;
 * it is empty when no others are there.
 */
export function evaluationsToCsv(evaluations: readonly Evaluation[]): string {
  const columns = [
    'step',
    'epoch',
    'scope',
    'clean_accuracy',
    'clean_n',
    'clean_loss',
    'attack_success_rate',
    'attack_success_n',
    'attack_success_rate_all',
    'attack_success_all_n',
    'attack_loss',
    'seconds',
  ];
  const row = (one: Evaluation): CsvValue[] => [
    one.step,
    one.epoch,
    one.scope,
    one.cleanAccuracy.value,
    one.cleanAccuracy.n,
    one.cleanLoss,
    one.attackSuccess.value,
    one.attackSuccess.n,
    one.attackSuccessAll.value,
    one.attackSuccessAll.n,
    one.attackLoss,
    one.seconds,
  ];
  return csvTable(columns, evaluations.map(row));
}
