/**
 * Functions on tensors of the webgpu backend that no TensorFlow.js kernel offers. Usable while `hasWebgpuKernels()`.
 * Nothing is read back here: results are tensors, which belong to the caller.
 *
 * Whoever shares a variable's data (a clone, a reshape) keeps the old values: the variable is given a copy of its own before
 * it changes in place. Other tensors must not share their data.
 */
import * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../../../core/errors.ts';
import type { AdamOptions, SgdOptions } from '../wasm/direct.ts';
import { currentInstance } from './api.ts';
import { batchNormBackwardInfos, batchNormForwardInfos } from './batch-norm.ts';
import { channelSums as sumOfChannels } from './channel-sums.ts';
import { lossesAndProducts, MOST_OBJECTIVES } from './gram.ts';
import type { ShaderInstance } from './instance.ts';
import {
  addScaledProgram,
  adamProgram,
  combineProgram,
  moveTowardsProgram,
  reluGradientProgram,
  sgdProgram,
} from './optimizer.ts';
import { runOverWeights } from './over-weights.ts';
import { MAX_STORAGE_BUFFERS } from './program.ts';
import { softmaxCrossEntropyInto } from './softmax-cross-entropy.ts';

/** Gradients of one objective, a tensor for each parameter. */
type Gradient = readonly tf.Tensor[];

/** The gradients of several objectives and their weights in the update. */
export interface WeightedGradients {
  gradients: readonly Gradient[];
  weights: readonly number[];
}

/**
 * One step of torch.optim.SGD on all parameters, in place: g = the weighted sum of the objectives' gradients,
 * v = momentum v + (g + decay p), p -= rate v. A velocity of zeros before the first step gives PyTorch's first step.
 * @param velocities one for each parameter, kept also without momentum; null only then
 * @throws LabError E-SHAPE for sizes or types that do not fit
 */
export function sgdUpdate(
  parameters: readonly tf.Tensor[],
  velocities: readonly tf.Tensor[] | null,
  { gradients, weights }: WeightedGradients,
  { learningRate, momentum, weightDecay }: SgdOptions,
): void {
  if (momentum !== 0 && velocities === null) throw shapeError('sgdUpdate', 'momentum needs velocity tensors');
  const slots = velocities ? [velocities] : [];
  const program = (objectives: number) => sgdProgram(objectives, slots.length > 0);
  update('sgdUpdate', program, parameters, slots, { gradients, weights }, [
    learningRate,
    momentum,
    weightDecay,
  ]);
}

/**
 * One step of torch.optim.Adam on all parameters, in place on them and both moments (Kingma and Ba, Adam, ICLR 2015,
 * algorithm 1, with epsilon outside the corrected root). The gradient is the weighted sum of the objectives'.
 * @throws LabError E-SHAPE for sizes or types that do not fit, or a step below 1
 */
export function adamUpdate(
  parameters: readonly tf.Tensor[],
  firstMoments: readonly tf.Tensor[],
  secondMoments: readonly tf.Tensor[],
  weighted: WeightedGradients,
  { learningRate, beta1, beta2, epsilon, weightDecay, step }: AdamOptions,
): void {
  if (!(step >= 1)) throw shapeError('adamUpdate', `step ${step} is below 1`);
  update('adamUpdate', adamProgram, parameters, [firstMoments, secondMoments], weighted, [
    learningRate / (1 - beta1 ** step),
    1 / Math.sqrt(1 - beta2 ** step),
    beta1,
    1 - beta1,
    beta2,
    1 - beta2,
    epsilon,
    weightDecay,
  ]);
}

function update(
  where: string,
  programFor: typeof adamProgram,
  parameters: readonly tf.Tensor[],
  slots: readonly (readonly tf.Tensor[])[],
  { gradients, weights }: WeightedGradients,
  numbers: readonly number[],
): void {
  requireAlike(where, parameters, { slot: slots, gradient: gradients });
  if (gradients.length + 1 + slots.length > MAX_STORAGE_BUFFERS) {
    const combined = combineGradients({ gradients, weights });
    update(where, programFor, parameters, slots, { gradients: [combined], weights: [1] }, numbers);
    tf.dispose(combined);
    return;
  }
  const instance = currentInstance();
  const members = parameters.map((parameter, index) => [
    instance.own(parameter),
    ...slots.map((slot) => instance.own(member(slot, index))),
    ...gradients.map((gradient) => member(gradient, index)),
  ]);
  runOverWeights(instance, programFor(gradients.length), members, [...numbers, ...weights]);
}

