/** `lab run`: the experiment that the page runs, in a terminal. */
import { availableParallelism } from 'node:os';
import type { BackendChoice, ExperimentConfig } from '../core/config/schema.ts';
import { asLabError } from '../core/errors.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import type { ExperimentEvent, RunResult } from '../core/experiment/events.ts';
import type { FreshStart } from '../core/experiment/recovery.ts';
import { nodeAssets } from '../engine/backend/assets.node.ts';
import { chooseBackend } from '../engine/backend/choose.ts';
import { RunController } from '../engine/training/controller.ts';
import { runExperiment } from '../engine/training/run.ts';
import { CheckpointFile } from './checkpoint-file.ts';
import { defaultCheckpointPath } from './checkpoint-path.ts';
import { loadFromFolder, loadShippedModel, PREPARED_DATA } from './data-files.ts';
import { type DefendedRun, defendRun } from './defend-run.ts';
import { assertDistinct, assertWritable } from './files.ts';
import { rememberInFile } from './measurement-file.ts';
import { broughtModel } from './model-file.ts';
import { installNodeWebGpu } from './node-webgpu.ts';
import type { Terminal } from './output.ts';
import { EXIT, printLine } from './output.ts';
import { printError, printWarning } from './print-error.ts';
import type { Progress } from './progress.ts';
import { barProgress, lineProgress, silentProgress } from './progress.ts';
import { keepResult, printStopped } from './run-report.ts';
import { noteNan, recoverFromNan } from './nan-recovery.ts';
import { assertPositionFits, isUnfinished, resumeUnder } from './resume.ts';
import { spawnHelperThread } from './spawn-helper-thread.ts';
import { readExperimentFile } from './show-config.ts';

/** More threads than this find too little to do in one step. */
const MOST_THREADS = 4;

export interface RunOptions {
  set: string[];
  json?: string | undefined;
  backend?: BackendChoice | undefined;
  resume?: boolean | undefined;
  halveLr?: boolean | undefined;
  checkpoint?: string | undefined;
  weights?: string | undefined;
  export?: string | undefined;
  half?: boolean | undefined;
  data?: string | undefined;
  threads?: number | undefined;
  quiet?: boolean | undefined;
  debug?: boolean | undefined;
}

/** What a run goes on from: a checkpoint, or its starting weights. */
export interface Start {
  checkpoint: Checkpoint | null;
  fresh: FreshStart | null;
}

/**
 * @param file the experiment as YAML
 * @param observe sees every event, for tests
 * @returns the exit code
 * @throws LabError when the run cannot start
 */
export async function run(
  file: string,
  options: RunOptions,
  terminal: Terminal,
  observe: (event: ExperimentEvent) => void = () => undefined,
): Promise<number> {
  const config = await readConfig(file, options, terminal);
  const store = new CheckpointFile(options.checkpoint ?? defaultCheckpointPath(config));
  const json = options.json === '-' ? undefined : options.json;
  await assertDistinct({
    'the experiment': file,
    'the checkpoint': store.path,
    'the older checkpoint': store.olderPath,
    'the numbers': json,
    'the exported model': options.export,
  });
  for (const output of [json, options.export]) if (output !== undefined) await assertWritable(output);
  const start = options.resume
    ? await resumed(config, store, options, terminal)
    : await startedOver(store, terminal);
  const progress = progressFor(options, terminal, config.training.epochs);
  const stop = new AbortController();
  let exitCode: number = EXIT.interrupted;
  let threads = 1;
  let step = 0;
  const stopListening = terminal.onStop((code) => {
    if (stop.signal.aborted) terminal.exitNow(code);
    exitCode = code;
    stop.abort();
    progress.interrupt();
    printLine(terminal.err, 'Stopping after this step; Ctrl-C again ends at once.');
  });
  try {
    const result = await compute(config, start, store, options, stop.signal, (event) => {
      if (event.type === 'warning') {
        progress.interrupt();
        printWarning(terminal.err, event.warning);
      }
      if (event.type === 'status') threads = event.threads;
      if (event.type === 'started') step = event.step;
      if (event.type === 'step') step = event.record.step;
      progress.onEvent(event);
      observe(event);
    });
    progress.end();
    let defended: DefendedRun = [];
    try {
      defended = await defendRun(result, store.latest, options, terminal, stop.signal);
    } finally {
      // What was trained is kept, whatever becomes of the defenses.
      await keepResult(result, store, options, terminal, threads, defended);
    }
    return EXIT.ok;
  } catch (thrown) {
    progress.end();
    const error = asLabError(thrown);
    if (stop.signal.aborted && error.code === 'E-CANCELLED') {
      printStopped(store, file, options, terminal);
      return exitCode;
    }
    printError(terminal.err, thrown, options.debug === true);
    if (error.code === 'E-NAN') await noteNan(step + 1, store, file, options, terminal);
    if (error.code === 'E-GPU-LOST') printStopped(store, file, options, terminal);
    return EXIT.failed;
  } finally {
    progress.end();
    stopListening();
  }
}

