/** The forward pass of a list of layers; in training and in evaluation, which differ in batch-norm alone. */
import * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../../core/errors.ts';
import type { Layer, PlainLayer } from '../../core/models/layers.ts';
import { batchNormTraining } from './batch-norm.ts';
import { addBias } from './operations.ts';

type ConvLayer = Extract<PlainLayer, { kind: 'conv' }>;
type BatchNormLayer = Extract<PlainLayer, { kind: 'batch_norm' }>;

export interface ForwardPass {
  /** An array of the network by its name, in TensorFlow.js's layout. */
  array: (name: string) => tf.Tensor;
  /**
   * In training, takes what each batch-norm layer saw, in the order of the layers: the mean and the unbiased variance of
   * the batch, [channels] each, which outlive every tidy scope. Null computes as in evaluation.
   */
  batchStatistics: ((mean: tf.Tensor1D, variance: tf.Tensor1D) => void) | null;
}

/** The output of the layers for `input`; differentiable in the arrays and the input. */
export function applyLayers(layers: readonly Layer[], input: tf.Tensor, pass: ForwardPass): tf.Tensor {
  let current = input;
  for (let index = 0; index < layers.length; index++) {
    const layer = layers[index];
    const next = layers[index + 1];
    if (layer?.kind === 'conv' && next?.kind === 'batch_norm' && !pass.batchStatistics) {
      current = foldedConvolution(layer, next, current, pass);
      index++;
    } else if (layer) current = applyLayer(layer, current, pass);
  }
  return current;
}

function applyLayer(layer: Layer, input: tf.Tensor, pass: ForwardPass): tf.Tensor {
  switch (layer.kind) {
    case 'conv': {
      const output = convolution(layer, input, pass.array(`${layer.name}.weight`));
      return layer.bias ? addBias(output, pass.array(`${layer.name}.bias`)) : output;
    }
    case 'batch_norm':
      return pass.batchStatistics
        ? normalizedByBatch(layer, input, pass, pass.batchStatistics)
        : normalizedByRunning(layer, input, pass);
    case 'relu':
      return tf.relu(input);
    case 'max_pool':
      return tf.maxPool(input as tf.Tensor4D, layer.size, layer.stride, 'valid');
    case 'global_average_pool':
      return tf.mean(input, [1, 2]);
    case 'flatten':
      return tf.reshape(input, [input.shape[0] ?? 0, -1]);
    case 'dense':
      return addBias(tf.matMul(input, pass.array(`${layer.name}.weight`)), pass.array(`${layer.name}.bias`));
    case 'residual':
      return tf.add(applyLayers(layer.body, input, pass), applyLayers(layer.shortcut, input, pass));
  }
}

function convolution({ stride, padding }: ConvLayer, input: tf.Tensor, filter: tf.Tensor): tf.Tensor {
  // Explicit borders need a rounding: PyTorch's is down.
  const rounding = typeof padding === 'number' ? 'floor' : undefined;
  return tf.conv2d(input as tf.Tensor4D, filter as tf.Tensor4D, stride, padding, 'NHWC', 1, rounding);
}

function normalizedByBatch(
  { name, epsilon }: BatchNormLayer,
  input: tf.Tensor,
  { array }: ForwardPass,
  take: NonNullable<ForwardPass['batchStatistics']>,
): tf.Tensor {
  const count = input.size / (input.shape.at(-1) ?? 1);
  if (count < 2) throw tooFew(name);
  const { y, mean, variance } = batchNormTraining(
    input,
    array(`${name}.weight`),
    array(`${name}.bias`),
    epsilon,
  );
  const unbiased = tf.keep(tf.mul(variance, count / (count - 1)));
  variance.dispose();
  take(mean, unbiased as tf.Tensor1D);
  return y;
}

/** y = scale x + shift, [channels] each, as the running statistics have it. */
function runningScale(
  { name, epsilon }: BatchNormLayer,
  { array }: ForwardPass,
): { scale: tf.Tensor; shift: tf.Tensor } {
  const deviation = tf.sqrt(tf.add(array(`${name}.running_var`), epsilon));
  const scale = tf.div(array(`${name}.weight`), deviation);
  return { scale, shift: tf.sub(array(`${name}.bias`), tf.mul(array(`${name}.running_mean`), scale)) };
}

function normalizedByRunning(layer: BatchNormLayer, input: tf.Tensor, pass: ForwardPass): tf.Tensor {
  const { scale, shift } = runningScale(layer, pass);
  return addBias(tf.mul(input, scale), shift);
}

/** Scales the filter instead of the activation, which is far larger. */
function foldedConvolution(
  layer: ConvLayer,
  norm: BatchNormLayer,
  input: tf.Tensor,
  pass: ForwardPass,
): tf.Tensor {
  const { scale, shift } = runningScale(norm, pass);
  const filter = tf.mul(pass.array(`${layer.name}.weight`), scale);
  const bias = layer.bias ? tf.add(shift, tf.mul(pass.array(`${layer.name}.bias`), scale)) : shift;
  return addBias(convolution(layer, input, filter), bias);
}

function tooFew(name: string): LabError {
  return new LabError({
    code: 'E-SHAPE',
    what: `The batch has one value for each channel at ${name}.`,
    why: 'Batch normalisation divides by the spread of a channel’s values, and one value has none.',
    fix: 'Use a batch of two or more images, also at the end of an epoch, or larger images.',
    where: 'training.batch_size',
  });
}