/** The weighted sum of the objectives' gradients, a tensor for each parameter. @throws LabError E-SHAPE */
export function combineGradients({ gradients, weights }: WeightedGradients): tf.Tensor[] {
  const [first = []] = gradients;
  requireAlike('combineGradients', first, { gradient: gradients });
  const instance = currentInstance();
  const together = gradients.slice(0, MAX_STORAGE_BUFFERS - 1);
  const sums = first.map(({ shape }) => instance.outputTensor(shape));
  const members = sums.map((sum, index) => [sum, ...together.map((gradient) => member(gradient, index))]);
  runOverWeights(instance, combineProgram(together.length), members, weights);
  gradients
    .slice(together.length)
    .forEach((gradient, index) => addScaledInPlace(sums, gradient, weights[together.length + index] ?? 0));
  return sums;
}

/** target += scale * source, in place, for each pair of tensors. @throws LabError E-SHAPE */
export function addScaledInPlace(
  targets: readonly tf.Tensor[],
  sources: readonly tf.Tensor[],
  scale: number,
): void {
  requireAlike('addScaledInPlace', targets, { source: [sources] });
  const instance = currentInstance();
  const members = targets.map((target, index) => [instance.own(target), member(sources, index)]);
  runOverWeights(instance, addScaledProgram, members, [scale]);
}

/**
 * target += share * (source - target), in place, for each pair of tensors: running averages.
 * @param shares one for each pair, in [0, 1]
 * @throws LabError E-SHAPE
 */
export function moveTowards(
  targets: readonly tf.Tensor[],
  sources: readonly tf.Tensor[],
  shares: readonly number[],
): void {
  requireAlike('moveTowards', targets, { source: [sources] });
  const instance = currentInstance();
  for (const share of new Set(shares)) {
    const members = targets.flatMap((target, index) =>
      shares[index] === share ? [[instance.own(target), member(sources, index)]] : [],
    );
    runOverWeights(instance, moveTowardsProgram, members, [share]);
  }
}

/** Whether `lossesAndGram` takes that many objectives. */
export function fitsGram(objectives: number): boolean {
  return objectives <= MOST_OBJECTIVES;
}

/**
 * Losses and inner products of every pair of gradients over all parameters, in single precision, as one tensor
 * [losses..., (0, 0), (0, 1), ..., (1, 1), ...] to be read back at once.
 * @param losses a scalar for each objective
 * @throws LabError E-SHAPE, also for more objectives than `fitsGram`
 */
export function lossesAndGram(losses: readonly tf.Tensor[], gradients: readonly Gradient[]): tf.Tensor1D {
  if (losses.length !== gradients.length || !fitsGram(losses.length)) {
    throw shapeError('lossesAndGram', `${losses.length} losses for ${gradients.length} gradients`);
  }
  requireAlike('lossesAndGram', gradients[0] ?? [], { gradient: gradients });
  const instance = currentInstance();
  return toTensor(instance, lossesAndProducts(instance, losses, gradients));
}

/**
 * Softmax cross-entropy in one pass.
 * @param logits [n, classes] float32
 * @param labels [n] int32, each in [0, classes); the loss of another is NaN
 * @returns loss [n] of each example (not averaged), and its gradient in the logits [n, classes]
 * @throws LabError E-SHAPE
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
): { loss: tf.Tensor1D; gradient: tf.Tensor2D } {
  const [rows, classes] = logits.shape;
  if (logits.dtype !== 'float32' || rows * classes === 0) {
    throw shapeError('softmaxCrossEntropy', `logits are ${logits.dtype} [${logits.shape.join(', ')}]`);
  }
  if (labels.dtype !== 'int32' || labels.rank !== 1 || labels.size !== rows) {
    throw shapeError(
      'softmaxCrossEntropy',
      `labels are ${labels.dtype} [${labels.shape.join(', ')}], not int32 [${rows}]`,
    );
  }
  const instance = currentInstance();
  const loss = instance.outputTensor<tf.Tensor1D>([rows]);
  const gradient = instance.outputTensor<tf.Tensor2D>([rows, classes]);
  softmaxCrossEntropyInto(instance, { logits, labels, loss, gradient });
  return { loss, gradient };
}

/** The sum of each channel over all rows: [channels] of [..., channels], a bias gradient. @throws LabError E-SHAPE */
export function channelSums(values: tf.Tensor): tf.Tensor1D {
  requireAlike('channelSums', [values], {});
  if (values.size === 0) return tf.zeros([values.shape.at(-1) ?? 0]);
  const instance = currentInstance();
  return toTensor(instance, sumOfChannels(instance, values));
}

