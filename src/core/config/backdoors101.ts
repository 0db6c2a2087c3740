/**
 * Experiments written in the keys of Backdoors 101 (Bagdasaryan and Shmatikov, "Blind Backdoors in Deep Learning
 * Models", USENIX Security 2021). Every key is honoured or answered with a warning; absent keys take its defaults.
 */
import { adaptAttack } from './backdoors101-attack.ts';
import { adaptFederated } from './backdoors101-federated.ts';
import { adaptPrivacy } from './backdoors101-privacy.ts';
import { backdoors101Key } from './backdoors101-keys.ts';
import { adaptTask, taskOf101, trainingOfTask } from './backdoors101-task.ts';
import {
  keyProblem,
  readBackdoors101,
  type Backdoors101Values,
  type Findings,
} from './backdoors101-values.ts';
import { nearest } from './nearest.ts';
import { safeParseConfig } from './parse.ts';
import { ConfigError, dotted, type ConfigProblem } from './problem.ts';
import { defaultConfig, type ExperimentConfig, type ExperimentInput } from './schema.ts';
import { isRecord } from './walk.ts';

export interface AdaptedExperiment {
  config: ExperimentConfig;
  /** What was not honoured, or had to be assumed, each with the key. */
  warnings: ConfigProblem[];
}

const LAB_SECTIONS = ['version', 'seed', 'backend', 'training', 'evaluation', 'checkpoints', 'attack'];

/** Whether a document is written in Backdoors 101's flat keys rather than in the lab's sections. */
export function isBackdoors101(document: unknown): document is Record<string, unknown> {
  if (!isRecord(document) || isRecord(document['task'])) return false;
  const keys = Object.keys(document);
  if (keys.some((key) => LAB_SECTIONS.includes(key))) return false;
  return keys.some((key) => key !== 'name' && backdoors101Key(key) !== null);
}

/**
 * The experiment that a Backdoors 101 document describes.
 * @throws ConfigError for unknown keys (E-CONFIG-KEY) and for values that cannot be honoured (E-CONFIG-VALUE).
 */
export function fromBackdoors101(document: Record<string, unknown>): AdaptedExperiment {
  const { values, problems, warnings } = readBackdoors101(document);
  const findings: Findings = { problems, warnings, sources: new Map() };
  const task = taskOf101(values, findings);
  const federated = adaptFederated(values, findings);
  const input: ExperimentInput = {
    name: values.text('name') ?? `Backdoors 101: ${task.name}`,
    seed: seed(values, findings),
    task: adaptTask(task, values, findings),
    training: { ...training(values, findings), ...trainingOfTask(task, values) },
    evaluation: {
      batch_size: values.number('test_batch_size') ?? 100,
      live_every: values.number('log_interval') ?? 1000,
    },
    attack: adaptAttack(values, findings, task),
    ...(federated && { federated }),
  };
  const privacy = adaptPrivacy(values, findings, input);
  if (privacy) input.training = { ...input.training, privacy };
  for (const [path, key] of SOURCES) findings.sources.set(path, key);
  const result = safeParseConfig(input);
  if (!result.ok) findings.problems.push(...result.problems.map((problem) => inTheirKeys(problem, findings)));
  if (!result.ok || findings.problems.length > 0) throw new ConfigError(unique(findings.problems));
  return { config: result.config, warnings: findings.warnings };
}

const SOURCES: [string, string][] = [
  ['name', 'name'],
  ['seed', 'random_seed'],
  ['training.epochs', 'epochs'],
  ['training.start_epoch', 'start_epoch'],
  ['training.batch_size', 'batch_size'],
  ['training.max_batches', 'max_batch_id'],
  ['training.optimizer', 'optimizer'],
  ['training.optimizer.learning_rate', 'lr'],
  ['training.optimizer.momentum', 'momentum'],
  ['training.optimizer.weight_decay', 'decay'],
  ['evaluation.batch_size', 'test_batch_size'],
  ['evaluation.live_every', 'log_interval'],
];

