/**
 * Learns the triggers that are made from the image: the mask before training, the pattern along with the network. All of
 * it happens on the lead thread, whatever the number of threads: only a fraction of a batch has such a trigger.
 * Source: Nguyen and Tran, Input-Aware Dynamic Backdoor Attack, NeurIPS 2020, section 3 and their code.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ExperimentConfig, SynthesizerConfig } from '../../core/config/schema.ts';
import { type Dataset, isImages, type TextDataset } from '../../core/datasets/dataset.ts';
import { cancelledError } from '../../core/errors.ts';
import { type NamedArray, TRIGGER_SLOTS } from '../../core/experiment/weights.ts';
import { randomStream } from '../../core/rng/random.ts';
import type { LaidTrigger, LearnedTrigger } from '../../core/synthesizers/generator/learned-trigger.ts';
import type { Augment } from '../../core/training/augment.ts';
import { type Backdoor, learnedBy } from '../../core/training/backdoor.ts';
import { indicesOf, type PlannedExample } from '../../core/training/examples.ts';
import { type LabelledImages, readImages, stampedPixels } from '../../core/training/images.ts';
import type { StepTasks } from '../../core/training/tasks.ts';
import { labelCrossEntropy } from '../models/label-cross-entropy.ts';
import type { Network } from '../models/network.ts';
import { AdamSearch } from '../objectives/adam-search.ts';
import { yieldTask } from '../training/yield-task.ts';
import type { PreparationContext } from './prepare.ts';

/** Images of a step that learns the mask. */
const MASK_BATCH = 16;

/** The authors' Adam of both generators. */
const ADAM = { beta1: 0.5, beta2: 0.9, epsilon: 1e-8 };

type InputAware = Extract<SynthesizerConfig, { kind: 'input_aware' }>;

type AnyImageDataset = Exclude<Dataset, TextDataset>;

interface Learner {
  number: number;
  config: InputAware;
  trigger: LearnedTrigger;
  adam: AdamSearch;
}

export class TriggerTraining {
  private readonly learners: Learner[];

  constructor(
    private readonly config: ExperimentConfig,
    private readonly dataset: Dataset,
    backdoors: readonly Backdoor[],
  ) {
    const { attack } = config;
    this.learners = [attack, ...attack.others].flatMap(({ synthesizer }, position) => {
      const trigger = backdoors[position]?.learned;
      if (synthesizer.kind !== 'input_aware' || !trigger) return [];
      const adam = new AdamSearch([trigger.values.pattern], synthesizer.learning_rate, ADAM);
      return [{ number: position + 1, config: synthesizer, trigger, adam }];
    });
  }

  /**
   * Draws the generators from the seed and learns their masks. In a clean run they stay as they are drawn: a trigger that
   * nothing was taught is the control.
   * @throws LabError E-CANCELLED when the signal aborts
   */
  async begin({ signal, emit }: PreparationContext): Promise<void> {
    const { seed, attack } = this.config;
    for (const { number, config, trigger } of this.learners) {
      trigger.draw(randomStream(seed, 'generator', number));
      if (!attack.enabled || !isImages(this.dataset)) continue;
      const adam = new AdamSearch([trigger.values.mask], config.learning_rate, ADAM);
      for (let step = 0; step < config.mask_steps; step++) {
        if (signal.aborted) throw cancelledError();
        const { slope } = trigger.maskSlope(await this.maskBatch(this.dataset, number, step));
        adam.step([slope]);
        emit({ type: 'progress', stage: 'attack', done: step + 1, total: config.mask_steps, unit: 'steps' });
        await yieldTask();
      }
    }
  }

