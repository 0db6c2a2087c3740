/** `lab reproduce`: every attack over a few seeds beside a clean control, as a table. */
import { availableParallelism } from 'node:os';
import { writeFile } from 'node:fs/promises';
import { parseConfig } from '../core/config/parse.ts';
import type { ExperimentConfig, ExperimentInput } from '../core/config/schema.ts';
import { LabError } from '../core/errors.ts';
import type { Evaluation } from '../core/experiment/events.ts';
import { type Reproduction, REPRODUCTIONS, reproductionOf } from '../core/experiment/reproductions.ts';
import { nodeAssets } from '../engine/backend/assets.node.ts';
import { chooseBackend } from '../engine/backend/choose.ts';
import { RunController } from '../engine/training/controller.ts';
import { runExperiment } from '../engine/training/run.ts';
import { loadFromFolder, loadShippedModel, PREPARED_DATA } from './data-files.ts';
import { assertWritable } from './files.ts';
import { rememberInFile } from './measurement-file.ts';
import type { Terminal } from './output.ts';
import { EXIT, printLine } from './output.ts';
import { table } from './reproduction-table.ts';
import { spawnHelperThread } from './spawn-helper-thread.ts';

export interface ReproduceOptions {
  seeds: number;
  json?: string | undefined;
  data?: string | undefined;
  /** Lays settings over every experiment, for a quick look: `training.max_batches=100`. */
  overlay?: ExperimentInput | undefined;
}

/** One seed of an attack. */
export interface Trial {
  seed: number;
  /** Clean accuracy of the same training without an attack. */
  control: number;
  clean: number;
  /** Of the first backdoor, then of the further ones. */
  attackSuccess: number[];
  robust: number | null;
  seconds: number;
}

export interface Reproduced {
  reproduction: Reproduction;
  trials: Trial[];
  /** Whether each seed reached what was stated. */
  reached: boolean;
}

/**
 * @param names of reproductions; none runs all
 * @returns the exit code: 1 when an attack does not reach what it must
 * @throws LabError E-CONFIG-VALUE for an unknown name
 */
export async function reproduce(
  names: readonly string[],
  options: ReproduceOptions,
  terminal: Terminal,
): Promise<number> {
  const chosen = names.length === 0 ? [...REPRODUCTIONS] : names.map(known);
  if (options.json !== undefined) await assertWritable(options.json);
  const stop = new AbortController();
  const stopListening = terminal.onStop(() => stop.abort());
  const runner = new Runner(options, stop.signal);
  const done: Reproduced[] = [];
  try {
    for (const reproduction of chosen) {
      const trials: Trial[] = [];
      for (let seed = 1; seed <= options.seeds; seed++) {
        trials.push(await runner.trial(reproduction, seed));
        printLine(terminal.err, `${reproduction.id}, seed ${seed}: ${said(trials.at(-1))}`);
      }
      done.push({ reproduction, trials, reached: reaches(reproduction, trials) });
    }
  } finally {
    stopListening();
  }
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(done, null, 1)}\n`);
  printLine(terminal.out, table(done));
  return done.every(({ reached }) => reached) ? EXIT.ok : EXIT.failed;
}

function known(name: string): Reproduction {
  const found = reproductionOf(name);
  if (found) return found;
  throw new LabError({
    code: 'E-CONFIG-VALUE',
    what: `There is no reproduction "${name}".`,
    why: `The lab has ${REPRODUCTIONS.map(({ id }) => id).join(', ')}.`,
    fix: 'Choose some of these, or give no name to run all.',
  });
}

/** Each backdoor of each seed, and the clean accuracy beside its control. */
function reaches({ attackSuccess, cleanDrop }: Reproduction, trials: readonly Trial[]): boolean {
  return trials.every(
    (trial) =>
      trial.attackSuccess.every((value) => value >= attackSuccess) &&
      trial.clean >= trial.control - cleanDrop,
  );
}

function said(trial: Trial | undefined): string {
  if (!trial) return '';
  const figure = (value: number): string => value.toFixed(4);
  return `control ${figure(trial.control)}, clean ${figure(trial.clean)}, ASR ${trial.attackSuccess.map(figure).join(' and ')} (${trial.seconds.toFixed(0)} s)`;
}

/** Runs experiments one after another; a control is trained once for all attacks that share its training. */
class Runner {
  private readonly controls = new Map<string, number>();

  constructor(
    private readonly options: ReproduceOptions,
    private readonly signal: AbortSignal,
  ) {}

  async trial(reproduction: Reproduction, seed: number): Promise<Trial> {
    const started = performance.now();
    const config = parseConfig(laidOver({ ...reproduction.config, seed }, this.options.overlay));
    const control = await this.control(config);
    const evaluation = await this.evaluation(config);
    const successes = [evaluation, ...evaluation.others].map(({ attackSuccess }) => attackSuccess.value ?? 0);
    return {
      seed,
      control,
      clean: evaluation.cleanAccuracy.value,
      attackSuccess: successes,
      robust: evaluation.robustAccuracy.value,
      seconds: (performance.now() - started) / 1000,
    };
  }

  private async control({ task, training, seed, evaluation, ...rest }: ExperimentConfig): Promise<number> {
    const key = JSON.stringify({ task, training, seed });
    const known = this.controls.get(key);
    if (known !== undefined) return known;
    const clean = parseConfig({ ...rest, task, training, seed, evaluation, attack: { enabled: false } });
    const accuracy = (await this.evaluation(clean)).cleanAccuracy.value;
    this.controls.set(key, accuracy);
    return accuracy;
  }

  private async evaluation(config: ExperimentConfig): Promise<Evaluation> {
    const { evaluation } = await runExperiment(config, {
      signal: this.signal,
      emit: () => undefined,
      storage: null,
      controller: new RunController(),
      checkpoint: null,
      importedWeights: null,
      onNan: 'throw',
      helpers: { spawn: spawnHelperThread, count: Math.min(4, availableParallelism()) - 1 },
      prepareBackend: (choice) => chooseBackend(choice, nodeAssets, rememberInFile()),
      loadDataset: (id, onProgress, signal) =>
        loadFromFolder(this.options.data ?? PREPARED_DATA, id, onProgress, signal),
      loadPretrained: loadShippedModel,
    });
    if (!evaluation) throw new RangeError('a run to its end measures its model');
    return evaluation;
  }
}

function laidOver(config: ExperimentInput, overlay: ExperimentInput | undefined): ExperimentInput {
  if (!overlay) return config;
  return {
    ...config,
    ...overlay,
    training: { ...config.training, ...overlay.training },
    task: { ...config.task, ...overlay.task },
  };
}
