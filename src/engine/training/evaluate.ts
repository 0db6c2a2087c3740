/**
 * Measures a network on the test set: clean, and with the trigger on every input. Clean accuracy and attack success
 * always come together, each with the number of examples it was counted over.
 */
import { assertFitsDataset } from '../../core/config/dataset-check.ts';
import { LabError, cancelledError } from '../../core/errors.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { type Dataset, isImages } from '../../core/datasets/dataset.ts';
import type { Evaluation, ImageSample, SampleVerdict, TextSample } from '../../core/experiment/events.ts';
import { type Backdoor, backdoorsOf } from '../../core/training/backdoor.ts';
import { asTheyAre, indicesOf, type PlannedExample } from '../../core/training/examples.ts';
import { inputShapeOf } from '../../core/models/input-of.ts';
import { gather } from '../../core/training/gather.ts';
import { type LabelledImages, readImages, stampedPixels } from '../../core/training/images.ts';
import { markedText } from '../../core/training/texts.ts';
import { currentDevice, DeviceWatch } from '../backend/device-watch.ts';
import { Network } from '../models/network.ts';
import { predictAll } from '../parallel/predictions.ts';
import type { Team } from '../parallel/team.ts';
import { Predictions, Tally } from './tally.ts';
import { yieldTask } from './yield-task.ts';

/** How many examples an evaluation carries for the gallery. */
const SAMPLES = 12;

/** How many inputs are tried with the trigger of another one. */
const CROSSED = 1000;

export interface EvaluationRequest {
  scope: Evaluation['scope'];
  step: number;
  epoch: number;
  signal: AbortSignal;
  onProgress?: (done: number, total: number) => void;
  /** Shares the work, on the wasm backend; it has taken the network. */
  team?: Team | null;
}

/** Examples as one backdoor, or none, shows them. */
interface Shown {
  split: 'train' | 'test';
  planned: PlannedExample[];
  tally: Tally;
}

/**
 * @param backdoors of the attack, the first one first
 * @throws LabError E-CANCELLED within one chunk of `evaluation.batch_size` examples when the signal aborts
 */
export async function evaluate(
  network: Network,
  config: ExperimentConfig,
  dataset: Dataset,
  backdoors: readonly Backdoor[],
  request: EvaluationRequest,
): Promise<Evaluation> {
  const started = performance.now();
  const { test, info } = dataset;
  const total = request.scope === 'live' ? Math.min(config.evaluation.live_examples, test.count) : test.count;
  const indices = Uint32Array.from({ length: total }, (_, index) => index);
  const newTally = (): Tally => new Tally(info.classes.length);
  const clean: Shown = { split: 'test', planned: asTheyAre(test, indices), tally: newTally() };
  const triggered = backdoors.map((backdoor): Shown => {
    const { measured } = backdoor;
    const planned = backdoor.planTest(dataset[measured.split], measured.indices ?? indices);
    return { split: measured.split, planned, tally: newTally() };
  });
  const learning = backdoors.find(({ learned }) => learned !== null);
  const planned = learning?.planCross(test, indices.subarray(0, CROSSED));
  const crossed: Shown[] = planned ? [{ split: 'test', planned, tally: newTally() }] : [];
  const everything = [clean, ...triggered, ...crossed];
  const samples: SampleVerdict[] = [];
  const size = config.evaluation.batch_size;
  const length = Math.max(...everything.map(({ planned }) => planned.length));
  for (let start = 0; start < length; start += size) {
    if (request.signal.aborted) throw cancelledError();
    const chunks: LabelledImages[] = [];
    for (const shown of everything) {
      chunks.push(await gather(dataset, shown.split, shown.planned.slice(start, start + size)));
    }
    const rows = await predictAll(network, request.team ?? null, chunks);
    const said = rows.map((values) => new Predictions(values, network.classes));
    for (const [at, { split, planned: all, tally }] of everything.entries()) {
      const predictions = said[at];
      const examples = all.slice(start, start + size);
      const truth = examples.map(({ index }) => dataset[split].labels[index] ?? 0);
      if (predictions) tally.add(truth, chunks[at]?.labels ?? [], predictions);
    }
    samples.push(...(await samplesOf(dataset, triggered[0], said, start, SAMPLES - samples.length)));
    request.onProgress?.(Math.min(start + size, length), length);
    await yieldTask();
  }
  const figures = triggered.map(({ tally }) => tally.figures);
  const [first, ...others] = figures;
  if (!first) throw new RangeError('an attack has at least one backdoor');
  return {
    step: request.step,
    epoch: request.epoch,
    scope: request.scope,
    cleanAccuracy: clean.tally.accuracy,
    cleanLoss: clean.tally.loss,
    ...first,
    ...(crossed[0] && { crossTrigger: crossed[0].tally.accuracy }),
    others,
    confusionClean: clean.tally.confusion,
    confusionTriggered: triggered[0]?.tally.confusion ?? [],
    samples,
    shape: info.kind === 'images' ? info.shape : null,
    classes: info.classes,
    seconds: (performance.now() - started) / 1000,
  };
}

