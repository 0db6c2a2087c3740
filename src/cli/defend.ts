/** `lab defend`: defenses on a trained model, each beside a clean one. */
import { availableParallelism } from 'node:os';
import { assertFitsDataset } from '../core/config/dataset-check.ts';
import { applySettings } from '../core/config/set.ts';
import type { DefenseConfig } from '../core/config/schema-defense.ts';
import type { BackendChoice, ExperimentConfig } from '../core/config/schema.ts';
import { datasetOfTask } from '../core/datasets/subset.ts';
import { chooseDefense } from '../core/defenses/choose.ts';
import { isDefenseId } from '../core/defenses/choose.ts';
import { defenses } from '../core/defenses/definitions.ts';
import type { DefenseEvent } from '../core/defenses/events.ts';
import type { DefenseResult } from '../core/defenses/result.ts';
import { defenseToJson, middleSeed, type SeedOfDefense } from '../core/defenses/seeds.ts';
import { sortSettings, type SortedSettings } from '../core/defenses/settings.ts';
import { asLabError, LabError } from '../core/errors.ts';
import type { ModelWeights } from '../core/experiment/weights.ts';
import { nodeAssets } from '../engine/backend/assets.node.ts';
import { chooseBackend } from '../engine/backend/choose.ts';
import { controlWeights } from '../engine/defenses/control.ts';
import { runDefenses } from '../engine/defenses/run-defenses.ts';
import { controlFolder } from './control-folder.ts';
import { loadFromFolder, loadShippedModel, PREPARED_DATA } from './data-files.ts';
import { defendedModel } from './defended-model.ts';
import { defenseProgress } from './defense-progress.ts';
import { assertDistinct, assertWritable, writeWhole } from './files.ts';
import { rememberInFile } from './measurement-file.ts';
import { installNodeWebGpu } from './node-webgpu.ts';
import { EXIT, percent, printLine, type Terminal } from './output.ts';
import { printWarning } from './print-error.ts';
import { readExperimentFile } from './show-config.ts';
import { spawnHelperThread } from './spawn-helper-thread.ts';

/** More threads than this find too little to do. */
const MOST_THREADS = 4;

export interface DefendOptions {
  defense?: string[] | undefined;
  config?: string | undefined;
  set: string[];
  seeds: number;
  json?: string | undefined;
  backend?: BackendChoice | undefined;
  data?: string | undefined;
  threads?: number | undefined;
  control?: boolean | undefined;
  quiet?: boolean | undefined;
}

/**
 * @param file a model, a checkpoint, or the JSON of a run
 * @throws LabError whatever the model, the experiment, the data or a defense are refused with
 */
export async function defend(
  file: string,
  options: DefendOptions,
  terminal: Terminal,
  observe: (event: DefenseEvent) => void = () => undefined,
): Promise<number> {
  const json = options.json === '-' ? undefined : options.json;
  await assertDistinct({ 'the model': file, 'the experiment': options.config, 'the numbers': json });
  if (json !== undefined) await assertWritable(json);
  const settings = sortSettings(options.set);
  const { weights, experiment: own } = await defendedModel(file);
  const experiment = await experimentFor(file, own, options, settings, terminal);
  const asked = askedDefenses(options.defense ?? [], settings, experiment);
  const stop = new AbortController();
  let exitCode: number = EXIT.interrupted;
  const stopListening = terminal.onStop((code) => {
    if (stop.signal.aborted) terminal.exitNow(code);
    exitCode = code;
    stop.abort();
  });
  const people = options.json === '-' ? terminal.err : terminal.out;
  const progress = defenseProgress(people, terminal, options.quiet === true);
  try {
    const done = await defendModel({ weights, experiment, asked }, options, stop.signal, (event) => {
      progress.onEvent(event);
      observe(event);
    });
    progress.end();
    if (!options.quiet) for (const runs of done.runs) printLine(people, summary(runs));
    const text = `${JSON.stringify(jsonOf(file, done, experiment), null, 1)}\n`;
    if (options.json === '-') terminal.out.write(text);
    else if (json !== undefined) await writeWhole(json, text);
    return EXIT.ok;
  } catch (thrown) {
    progress.end();
    if (!stop.signal.aborted || asLabError(thrown).code !== 'E-CANCELLED') throw thrown;
    printLine(terminal.err, 'Stopped; nothing was written.');
    return exitCode;
  } finally {
    stopListening();
  }
}

/** What is to be defended, and by what. */
export interface Defended {
  weights: ModelWeights;
  experiment: ExperimentConfig;
  asked: readonly DefenseConfig[];
}

export interface Done {
  backend: string;
  /** For each defense, what each seed said. */
  runs: SeedOfDefense[][];
}