  /**
   * The slopes of a step at the network and the generators as they are.
   * @param learningRate of the network in this step: those of the generators fall with it
   * @returns takes the step of the generators
   */
  async step(network: Network, tasks: StepTasks, learningRate: number): Promise<() => void> {
    const { dataset } = this;
    if (!tasks.attacking || !isImages(dataset)) return () => undefined;
    const share = learningRate / this.config.training.optimizer.learning_rate;
    const updates: (() => void)[] = [];
    for (const { number, trigger, adam } of this.learners) {
      const laid: LaidTrigger[] = [];
      for (const [at, { batch }] of tasks.tasks.entries()) {
        const examples = tasks.planned[at]?.examples ?? [];
        laid.push(...(await laidIn(network, dataset, examples, tasks.augment, batch, number)));
      }
      if (laid.length === 0) continue;
      const { slope } = trigger.patternSlope(laid);
      // What is not finite comes from the network, whose own losses tell.
      if (slope.every(Number.isFinite)) updates.push(() => adam.step([slope], share));
    }
    return () => updates.forEach((update) => update());
  }

  /** What Adam keeps, beside what the triggers have learned. */
  state(): NamedArray[] {
    return this.learners.flatMap(({ number, adam }) =>
      adam
        .state()
        .filter(({ name }) => !name.startsWith('value'))
        .map((array) => ({ ...array, name: `${TRIGGER_SLOTS}${number}/${array.name}` })),
    );
  }

  restore(slots: readonly NamedArray[]): void {
    const own = slots
      .filter(({ name }) => name.startsWith(TRIGGER_SLOTS))
      .map((array) => ({ ...array, name: array.name.slice(TRIGGER_SLOTS.length) }));
    for (const { number, adam } of this.learners) adam.restore(learnedBy(number, own));
  }

  private async maskBatch(dataset: AnyImageDataset, number: number, step: number): Promise<Float32Array[]> {
    const { info, train } = dataset;
    const random = randomStream(this.config.seed, 'mask', number, step);
    const indices = Array.from({ length: MASK_BATCH }, () => random.int(0, train.count - 1));
    const imageOf = await readImages(info, train, indices);
    return indices.map((index) => stampedPixels(imageOf, { index, stamp: null }));
  }
}

/**
 * The examples of a batch that have one backdoor's trigger, with the slope of the loss in their pixels. The loss is the sum
 * of their cross-entropies over the size of the batch, each example by itself: batch-norm takes its running statistics.
 */
async function laidIn(
  network: Network,
  { info, train }: AnyImageDataset,
  planned: readonly PlannedExample[],
  augment: Augment | null,
  batch: LabelledImages,
  number: number,
): Promise<LaidTrigger[]> {
  const places = [...planned.keys()].filter((at) => planned[at]?.origin?.backdoor === number);
  const examples = places.flatMap((at) => planned[at] ?? []);
  if (examples.length === 0) return [];
  const size = batch.images.length / batch.count;
  const rows = new Float32Array(places.length * size);
  places.forEach((at, row) => rows.set(batch.images.subarray(at * size, (at + 1) * size), row * size));
  const labels = Int32Array.from(places, (at) => batch.labels[at] ?? 0);
  const slopes = await slopesOf(network, rows, labels, batch.count);
  const imageOf = await readImages(info, train, indicesOf(examples));
  return examples.map(({ index, donor = index }, row) => {
    const source = stampedPixels(imageOf, { index: donor, stamp: null }, augment);
    const slope = slopes
      .subarray(row * size, (row + 1) * size)
      // In the normalised image; one of values in [0, 1] is divided by the deviation.
      .map((value, at) => value / (info.deviation[at % info.deviation.length] ?? 1));
    return { source, slope };
  });
}

async function slopesOf(
  network: Network,
  images: Float32Array,
  labels: Int32Array,
  divisor: number,
): Promise<Float32Array> {
  const slopes = tf.tidy(() =>
    tf.grad((given: tf.Tensor) =>
      tf.mul<tf.Scalar>(tf.sum(labelCrossEntropy(network.forward(given), labels)), 1 / divisor),
    )(network.batchOf(images, labels.length)),
  );
  const values = (await slopes.data()) as Float32Array;
  slopes.dispose();
  return values;
}
