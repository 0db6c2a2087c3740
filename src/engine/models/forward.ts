/** The forward pass of a list of layers; in training and in evaluation, which differ in batch-norm alone. */
import * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../../core/errors.ts';
import type { Layer, PlainLayer } from '../../core/models/layers.ts';
import { batchNormTraining } from './batch-norm.ts';
import { groupNormalized } from './group-norm.ts';
import { addBias, addBiasRelu } from './operations.ts';
import { applyTextLayer, convolveWords, maxOverWords, productOnEach, type TextPass } from './text-forward.ts';

type ConvLayer = Extract<PlainLayer, { kind: 'conv' }>;
type ProductLayer = ConvLayer | Extract<PlainLayer, { kind: 'dense' | 'conv_words' }>;
/** A layer whose gradient follows from what it takes in and the gradient of what it gives. */
export type TappedLayer = ProductLayer | Extract<PlainLayer, { kind: 'embedding' | 'group_norm' }>;
type PoolLayer = Extract<PlainLayer, { kind: 'max_pool' | 'max_over_words' }>;
type BatchNormLayer = Extract<PlainLayer, { kind: 'batch_norm' }>;

export interface ForwardPass extends TextPass {
  /**
   * In training, takes what each batch-norm layer saw, in the order of the layers: the mean and the unbiased variance of
   * the batch, [channels] each, which outlive every tidy scope. Null computes as in evaluation.
   */
  batchStatistics: ((mean: tf.Tensor1D, variance: tf.Tensor1D) => void) | null;
  /** Whether a layer computes as in evaluation all the same: a batch-norm layer that is not learnt. */
  frozen?: (name: string) => boolean;
  /**
   * Sees each layer's output and gives what the next one takes in, in the order of the layers; of a residual block the
   * body's, the shortcut's, then the sum. Of layers that are computed in one pass, the last alone. For checks.
   */
  replace?: (layer: Layer, output: tf.Tensor) => tf.Tensor;
  /**
   * Sees what a layer of products, or one that looks words up, takes in and gives before its bias; of a group normalisation
   * what is scaled, and what comes of it. Stands in for what it gives.
   */
  tap?: (layer: TappedLayer, input: tf.Tensor, output: tf.Tensor) => tf.Tensor;
}

/** The output of the layers for `input`; differentiable in the arrays and the input. */
export function applyLayers(layers: readonly Layer[], input: tf.Tensor, pass: ForwardPass): tf.Tensor {
  let current = input;
  for (let index = 0; index < layers.length; index++) {
    const layer = layers[index];
    const next = layers[index + 1];
    if (layer?.kind === 'conv' && next?.kind === 'batch_norm' && !pass.tap && !statisticsTaker(next, pass)) {
      current = foldedConvolution(layer, next, current, pass);
      index++;
    } else if (layer && hasBias(layer) && next?.kind === 'relu') {
      const pool = layers[index + 2];
      const pooled = pool?.kind === 'max_pool' || pool?.kind === 'max_over_words' ? pool : null;
      current = rectified(layer, pooled, current, pass);
      index += pooled ? 2 : 1;
    } else if (layer) current = applyLayer(layer, current, pass);
    const done = layers[index];
    if (done && pass.replace) current = pass.replace(done, current);
  }
  return current;
}

function applyLayer(layer: Layer, input: tf.Tensor, pass: ForwardPass): tf.Tensor {
  switch (layer.kind) {
    case 'conv':
    case 'conv_words':
    case 'dense': {
      const output = product(layer, input, pass);
      return hasBias(layer) ? addBias(output, pass.array(`${layer.name}.bias`)) : output;
    }
    case 'batch_norm': {
      const take = statisticsTaker(layer, pass);
      return take ? normalizedByBatch(layer, input, pass, take) : normalizedByRunning(layer, input, pass);
    }
    case 'group_norm': {
      const normal = groupNormalized(input, layer.groups, layer.epsilon);
      const scaled = tf.mul(normal, pass.array(`${layer.name}.weight`));
      return addBias(pass.tap?.(layer, normal, scaled) ?? scaled, pass.array(`${layer.name}.bias`));
    }
    case 'relu':
      return tf.relu(input);
    case 'max_pool':
    case 'max_over_words':
      return pooledBy(layer, input);
    case 'global_average_pool':
      return tf.mean(input, [1, 2]);
    case 'flatten':
      return tf.reshape(input, [input.shape[0] ?? 0, -1]);
    case 'residual':
      return tf.add(applyLayers(layer.body, input, pass), applyLayers(layer.shortcut, input, pass));
    case 'parallel':
      return tf.concat(
        layer.branches.map((branch) => applyLayers(branch, input, pass)),
        1,
      );
    default: {
      const output = applyTextLayer(layer, input, pass);
      return layer.kind === 'embedding' && pass.tap ? pass.tap(layer, input, output) : output;
    }
  }
}

/** Who takes the batch's statistics of a layer; null where it normalises by its running ones. */
function statisticsTaker({ name }: BatchNormLayer, pass: ForwardPass): ForwardPass['batchStatistics'] {
  return pass.frozen?.(name) ? null : pass.batchStatistics;
}

function hasBias(layer: Layer): layer is ProductLayer {
  return layer.kind === 'dense' || layer.kind === 'conv_words' || (layer.kind === 'conv' && layer.bias);
}

/**
 * Bias and rectifier after a product, in one pass. Both keep the order of values, so they come after a pool, where there
 * are fewer: max(relu(x + b)) = relu(max(x) + b), to the bit.
 */
function rectified(
  layer: ProductLayer,
  pool: PoolLayer | null,
  input: tf.Tensor,
  pass: ForwardPass,
): tf.Tensor {
  const output = product(layer, input, pass);
  return addBiasRelu(pool ? pooledBy(pool, output) : output, pass.array(`${layer.name}.bias`));
}

function product(layer: ProductLayer, input: tf.Tensor, { array, tap }: ForwardPass): tf.Tensor {
  const output = plainProduct(layer, input, array(`${layer.name}.weight`));
  return tap ? tap(layer, input, output) : output;
}

function plainProduct(layer: ProductLayer, input: tf.Tensor, weight: tf.Tensor): tf.Tensor {
  switch (layer.kind) {
    case 'dense':
      return productOnEach(input, weight);
    case 'conv_words':
      return convolveWords(input, weight);
    case 'conv':
      return convolution(layer, input, weight);
  }
}

function pooledBy(layer: PoolLayer, input: tf.Tensor): tf.Tensor {
  if (layer.kind === 'max_over_words') return maxOverWords(input);
  const { size, stride, padding = 0 } = layer;
  return tf.maxPool(input as tf.Tensor4D, size, stride, padding, 'floor');
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
