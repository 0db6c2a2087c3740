/**
 * Functions on tensors of the wasm backend that no TensorFlow.js kernel offers: optimizer steps in place, a dot product in
 * double precision, softmax cross-entropy with its gradient. Usable while `hasWasmKernels()`.
 *
 * Whoever shares a variable's data (a clone, a reshape) keeps the old values: the variable is given a copy of its own before
 * it changes in place. Other tensors must not share their data.
 */
import * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../../../core/errors.ts';
import { currentInstance } from './api.ts';
import { floatOutput } from './kernel.ts';

export interface SgdOptions {
  learningRate: number;
  /** In [0, 1); 0 means no velocity. */
  momentum: number;
  /** L2 penalty, added to the gradient as decay * parameter. */
  weightDecay: number;
}

/**
 * One step of torch.optim.SGD, in place: v = momentum v + (g + decay p), p -= rate v. A velocity of zeros before the first
 * step gives PyTorch's first step.
 * @param velocity as large as the parameter; null only without momentum
 * @throws LabError E-SHAPE for sizes or types that do not fit
 */
export function sgdUpdate(
  parameter: tf.Tensor,
  gradient: tf.Tensor,
  velocity: tf.Tensor | null,
  options: SgdOptions,
): void {
  const { learningRate, momentum, weightDecay } = options;
  requireFloats('sgdUpdate', parameter.size, { parameter, gradient, ...(velocity && { velocity }) });
  if (momentum !== 0 && velocity === null) throw shapeError('sgdUpdate', 'momentum needs a velocity tensor');
  const instance = currentInstance();
  instance.kernels.sgdStep(
    instance.own(parameter),
    instance.address(gradient),
    velocity ? instance.own(velocity) : 0,
    parameter.size,
    learningRate,
    momentum,
    weightDecay,
  );
}

export interface AdamOptions {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** L2 penalty, added to the gradient as decay * parameter (torch.optim.Adam, not AdamW). */
  weightDecay: number;
  /** Steps taken including this one, from 1. */
  step: number;
}

/**
 * One step of torch.optim.Adam, in place on the parameter and both moments (Kingma and Ba, Adam, ICLR 2015, algorithm 1,
 * with epsilon outside the corrected root).
 * @throws LabError E-SHAPE for sizes or types that do not fit, or a step below 1
 */
export function adamUpdate(
  parameter: tf.Tensor,
  gradient: tf.Tensor,
  firstMoment: tf.Tensor,
  secondMoment: tf.Tensor,
  options: AdamOptions,
): void {
  const { learningRate, beta1, beta2, epsilon, weightDecay, step } = options;
  requireFloats('adamUpdate', parameter.size, { parameter, gradient, firstMoment, secondMoment });
  if (!(step >= 1)) throw shapeError('adamUpdate', `step ${step} is below 1`);
  const instance = currentInstance();
  instance.kernels.adamStep(
    instance.own(parameter),
    instance.address(gradient),
    instance.own(firstMoment),
    instance.own(secondMoment),
    parameter.size,
    learningRate / (1 - beta1 ** step),
    1 / Math.sqrt(1 - beta2 ** step),
    beta1,
    beta2,
    1 - beta1,
    1 - beta2,
    epsilon,
    weightDecay,
  );
}

/** The sum of a[i] * b[i] over all elements, accumulated in double precision. @throws LabError E-SHAPE */
export function dotProduct(a: tf.Tensor, b: tf.Tensor): number {
  requireFloats('dotProduct', a.size, { a, b });
  const instance = currentInstance();
  return instance.kernels.dot(instance.address(a), instance.address(b), a.size);
}

/** target += scale * source, in place. @throws LabError E-SHAPE */
export function addScaledInPlace(target: tf.Tensor, source: tf.Tensor, scale: number): void {
  requireFloats('addScaledInPlace', target.size, { target, source });
  const instance = currentInstance();
  instance.kernels.addScaled(instance.own(target), instance.address(source), target.size, scale);
}

/**
 * Softmax cross-entropy in one pass.
 * @param logits [n, classes] float32
 * @param labels [n] int32, each in [0, classes)
 * @returns loss [n] of each example (not averaged), and its gradient in the logits [n, classes]
 * @throws LabError E-SHAPE
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
): { loss: tf.Tensor1D; gradient: tf.Tensor2D } {
  const [rows, classes] = logits.shape;
  requireFloats('softmaxCrossEntropy', rows * classes, { logits });
  if (labels.dtype !== 'int32' || labels.size !== rows || labels.rank !== 1) {
    throw shapeError(
      'softmaxCrossEntropy',
      `labels are ${labels.dtype} [${labels.shape.join(', ')}], not int32 [${rows}]`,
    );
  }
  const instance = currentInstance();
  const loss = floatOutput(instance, [rows]);
  const gradient = floatOutput(instance, [rows, classes]);
  instance.kernels.softmaxCrossEntropy(
    instance.address(logits),
    instance.address(labels),
    instance.address(loss),
    instance.address(gradient),
    rows,
    classes,
  );
  const engine = tf.engine();
  return {
    loss: engine.makeTensorFromTensorInfo(loss, instance.backend) as tf.Tensor1D,
    gradient: engine.makeTensorFromTensorInfo(gradient, instance.backend) as tf.Tensor2D,
  };
}

function requireFloats(where: string, size: number, tensors: Record<string, tf.Tensor>): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor.dtype !== 'float32') throw shapeError(where, `${name} is ${tensor.dtype}, not float32`);
    if (tensor.size !== size) throw shapeError(where, `${name} has ${tensor.size} values, not ${size}`);
  }
}

function shapeError(where: string, why: string): LabError {
  return new LabError({
    code: 'E-SHAPE',
    what: `${where} was given tensors that do not fit together.`,
    why: `${why[0]?.toUpperCase()}${why.slice(1)}.`,
    fix: 'Give float32 tensors of one size (labels: int32, one for each row).',
  });
}