/** dy where the ReLU's output y is above zero, else 0. @throws LabError E-SHAPE */
export function reluGradient<T extends tf.Tensor>(dy: tf.Tensor, y: T): T {
  requireAlike('reluGradient', [y], { dy: [[dy]] });
  const instance = currentInstance();
  const dx = instance.outputTensor<T>(y.shape);
  runOverWeights(instance, reluGradientProgram, [[dx, dy, y]], []);
  return dx;
}

/**
 * Batch normalisation as in training: y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with the mean and the
 * biased variance of the batch itself (Ioffe and Szegedy, Batch Normalization, ICML 2015).
 * @param x [..., channels] float32, at least one row; gamma and beta [channels]
 * @param epsilon added to the variance, above 0
 * @throws LabError E-SHAPE
 */
export function batchNormTraining(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
): { y: tf.Tensor; mean: tf.Tensor1D; variance: tf.Tensor1D } {
  requireChannels('batchNormTraining', x, { gamma, beta });
  const instance = currentInstance();
  const { y, mean, variance } = batchNormForwardInfos(instance, x, gamma, beta, epsilon);
  return {
    y: toTensor(instance, y),
    mean: toTensor(instance, mean),
    variance: toTensor(instance, variance),
  };
}

/**
 * The gradient of `batchNormTraining` through y.
 * @param dy and x: [..., channels] float32, of one shape
 * @param mean and variance [channels], as the forward pass gave them
 * @returns dx in the shape of x; dGamma and dBeta [channels]
 * @throws LabError E-SHAPE
 */
export function batchNormGradient(
  dy: tf.Tensor,
  x: tf.Tensor,
  gamma: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  epsilon: number,
): { dx: tf.Tensor; dGamma: tf.Tensor1D; dBeta: tf.Tensor1D } {
  requireAlike('batchNormGradient', [x], { dy: [[dy]] });
  requireChannels('batchNormGradient', x, { gamma, mean, variance });
  const instance = currentInstance();
  const infos = batchNormBackwardInfos(instance, dy, x, gamma, { mean, variance }, epsilon);
  return {
    dx: toTensor(instance, infos.dx),
    dGamma: toTensor(instance, infos.dGamma),
    dBeta: toTensor(instance, infos.dBeta),
  };
}

function toTensor<T extends tf.Tensor>({ backend }: ShaderInstance, info: tf.TensorInfo): T {
  return tf.engine().makeTensorFromTensorInfo(info, backend) as T;
}

function member(list: readonly tf.Tensor[], index: number): tf.Tensor {
  const tensor = list[index];
  if (!tensor) throw new Error('lists of different lengths');
  return tensor;
}

/** Every list must hold float32 tensors of the same sizes as `tensors`. */
function requireAlike(
  where: string,
  tensors: readonly tf.Tensor[],
  lists: Record<string, readonly (readonly tf.Tensor[])[]>,
): void {
  for (const [name, group] of Object.entries({ tensor: [tensors], ...lists })) {
    for (const list of group) {
      if (list.length !== tensors.length) {
        throw shapeError(where, `there are ${list.length} tensors of ${name}, not ${tensors.length}`);
      }
      list.forEach((tensor, index) => {
        const { size } = member(tensors, index);
        if (tensor.dtype !== 'float32') throw shapeError(where, `${name} is ${tensor.dtype}, not float32`);
        if (tensor.size !== size) throw shapeError(where, `${name} has ${tensor.size} values, not ${size}`);
      });
    }
  }
}

function requireChannels(where: string, x: tf.Tensor, vectors: Record<string, tf.Tensor>): void {
  const channels = x.shape.at(-1) ?? 0;
  if (x.dtype !== 'float32' || x.size === 0) {
    throw shapeError(where, `x is ${x.dtype} [${x.shape.join(', ')}]`);
  }
  for (const [name, { dtype, size }] of Object.entries(vectors)) {
    if (dtype !== 'float32' || size !== channels) {
      throw shapeError(where, `${name} is ${dtype} with ${size} values, not float32 with ${channels}`);
    }
  }
}

function shapeError(where: string, why: string): LabError {
  return new LabError({
    code: 'E-SHAPE',
    what: `${where} was given tensors that do not fit together.`,
    why: `${why[0]?.toUpperCase()}${why.slice(1)}.`,
    fix: 'Give float32 tensors of matching sizes (labels: int32, one for each row).',
  });
}