/** The same for weights outside a run: a model that was imported or kept. */
export async function evaluateWeights(
  weights: ModelWeights,
  config: ExperimentConfig,
  dataset: Dataset,
  request: EvaluationRequest,
): Promise<Evaluation> {
  assertFitsDataset(config, dataset.info);
  assertTakes(weights, dataset);
  const network = new Network(weights);
  try {
    const backdoors = backdoorsOf(config, dataset, weights.trigger);
    return await new DeviceWatch(currentDevice()).guard(
      evaluate(network, config, dataset, backdoors, request),
    );
  } finally {
    network.dispose();
  }
}

/** @throws LabError E-SHAPE when a model takes other inputs, or tells other classes apart, than the data set has */
export function assertTakes(weights: ModelWeights, { info }: Dataset): void {
  const wanted = inputShapeOf(info);
  const { inputShape, classes } = weights;
  if (inputShape.join() === wanted.join() && classes === info.classes.length) return;
  const said = (shape: readonly number[]): string =>
    shape.length === 2 ? `texts of ${shape.join(' words of ')}` : `images of ${shape.join('x')}`;
  throw new LabError({
    code: 'E-SHAPE',
    what: `The model takes ${said(inputShape)} in ${classes} classes; ${info.title} has ${said(wanted)} in ${info.classes.length}.`,
    why: 'It was made for another data set.',
    fix: 'Choose the data set it was made for, or another model.',
    where: 'task',
  });
}

/**
 * Examples of a chunk as the gallery shows them.
 * @param said of the clean test set, then of the first backdoor
 * @param start of the chunk
 */
async function samplesOf(
  dataset: Dataset,
  shown: Shown | undefined,
  [clean, attacked]: readonly Predictions[],
  start: number,
  most: number,
): Promise<SampleVerdict[]> {
  if (!shown || !clean || !attacked || most <= 0) return [];
  const { split, planned } = shown;
  const examples = planned.slice(start, start + Math.min(most, attacked.labels.length));
  const inputs = await inputsOf(dataset, split, examples);
  return examples.map((example, at) => ({
    ...inputs(example),
    index: example.index,
    label: dataset[split].labels[example.index] ?? 0,
    backdoorLabel: example.label,
    // An input that has the feature by itself is its own original.
    clean: (example.stamp ? clean : attacked).verdict(at),
    attacked: attacked.verdict(at),
  }));
}

type Inputs = Pick<ImageSample, 'original' | 'triggered'> | Pick<TextSample, 'words' | 'inserted'>;

/** Gives an example without and with its trigger. */
async function inputsOf(
  dataset: Dataset,
  split: Shown['split'],
  examples: readonly PlannedExample[],
): Promise<(example: PlannedExample) => Inputs> {
  if (!isImages(dataset)) return (example) => markedText(dataset, dataset[split], example);
  const wanted = indicesOf(examples);
  const imageOf = await readImages(dataset.info, dataset[split], wanted);
  return (example) => ({
    original: imageOf(example.index).slice(),
    triggered: Uint8Array.from(stampedPixels(imageOf, example), (value) => Math.round(value * 255)),
  });
}