/** Runs each defense over the seeds, from the experiment's on. @throws LabError as runDefenses */
export async function defendModel(
  { weights, experiment, asked }: Defended,
  {
    backend,
    data,
    threads,
    control,
    seeds,
  }: Pick<DefendOptions, 'backend' | 'data' | 'threads' | 'control' | 'seeds'>,
  signal: AbortSignal,
  emit: (event: DefenseEvent) => void,
): Promise<Done> {
  const choice = backend ?? experiment.backend;
  if (choice === 'webgpu') await installNodeWebGpu();
  const chosen = await chooseBackend(choice, nodeAssets, rememberInFile());
  const whole = await loadFromFolder(data ?? PREPARED_DATA, experiment.task.dataset, () => undefined, signal);
  const dataset = datasetOfTask(whole, experiment.task);
  assertFitsDataset(
    { ...experiment, task: { ...experiment.task, model: modelOf(weights, experiment) } },
    dataset.info,
  );
  const count = (threads ?? Math.min(MOST_THREADS, availableParallelism())) - 1;
  const runs = asked.map((): SeedOfDefense[] => []);
  let clean: Promise<ModelWeights> | null = null;
  for (let at = 0; at < seeds; at++) {
    const seed = experiment.seed + at;
    const results = await runDefenses(
      {
        weights,
        defenses: asked,
        experiment,
        knownTraining: true,
        dataset,
        seed,
        control:
          control === false
            ? null
            : (onStep) =>
                (clean ??= controlWeights(experiment, weights.model, dataset, {
                  signal,
                  onStep,
                  loadPretrained: loadShippedModel,
                  cache: controlFolder(),
                })),
      },
      { signal, emit, helpers: { spawn: spawnHelperThread, count } },
    );
    results.forEach((result, index) => runs[index]?.push({ seed, result }));
  }
  return { backend: chosen.name, runs };
}

/** The architecture of the weights, which the experiment may not name. */
function modelOf({ model }: ModelWeights, { task }: ExperimentConfig): ExperimentConfig['task']['model'] {
  return model === task.model ? task.model : (model as ExperimentConfig['task']['model']);
}

/** That of the command line, or the model's own. */
async function experimentFor(
  file: string,
  own: ExperimentConfig | null,
  { config }: DefendOptions,
  { experiment: settings }: SortedSettings,
  { err }: Terminal,
): Promise<ExperimentConfig> {
  if (config !== undefined) {
    const read = await readExperimentFile(config, settings);
    for (const warning of read.warnings) printWarning(err, warning);
    return read.config;
  }
  if (own) return applySettings(own, settings);
  throw new LabError({
    code: 'E-DEFENSE',
    what: `${file} does not say what experiment it comes from.`,
    why: 'A defense needs data that the model reads, and its figures need the trigger.',
    fix: 'Give the experiment: `lab defend MODEL --config EXPERIMENT.yaml`.',
    where: file,
  });
}

/** Those of the command line, or else those of the experiment. */
function askedDefenses(
  names: readonly string[],
  { defenses: settings }: SortedSettings,
  experiment: ExperimentConfig,
): DefenseConfig[] {
  if (names.length > 0) {
    return names.map((name) => {
      const id = name.split('@')[0] ?? '';
      return chooseDefense(name, isDefenseId(id) ? settings[id] : {});
    });
  }
  if (experiment.defenses.length > 0) return [...experiment.defenses];
  throw new LabError({
    code: 'E-DEFENSE',
    what: 'No defense was named.',
    why: 'The experiment lists none either (`defenses`).',
    fix: `Name one or more: --defense ${Object.keys(defenses).join(',')}.`,
    where: '--defense',
  });
}

/** `{ version, model, seed, backend, defenses: [{ id, verdict, score, flagged, metrics, seconds, control }] }`. */
function jsonOf(model: string, { backend, runs }: Done, { seed }: ExperimentConfig): object {
  return { version: 1, model, seed, backend, defenses: runs.map(defenseToJson) };
}

/** One line for people. */
export function summary(runs: readonly SeedOfDefense[]): string {
  const middle = middleSeed(runs);
  if (!middle) return '';
  const { result } = middle;
  const { title, flags } = defenses[result.id as keyof typeof defenses];
  const several = runs.length > 1 ? `, middle of ${runs.length} seeds` : '';
  return [
    `${title}: ${result.verdict}${several}`,
    result.score !== null && `score ${result.score.toFixed(2)}`,
    result.flagged.length > 0 && flaggedWords(result, flags),
    ...figureWords(result),
    result.control &&
      `clean control: ${result.control.verdict}${result.control.score === null ? '' : ` (${result.control.score.toFixed(2)})`}`,
    `${result.seconds.toFixed(1)} s`,
  ]
    .filter((part) => typeof part === 'string')
    .join('; ');
}

/** Numbers that are few, else how many. */
function flaggedWords({ flagged }: DefenseResult, what: string): string {
  return flagged.length <= 10 ? `${what} ${flagged.join(', ')}` : `${flagged.length} ${what}`;
}

function figureWords({ metrics }: DefenseResult): string[] {
  const of = (name: string): number | null => metrics[name] ?? null;
  const words: string[] = [];
  if ('attack_success_after' in metrics) {
    words.push(
      `clean accuracy ${percent(of('clean_accuracy_before'))} to ${percent(of('clean_accuracy_after'))} (n=${of('clean_n')})`,
      `attack success ${percent(of('attack_success_before'))} to ${percent(of('attack_success_after'))} (n=${of('attack_n')})`,
    );
  }
  if ('true_positive_rate' in metrics) {
    words.push(
      `found ${percent(of('true_positive_rate'))} of ${of('positives')}`,
      `false alarms ${percent(of('false_positive_rate'))} of ${of('negatives')}`,
    );
    const auroc = of('auroc');
    if (auroc !== null) words.push(`AUROC ${auroc.toFixed(3)}`);
  }
  return words;
}