async function readConfig(file: string, options: RunOptions, { err }: Terminal): Promise<ExperimentConfig> {
  const { config, warnings } = await readExperimentFile(file, options.set);
  for (const warning of warnings) printWarning(err, warning);
  const backend = options.backend ?? config.backend;
  const weights = options.weights === undefined ? config.task.weights : 'imported';
  return { ...config, backend, task: { ...config.task, weights } };
}

async function resumed(
  config: ExperimentConfig,
  store: CheckpointFile,
  options: RunOptions,
  { err }: Terminal,
): Promise<Start> {
  const { checkpoint, warnings } = resumeUnder(config, await store.load(), store.path);
  await assertWritable(store.path);
  for (const warning of warnings) printWarning(err, warning);
  return options.halveLr ? recoverFromNan(checkpoint, store, err) : { checkpoint, fresh: null };
}

/**
 * Moves an unfinished run out of the way of a new one.
 * @throws LabError E-CHECKPOINT when the file is something else, which would be lost
 */
async function startedOver(store: CheckpointFile, { err }: Terminal): Promise<Start> {
  const start = { checkpoint: null, fresh: null };
  await assertWritable(store.path);
  const found = await store.loadIfThere();
  if (!found || !isUnfinished(found)) return start;
  const previous = await store.moveAside();
  // Null: another run of the same name was faster.
  if (previous !== null)
    printLine(err, `${store.path} held an unfinished run at step ${found.step}; it is now ${previous}.`);
  return start;
}

function progressFor({ quiet, json }: RunOptions, terminal: Terminal, lastEpoch: number): Progress {
  if (quiet) return silentProgress;
  const stream = json === '-' ? terminal.err : terminal.out;
  return terminal.outIsTerminal && stream === terminal.out
    ? barProgress(stream, lastEpoch)
    : lineProgress(stream, lastEpoch);
}

/** As many as were asked for; else one for each core, as far as a step has work for them. */
function threadCount({ threads }: RunOptions): number {
  return threads ?? Math.min(MOST_THREADS, availableParallelism());
}

async function compute(
  config: ExperimentConfig,
  { checkpoint, fresh }: Start,
  store: CheckpointFile,
  options: RunOptions,
  signal: AbortSignal,
  emit: (event: ExperimentEvent) => void,
): Promise<RunResult> {
  const importedWeights = checkpoint ? null : await broughtModel(options.weights, config);
  return runExperiment(config, {
    signal,
    emit,
    storage: store,
    controller: new RunController(),
    checkpoint,
    fresh,
    importedWeights,
    onNan: 'throw',
    helpers: { spawn: spawnHelperThread, count: threadCount(options) - 1 },
    prepareBackend: async (choice) => {
      if (choice === 'webgpu') await installNodeWebGpu();
      return chooseBackend(choice, nodeAssets, rememberInFile());
    },
    loadDataset: async (id, onProgress, loadSignal) => {
      const dataset = await loadFromFolder(options.data ?? PREPARED_DATA, id, onProgress, loadSignal);
      if (checkpoint) assertPositionFits(checkpoint, dataset.train.count, store.path);
      return dataset;
    },
    loadPretrained: loadShippedModel,
  });
}
