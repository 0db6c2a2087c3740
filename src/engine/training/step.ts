/**
 * One training step: a gradient for each objective, their balance, one update. The combined gradient is the weighted
 * sum of the objectives' gradients, so there is no further backward pass (Backdoors 101 runs one).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancerConfig, ObjectiveName } from '../../core/config/schema.ts';
import type { StepRecord } from '../../core/experiment/events.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import type { StepTask } from '../../core/training/tasks.ts';
import type { Network } from '../models/network.ts';
import { crossEntropy } from '../models/operations.ts';
import { balance } from '../objectives/balancer.ts';
import { combineGradients, type Gradient, measure } from './gradients.ts';
import type { Optimizer } from './optimizer.ts';

export interface StepOutcome {
  numbers: Pick<StepRecord, 'losses' | 'scales' | 'gradientNorms' | 'cosine' | 'minimumNorm'>;
  /** False when a loss or gradient was not finite: nothing was updated. */
  finite: boolean;
}

/** @param step 1 for the first update of the run */
export async function trainingStep(
  network: Network,
  optimizer: Optimizer,
  tasks: readonly StepTask[],
  balancer: BalancerConfig | null,
  learningRate: number,
  step: number,
): Promise<StepOutcome> {
  const objectives = tasks.map(({ objective }) => objective);
  const computed = tasks.map(({ batch }) => lossAndGradient(network, batch));
  const gradients = computed.map(({ gradient }) => gradient);
  const { losses, gram } = await measure(
    computed.map(({ loss }) => loss),
    gradients,
  );
  const n = tasks.length;
  const norms = gram.map((row, task) => Math.sqrt(row[task] ?? 0));
  const finite = [...losses, ...gram.flat()].every(Number.isFinite);
  const { weights, minimumNorm } = finite
    ? balance(balancer, objectives, losses, gram)
    : { weights: objectives.map(() => 0), minimumNorm: null };
  if (finite) {
    const combined = combineGradients(gradients, weights);
    optimizer.apply(combined, learningRate, step);
    tf.dispose(combined);
  }
  tf.dispose([computed.map(({ loss }) => loss), gradients.map((gradient) => [...gradient])]);
  const numbers = {
    losses: record(objectives, losses),
    scales: record(objectives, weights),
    gradientNorms: record(objectives, norms),
    cosine: n < 2 ? null : cosine(gram),
    minimumNorm,
  };
  return { numbers, finite };
}

/** Mean cross-entropy on a batch and its gradient in every parameter; the tensors belong to the caller. */
export function lossAndGradient(
  network: Network,
  batch: LabelledImages,
): { loss: tf.Scalar; gradient: Gradient } {
  const [height, width, channels] = network.inputShape;
  const variables = network.variables;
  const { value, grads } = tf.variableGrads(() => {
    const images = tf.tensor4d(batch.images, [batch.count, height, width, channels]);
    return tf.mean(crossEntropy(network.forward(images), oneHotLabels(batch.labels, network.classes)));
  }, variables);
  const gradient = variables.map((variable) => {
    const tensor = grads[variable.name];
    if (!tensor) throw new Error(`no gradient for ${variable.name}`);
    return tensor;
  });
  return { loss: value, gradient };
}

/** [n, classes] with a one at each label. */
export function oneHotLabels(labels: Int32Array, classes: number): tf.Tensor2D {
  const values = new Float32Array(labels.length * classes);
  labels.forEach((label, index) => (values[index * classes + label] = 1));
  return tf.tensor2d(values, [labels.length, classes]);
}

function record(
  objectives: readonly ObjectiveName[],
  values: readonly number[],
): Partial<Record<ObjectiveName, number>> {
  return Object.fromEntries(objectives.map((objective, index) => [objective, values[index] ?? 0]));
}

function cosine(gram: readonly (readonly number[])[]): number | null {
  const product = Math.sqrt((gram[0]?.[0] ?? 0) * (gram[1]?.[1] ?? 0));
  return product > 0 ? (gram[0]?.[1] ?? 0) / product : null;
}
