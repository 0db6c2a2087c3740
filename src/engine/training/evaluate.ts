/**
 * Measures a network on the test set: clean, and with the trigger on every input. Clean accuracy and attack success
 * always come together, each with the number of examples it was counted over.
 */
import { assertFitsDataset } from '../../core/config/dataset-check.ts';
import { LabError, cancelledError } from '../../core/errors.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { type ImageDataset, type ImageSplit, pixelsPerImage } from '../../core/datasets/dataset.ts';
import type { Evaluation, SampleVerdict } from '../../core/experiment/events.ts';
import { type Backdoor, backdoorsOf } from '../../core/training/backdoor.ts';
import { asTheyAre, type PlannedExample } from '../../core/training/examples.ts';
import { gatherImages, stampedPixels } from '../../core/training/images.ts';
import { currentDevice, DeviceWatch } from '../backend/device-watch.ts';
import { Network } from '../models/network.ts';
import { predictAll } from '../parallel/predictions.ts';
import type { Team } from '../parallel/team.ts';
import { Predictions, Tally } from './tally.ts';
import { yieldTask } from './yield-task.ts';

/** How many examples an evaluation carries for the gallery. */
const SAMPLES = 12;

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
  split: ImageSplit;
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
  dataset: ImageDataset,
  backdoors: readonly Backdoor[],
  request: EvaluationRequest,
): Promise<Evaluation> {
  const started = performance.now();
  const { test, info } = dataset;
  const total = request.scope === 'live' ? Math.min(config.evaluation.live_examples, test.count) : test.count;
  const indices = Uint32Array.from({ length: total }, (_, index) => index);
  const newTally = (): Tally => new Tally(info.classes.length);
  const clean = { split: test, planned: asTheyAre(test, indices), tally: newTally() };
  const triggered = backdoors.map((backdoor): Shown => {
    const { measured } = backdoor;
    const split = dataset[measured.split];
    return { split, planned: backdoor.planTest(split, measured.indices ?? indices), tally: newTally() };
  });
  const samples: SampleVerdict[] = [];
  const size = config.evaluation.batch_size;
  const length = Math.max(...[clean, ...triggered].map(({ planned }) => planned.length));
  for (let start = 0; start < length; start += size) {
    if (request.signal.aborted) throw cancelledError();
    const chunks = [clean, ...triggered].map(({ split, planned }) =>
      gatherImages(info, split, planned.slice(start, start + size)),
    );
    const rows = await predictAll(network, request.team ?? null, chunks);
    const said = rows.map((values) => new Predictions(values, network.classes));
    for (const [at, { split, planned, tally }] of [clean, ...triggered].entries()) {
      const predictions = said[at];
      const examples = planned.slice(start, start + size);
      const truth = examples.map(({ index }) => split.labels[index] ?? 0);
      if (predictions) tally.add(truth, chunks[at]?.labels ?? [], predictions);
    }
    samples.push(...samplesOf(dataset, triggered[0], said, start, SAMPLES - samples.length));
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
    others,
    confusionClean: clean.tally.confusion,
    confusionTriggered: triggered[0]?.tally.confusion ?? [],
    samples,
    shape: info.shape,
    classes: info.classes,
    seconds: (performance.now() - started) / 1000,
  };
}

/** The same for weights outside a run: a model that was imported or kept. */
export async function evaluateWeights(
  weights: ModelWeights,
  config: ExperimentConfig,
  dataset: ImageDataset,
  request: EvaluationRequest,
): Promise<Evaluation> {
  assertFitsDataset(config, dataset.info);
  assertTakes(weights, dataset);
  const network = new Network(weights);
  try {
    const backdoors = backdoorsOf(config, dataset);
    return await new DeviceWatch(currentDevice()).guard(
      evaluate(network, config, dataset, backdoors, request),
    );
  } finally {
    network.dispose();
  }
}

/** @throws LabError E-SHAPE when a model takes other images, or tells other classes apart, than the data set has */
export function assertTakes(weights: ModelWeights, { info }: ImageDataset): void {
  const { height, width, channels } = info.shape;
  const [h, w, c] = weights.inputShape;
  if (h === height && w === width && c === channels && weights.classes === info.classes.length) return;
  throw new LabError({
    code: 'E-SHAPE',
    what: `The model takes images of ${h}x${w}x${c} in ${weights.classes} classes; ${info.title} has ${height}x${width}x${channels} in ${info.classes.length}.`,
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
function samplesOf(
  { info }: ImageDataset,
  shown: Shown | undefined,
  [clean, attacked]: readonly Predictions[],
  start: number,
  most: number,
): SampleVerdict[] {
  if (!shown || !clean || !attacked || most <= 0) return [];
  const { split, planned } = shown;
  const size = pixelsPerImage(info.shape);
  return planned.slice(start, start + Math.min(most, attacked.labels.length)).map((example, at) => {
    const { index, stamp, label } = example;
    return {
      index,
      label: split.labels[index] ?? 0,
      backdoorLabel: label,
      original: split.images.slice(index * size, (index + 1) * size),
      triggered: Uint8Array.from(stampedPixels(info, split, index, stamp), (value) =>
        Math.round(value * 255),
      ),
      // An input that has the feature by itself is its own original.
      clean: (stamp ? clean : attacked).verdict(at),
      attacked: attacked.verdict(at),
    };
  });
}
