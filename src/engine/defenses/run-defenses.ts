/** Runs defenses on a model: each with its control and its figures. The same in a worker, in Node and in tests. */
import type { DefenseConfig } from '../../core/config/schema-defense.ts';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import type { DefenseDefinition } from '../../core/defenses/defense.ts';
import { type DefenseId, defenses } from '../../core/defenses/definitions.ts';
import type { DefenseEvent, DefenseStage } from '../../core/defenses/events.ts';
import type { Evidence } from '../../core/defenses/evidence.ts';
import type { DefenseResult, Finding, Metrics } from '../../core/defenses/result.ts';
import { cancelledError } from '../../core/errors.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import { defenseEffectiveness } from '../../core/statistics/defense-effectiveness.ts';
import type { SpawnHelper } from '../parallel/messages.ts';
import type { DefenseContext } from './context.ts';
import { measuredCourse } from './course.ts';
import { measureModel, performanceOf } from './measure.ts';
import { assertNeeds } from './needs.ts';
import { runnerOf } from './runners.ts';
import { type Ground, groundOf, judged, withTruth } from './truth.ts';

export interface DefenseRequest {
  weights: ModelWeights;
  defenses: readonly DefenseConfig[];
  /** Says data and trigger; where `knownTraining`, also what the model was trained on and how. */
  experiment: ExperimentConfig;
  /** False for a model that came without its experiment: methods that need the training set refuse. */
  knownTraining: boolean;
  /** As the experiment reads it. */
  dataset: Dataset;
  /** Of the methods; another seed gives another draw of the defender's examples too. */
  seed: number;
  /** Gives the clean model, once; null goes without. */
  control: ((onStep: (done: number, total: number) => void) => Promise<ModelWeights>) | null;
}

export interface DefenseTools {
  signal: AbortSignal;
  emit: (event: DefenseEvent) => void;
  helpers: { spawn: SpawnHelper; count: number } | null;
}

/**
 * On the current backend, one defense after another.
 * @throws LabError E-DEFENSE where one cannot work (before any has begun), E-CANCELLED, and as data and trigger are refused
 */
export async function runDefenses(request: DefenseRequest, tools: DefenseTools): Promise<DefenseResult[]> {
  const withPoison = request.defenses.some(({ kind }) => readsTraining(definitionOf(kind)));
  const { experiment, dataset, seed } = request;
  const { trigger } = request.weights;
  const ground = await groundOf(experiment, dataset, seed, withPoison, tools.signal, trigger);
  for (const config of request.defenses) {
    assertNeeds(definitionOf(config.kind), contextOf(definitionOf(config.kind), request, ground, tools));
  }
  const results: DefenseResult[] = [];
  let control: Promise<ModelWeights> | null = null;
  for (const config of request.defenses) {
    const stage = stages(config.kind, tools);
    const controlOnce = request.control && (() => (control ??= request.control?.(stage('control')) ?? null));
    const result = await runOne(config, request, ground, tools, stage, controlOnce);
    tools.emit({ type: 'defense-done', result });
    results.push(result);
  }
  return results;
}

type Stages = (stage: DefenseStage) => (done: number, total: number) => void;

async function runOne(
  config: DefenseConfig,
  request: DefenseRequest,
  ground: Ground,
  tools: DefenseTools,
  stage: Stages,
  control: (() => Promise<ModelWeights> | null) | null,
): Promise<DefenseResult> {
  const { kind: id } = config;
  const { trigger } = request.weights;
  const definition = definitionOf(id);
  const evidence = new Map<string, Evidence>();
  const show = (one: Evidence): void => {
    evidence.set(one.id, one);
    tools.emit({ type: 'defense-evidence', id, evidence: one });
  };
  const context = { ...contextOf(definition, request, ground, tools), progress: stage('model'), show };
  const started = performance.now();
  const finding = await perform(config, context);
  const seconds = (performance.now() - started) / 1000;
  const told = await figuresOf(definition, finding, request, ground, tools, stage);
  told.evidence.forEach(show);
  for (const one of evidence.values()) {
    const known = withTruth(one, definition, ground);
    if (known) show(known);
  }
  const clean = control && (await control());
  const said = clean && (await perform(config, controlContext(definition, context, ground, clean, stage)));
  return {
    id,
    verdict: finding.verdict,
    score: finding.score,
    flagged: finding.flagged,
    metrics: { ...finding.metrics, ...told.metrics },
    seconds,
    control: said && { verdict: said.verdict, score: said.score },
    evidence: [...evidence.values()],
    // A repair is of the network alone; what its trigger has learned stays with it.
    weights: finding.weights ? { ...finding.weights, ...(trigger && { trigger }) } : null,
  };
}