/** A problem of the experiment told in the key that it came from. */
function inTheirKeys(problem: ConfigProblem, { sources }: Findings): ConfigProblem {
  for (let length = problem.path.length; length > 0; length -= 1) {
    const place = dotted(problem.path.slice(0, length));
    const key = sources.get(place);
    if (key !== undefined)
      return { ...problem, what: problem.what.replace(dotted(problem.path), key), where: key, path: [key] };
  }
  return problem;
}

function unique(problems: ConfigProblem[]): ConfigProblem[] {
  return problems.filter(
    (problem, index) => problems.findIndex((other) => other.where === problem.where) === index,
  );
}

function assume(findings: Findings, key: string, what: string, why: string, fix: string): void {
  findings.warnings.push(keyProblem(key, 'E-CONFIG-VALUE', what, why, fix));
}

function seed(values: Backdoors101Values, findings: Findings): number {
  const given = values.number('random_seed');
  if (given !== null) return given;
  const { seed: chosen } = defaultConfig;
  assume(
    findings,
    'random_seed',
    `not given; this run uses seed ${chosen}.`,
    'Without it Backdoors 101 draws differently each time; here every run repeats from its seed.',
    'Give random_seed for another draw.',
  );
  return chosen;
}

function training(values: Backdoors101Values, findings: Findings): ExperimentInput['training'] {
  const lastBatch = values.number('max_batch_id');
  if (lastBatch !== null && lastBatch < 0)
    findings.problems.push(
      keyProblem(
        'max_batch_id',
        'E-CONFIG-VALUE',
        `${lastBatch} is too small.`,
        'It is the index of the last batch of an epoch, from 0.',
        'Give 0 or more, or take it out to run all batches.',
      ),
    );
  const epochs = values.number('epochs');
  if (epochs === null)
    assume(
      findings,
      'epochs',
      'not given; this run has one epoch.',
      'Backdoors 101 has no default for it.',
      'Give epochs.',
    );
  return {
    epochs: epochs ?? 1,
    start_epoch: values.number('start_epoch') ?? 1,
    batch_size: values.number('batch_size') ?? 64,
    max_batches: lastBatch === null ? null : Math.max(lastBatch, 0) + 1,
    optimizer: optimizer(values, findings),
    schedule: values.boolean('scheduler') === true ? 'cosine' : 'constant',
  };
}

type OptimizerInput = NonNullable<NonNullable<ExperimentInput['training']>['optimizer']>;

function optimizer(values: Backdoors101Values, findings: Findings): OptimizerInput {
  const name = values.text('optimizer');
  const kind = (name ?? 'SGD').toLowerCase();
  if (name === null)
    assume(
      findings,
      'optimizer',
      'not given; this run uses SGD.',
      'Backdoors 101 has no default for it.',
      'Give SGD or Adam.',
    );
  if (kind !== 'sgd' && kind !== 'adam') {
    const close = nearest(kind, ['SGD', 'Adam']);
    findings.problems.push(
      keyProblem(
        'optimizer',
        'E-CONFIG-VALUE',
        `'${(name ?? '').slice(0, 40)}' is not one of SGD, Adam.`,
        'Backdoors 101 has these two.',
        close?.close === true ? `Did you mean ${close.word}?` : 'Write SGD or Adam.',
      ),
    );
  }
  const rate = values.number('lr');
  const fallback = kind === 'adam' ? 0.001 : 0.01;
  if (rate === null)
    assume(
      findings,
      'lr',
      `not given; this run uses ${fallback}.`,
      'Backdoors 101 has no default for it.',
      'Give lr.',
    );
  const decay = values.number('decay') ?? 0;
  const momentum = values.number('momentum');
  if (kind !== 'adam')
    return { kind: 'sgd', learning_rate: rate ?? fallback, momentum: momentum ?? 0, weight_decay: decay };
  if (momentum !== null)
    assume(
      findings,
      'momentum',
      'Adam does not use it.',
      'Nor does it in Backdoors 101.',
      'Take it out, or use SGD.',
    );
  return { kind: 'adam', learning_rate: rate ?? fallback, weight_decay: decay };
}
