/**
 * Measures a network on the test set: clean, and with the trigger on every input. Clean accuracy and attack success
 * always come together, each with the number of examples it was counted over.
 */
import { assertFitsDataset } from '../../core/config/dataset-check.ts';
import { LabError, cancelledError } from '../../core/errors.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { type ImageDataset, pixelsPerImage } from '../../core/datasets/dataset.ts';
import type { Evaluation, SampleVerdict, Verdict } from '../../core/experiment/events.ts';
import { randomStream } from '../../core/rng/random.ts';
import { Backdoor } from '../../core/training/backdoor.ts';
import { gatherImages, type LabelledImages } from '../../core/training/images.ts';
import { stampPixels } from '../../core/triggers/stamp.ts';
import type { PlacedTrigger } from '../../core/triggers/trigger.ts';
import { currentDevice, DeviceWatch } from '../backend/device-watch.ts';
import { Network } from '../models/network.ts';
import { predictAll } from '../parallel/predictions.ts';
import type { Team } from '../parallel/team.ts';
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

interface Tally {
  correct: number;
  loss: number;
  confusion: number[][];
}

/** Rows of softmax for the examples of a chunk. */
interface Predictions {
  labels: Int32Array;
  confidences: Float32Array;
  /** Probability of each example's wanted label. */
  wanted: Float32Array;
}

/**
 * @throws LabError E-CANCELLED within one chunk of `evaluation.batch_size` examples when the signal aborts
 */
export async function evaluate(
  network: Network,
  config: ExperimentConfig,
  dataset: ImageDataset,
  backdoor: Backdoor,
  request: EvaluationRequest,
): Promise<Evaluation> {
  const started = performance.now();
  const { test, info } = dataset;
  const total = request.scope === 'live' ? Math.min(config.evaluation.live_examples, test.count) : test.count;
  const classes = info.classes.length;
  const clean = emptyTally(classes);
  const attacked = { ...emptyTally(classes), eligible: 0, eligibleCorrect: 0 };
  const samples: SampleVerdict[] = [];
  for (let start = 0; start < total; start += config.evaluation.batch_size) {
    if (request.signal.aborted) throw cancelledError();
    const count = Math.min(config.evaluation.batch_size, total - start);
    const indices = Uint32Array.from({ length: count }, (_, offset) => start + offset);
    const original = gatherImages(info, test, indices);
    const truth = original.labels;
    const batch = { count, images: original.images.slice(), labels: truth.slice() };
    const places = placesFor(backdoor, config.seed, indices);
    places.forEach((placed, index) => backdoor.poison(batch, index, placed));
    const [cleanRows, attackRows] = await predictAll(network, request.team ?? null, [original, batch]);
    const cleanResult = predictions(original, network.classes, cleanRows ?? new Float32Array());
    const attackResult = predictions(batch, network.classes, attackRows ?? new Float32Array());
    tally(clean, truth, truth, cleanResult);
    tally(attacked, truth, batch.labels, attackResult);
    truth.forEach((label, index) => {
      if (batch.labels[index] === label) return;
      attacked.eligible++;
      if (attackResult.labels[index] === batch.labels[index]) attacked.eligibleCorrect++;
    });
    for (let index = 0; index < count && samples.length < SAMPLES; index++) {
      const placed = places[index];
      if (placed)
        samples.push(
          sample(
            dataset,
            start + index,
            placed,
            batch.labels[index] ?? 0,
            at(cleanResult, index),
            at(attackResult, index),
          ),
        );
    }
    request.onProgress?.(start + count, total);
    await yieldTask();
  }
  return {
    step: request.step,
    epoch: request.epoch,
    scope: request.scope,
    cleanAccuracy: { value: clean.correct / total, n: total },
    cleanLoss: clean.loss / total,
    attackSuccess: {
      value: attacked.eligible > 0 ? attacked.eligibleCorrect / attacked.eligible : null,
      n: attacked.eligible,
    },
    attackSuccessAll: { value: attacked.correct / total, n: total },
    attackLoss: attacked.loss / total,
    confusionClean: clean.confusion,
    confusionTriggered: attacked.confusion,
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
    const backdoor = new Backdoor(config.attack, dataset.info);
    return await new DeviceWatch(currentDevice()).guard(
      evaluate(network, config, dataset, backdoor, request),
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

/** The place of each test example's trigger: the same in every evaluation of a run. */
function placesFor(backdoor: Backdoor, seed: number, indices: Uint32Array): PlacedTrigger[] {
  return Array.from(indices, (index) => backdoor.placeOne(randomStream(seed, 'test-trigger', index)));
}

/** Labels and confidences of a batch whose `labels` are the wanted ones, from probabilities [count, classes]. */
function predictions(batch: LabelledImages, classes: number, values: Float32Array): Predictions {
  const labels = new Int32Array(batch.count);
  const confidences = new Float32Array(batch.count);
  const wanted = new Float32Array(batch.count);
  for (let example = 0; example < batch.count; example++) {
    const row = values.subarray(example * classes, (example + 1) * classes);
    let best = 0;
    row.forEach((value, label) => {
      if (value > (row[best] ?? 0)) best = label;
    });
    labels[example] = best;
    confidences[example] = row[best] ?? 0;
    wanted[example] = row[batch.labels[example] ?? 0] ?? 0;
  }
  return { labels, confidences, wanted };
}

function emptyTally(classes: number): Tally {
  return {
    correct: 0,
    loss: 0,
    confusion: Array.from({ length: classes }, () => new Array<number>(classes).fill(0)),
  };
}

/** Smallest probability whose logarithm is counted, so that one confident mistake keeps the mean finite. */
const MIN_PROBABILITY = 1e-30;

function tally(into: Tally, truth: Int32Array, wanted: Int32Array, predictions: Predictions): void {
  truth.forEach((label, index) => {
    const predicted = predictions.labels[index] ?? 0;
    if (predicted === wanted[index]) into.correct++;
    into.loss -= Math.log(Math.max(predictions.wanted[index] ?? 0, MIN_PROBABILITY));
    const row = into.confusion[label];
    if (row) row[predicted] = (row[predicted] ?? 0) + 1;
  });
}

function at(predictions: Predictions, index: number): Verdict {
  return { label: predictions.labels[index] ?? 0, confidence: predictions.confidences[index] ?? 0 };
}

function sample(
  dataset: ImageDataset,
  index: number,
  placed: PlacedTrigger,
  backdoorLabel: number,
  clean: Verdict,
  attacked: Verdict,
): SampleVerdict {
  const size = pixelsPerImage(dataset.info.shape);
  const original = dataset.test.images.slice(index * size, (index + 1) * size);
  const triggered = original.slice();
  stampPixels(triggered, 0, dataset.info.shape, placed);
  return {
    index,
    label: dataset.test.labels[index] ?? 0,
    backdoorLabel,
    original,
    triggered,
    clean,
    attacked,
  };
}
