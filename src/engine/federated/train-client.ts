/** Trains one client’s local model. Source: McMahan et al., AISTATS 2017, algorithm 1, ClientUpdate. */
import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../core/training/images.ts';
import type { StepTask } from '../../core/training/tasks.ts';
import type { Network } from '../models/network.ts';
import { balance } from '../objectives/balancer.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import { assignValues, readValues, tensorsLike, totalSize } from '../parallel/flat-values.ts';
import { probabilitiesOf } from '../parallel/perform.ts';
import { measure } from '../training/gradients.ts';
import { Optimizer } from '../training/optimizer.ts';
import { yieldTask } from '../training/yield-task.ts';
import type { ClientJob, ClientResult } from './client-job.ts';

/**
 * @param network holds the global values; it holds the local ones afterwards
 * @param global the same values, one after another
 * @param give lets other work of this thread in between two steps
 */
export async function trainClient(
  network: Network,
  global: Float32Array,
  job: ClientJob,
  give: () => Promise<void> = yieldTask,
): Promise<ClientResult> {
  const started = performance.now();
  const optimizer = new Optimizer(job.optimizer, network.parameters);
  const anchor = job.anomalyWeight > 0 ? tensorsLike(network.variables, global) : [];
  const masks = job.mask ? tensorsLike(network.variables, Float32Array.from(job.mask)) : [];
  const sums: Record<string, { sum: number; count: number }> = {};
  let steps = 0;
  try {
    for (const epoch of job.epochs) {
      for (const tasks of epoch) {
        const losses = await step(network, optimizer, job, tasks, ++steps, anchor, masks);
        for (const [index, { objective }] of tasks.entries()) {
          const total = (sums[objective] ??= { sum: 0, count: 0 });
          total.sum += losses[index] ?? NaN;
          total.count++;
        }
        await give();
      }
      if (job.normBound !== null) project(network, global, job.normBound);
    }
  } finally {
    optimizer.dispose();
    tf.dispose([...anchor, ...masks]);
  }
  const delta = new Float32Array(totalSize(network.values));
  readValues(network.values, delta);
  for (let at = 0; at < delta.length; at++) delta[at] = (delta[at] as number) - (global[at] as number);
  if (job.mask) for (const [at, kept] of job.mask.entries()) delta[at] = kept * (delta[at] as number);
  const losses = Object.entries(sums).map(([objective, { sum, count }]) => [objective, sum / count]);
  return {
    delta,
    losses: Object.fromEntries(losses) as ClientResult['losses'],
    steps,
    probe: job.probe && {
      clean: await correct(network, job.probe.clean),
      triggered: await correct(network, job.probe.triggered),
    },
    milliseconds: performance.now() - started,
  };
}

/** One update. @returns the loss of each task */
async function step(
  network: Network,
  optimizer: Optimizer,
  { balancer, anomalyWeight, learningRate }: ClientJob,
  tasks: readonly StepTask[],
  number: number,
  anchor: readonly tf.Tensor[],
  masks: readonly tf.Tensor[],
): Promise<number[]> {
  const computed = tasks.map(({ batch }) => lossAndGradient(network, batch));
  const { losses, gram } = await measure(
    computed.map(({ loss }) => loss),
    computed.map(({ gradient }) => gradient),
  );
  const objectives = tasks.map(({ objective }) => objective);
  const { weights } = balance(balancer, objectives, losses, gram);
  const gradients = computed.map(({ gradient }) => gradient);
  const scales = weights.map((weight) => weight * (1 - anomalyWeight));
  const further: tf.Tensor[] = [];
  if (anchor.length > 0) {
    // Of the squared distance to the global model: twice the way to it.
    const away = network.variables.map((variable, index) => tf.sub(variable, anchor[index] ?? variable));
    further.push(...away);
    gradients.push(away);
    scales.push(2 * anomalyWeight);
  }
  const masked =
    masks.length === 0
      ? gradients
      : gradients.map((gradient) => gradient.map((tensor, index) => tf.mul(tensor, masks[index] ?? 1)));
  optimizer.applyWeighted(masked, scales, learningRate, number);
  for (const { statistics } of computed) network.track(statistics);
  if (masks.length > 0) tf.dispose(masked as tf.Tensor[][]);
  tf.dispose(further);
  for (const { loss, gradient, statistics } of computed) tf.dispose([loss, ...gradient, ...statistics]);
  return losses;
}

/**
 * The local model, brought back within a distance of the global one. Source: Wang et al., Attack of the Tails, NeurIPS 2020,
 * section 3 (projected gradient descent).
 */
function project(network: Network, global: Float32Array, bound: number): void {
  const values = new Float32Array(totalSize(network.values));
  readValues(network.values, values);
  let squared = 0;
  for (let at = 0; at < values.length; at++) squared += ((values[at] ?? 0) - (global[at] ?? 0)) ** 2;
  const distance = Math.sqrt(squared);
  if (!(distance > bound)) return;
  const share = bound / distance;
  for (let at = 0; at < values.length; at++) {
    const from = global[at] ?? 0;
    values[at] = from + share * ((values[at] ?? 0) - from);
  }
  assignValues(network.values, values);
}

/** How many inputs the network reads as their labels say. */
async function correct(network: Network, batch: LabelledImages): Promise<number> {
  if (batch.count === 0) return 0;
  const probabilities = await probabilitiesOf(network, batch.images, batch.count);
  const { classes } = network;
  let right = 0;
  for (let index = 0; index < batch.count; index++) {
    let best = 0;
    for (let label = 1; label < classes; label++)
      if ((probabilities[index * classes + label] ?? 0) > (probabilities[index * classes + best] ?? 0))
        best = label;
    if (best === batch.labels[index]) right++;
  }
  return right;
}