function contextOf(
  definition: DefenseDefinition,
  { weights, dataset, knownTraining, experiment, seed }: DefenseRequest,
  { clean, training, inputs, pairs }: Ground,
  { signal, helpers }: DefenseTools,
): DefenseContext {
  return {
    weights,
    info: dataset.info,
    clean,
    training: readsTraining(definition) && knownTraining ? training : null,
    inputs: definition.kind === 'guards_input' && inputs.count > 0 ? inputs : null,
    pairs: definition.needs.trigger ? pairs : null,
    experiment: knownTraining ? experiment : null,
    seed,
    signal,
    progress: () => undefined,
    show: () => undefined,
    helpers,
  };
}

/** The same for the clean model, which was trained on clean examples, and of which nothing is shown. */
function controlContext(
  definition: DefenseDefinition,
  context: DefenseContext,
  { cleanTraining }: Ground,
  weights: ModelWeights,
  stage: Stages,
): DefenseContext {
  const training = context.training && cleanTraining;
  const silent = { ...context, weights, training, progress: stage('control'), show: () => undefined };
  assertNeeds(definition, silent);
  return silent;
}

async function perform(config: DefenseConfig, context: DefenseContext): Promise<Finding> {
  const run = runnerOf(config.kind);
  if (context.signal.aborted) throw cancelledError();
  return run(context, config);
}

/** What only the truth tells of a finding. */
async function figuresOf(
  definition: DefenseDefinition,
  finding: Finding,
  { weights, dataset }: DefenseRequest,
  { backdoor, measured, poisoned, triggered }: Ground,
  { signal }: DefenseTools,
  stage: Stages,
): Promise<{ metrics: Metrics; evidence: Evidence[] }> {
  const told = judged(definition, finding, definition.kind === 'guards_input' ? triggered : poisoned);
  if (!finding.weights) return told;
  const progress = stage('measure');
  progress(0, 2);
  const before = await measureModel(weights, dataset, backdoor, measured, signal);
  progress(1, 2);
  const after = await measureModel(finding.weights, dataset, backdoor, measured, signal);
  progress(2, 2);
  const [was, is] = [performanceOf(before), performanceOf(after)];
  const course =
    finding.course && (await measuredCourse(finding.course, dataset, backdoor, measured, signal));
  return {
    evidence: [...told.evidence, ...(course ? [course] : [])],
    metrics: {
      ...told.metrics,
      clean_accuracy_before: before.cleanAccuracy,
      clean_accuracy_after: after.cleanAccuracy,
      attack_success_before: before.attackSuccess,
      attack_success_after: after.attackSuccess,
      robust_accuracy_before: before.robustAccuracy,
      robust_accuracy_after: after.robustAccuracy,
      defense_effectiveness: was && is ? defenseEffectiveness(was, is) : null,
      clean_n: before.examples,
      attack_n: before.attacked,
    },
  };
}

/** Tells of each stage how far it is, and when it will be done. */
function stages(id: DefenseId, { emit }: DefenseTools): Stages {
  return (stage) => {
    const started = performance.now();
    return (done, total) => {
      const seconds = (performance.now() - started) / 1000;
      const secondsLeft = done > 0 ? (seconds * (total - done)) / done : null;
      emit({ type: 'defense-progress', id, stage, done, total, secondsLeft });
    };
  };
}

function readsTraining({ kind, needs }: DefenseDefinition): boolean {
  return kind === 'changes_training' || kind === 'filters_data' || needs.trainingSet;
}

function definitionOf(id: DefenseId): DefenseDefinition {
  return defenses[id];
}
