/**
 * Batch normalisation in training (Ioffe and Szegedy, Batch Normalization, ICML 2015), forward and backward, with ReLU
 * fused if wanted. Usable while `hasWasmKernels()`.
 *
 * Each direction is one call over a batch, or two steps with sums between them: workers that each hold a shard give
 * their sums to each other, join them in one order, and finish with the statistics of the whole batch.
 */
import * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../../../core/errors.ts';
import { currentInstance } from './api.ts';
import { biasedVariance, channelCount, channelMoments, type ChannelMoments } from './channel-moments.ts';
import type { KernelInstance } from './instance.ts';
import { floatOutput } from './kernel.ts';
import { laneCount } from './lane-count.ts';

export interface BatchNormParameters {
  /** [channels] float32, multiplies the normalised values. */
  gamma: tf.Tensor;
  /** [channels] float32, added last. */
  beta: tf.Tensor;
  /** Added to the variance, above 0. */
  epsilon: number;
  /** Whether ReLU follows. */
  relu: boolean;
}

/** What the gradient needs of all values of a channel: [channels] each. */
export interface ChannelGradientSums {
  /** Of dy (with ReLU: where the output was above zero). */
  gradient: Float64Array;
  /** Of dy * (x - mean), likewise. */
  centred: Float64Array;
}

/**
 * y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with the mean and the biased variance of the batch itself.
 * @param x [..., channels] float32
 * @returns y in the shape of x, and the batch's moments, which the gradient and running statistics need
 * @throws LabError E-SHAPE
 */
export function batchNormTraining(
  x: tf.Tensor,
  parameters: BatchNormParameters,
): { y: tf.Tensor; moments: ChannelMoments } {
  requireParameters(channelCount(x), parameters);
  const moments = channelMoments(x);
  return { y: normalizeChannels(x, moments, parameters), moments };
}

/**
 * The gradient of `batchNormTraining`.
 * @param x and dy: [..., channels] float32, of one shape
 * @param moments as the forward pass gave them
 * @returns dx in the shape of x; dGamma and dBeta [channels]
 * @throws LabError E-SHAPE
 */
export function batchNormGradient(
  x: tf.Tensor,
  dy: tf.Tensor,
  moments: ChannelMoments,
  parameters: BatchNormParameters,
): { dx: tf.Tensor; dGamma: tf.Tensor1D; dBeta: tf.Tensor1D } {
  const sums = channelGradientSums(x, dy, moments, parameters);
  return {
    dx: channelInputGradient(x, dy, moments, sums, parameters),
    ...parameterGradients(sums, moments, parameters.epsilon),
  };
}

/** The second step forward: normalises a shard with moments that may be the whole batch's. @throws LabError E-SHAPE */
export function normalizeChannels(
  x: tf.Tensor,
  moments: ChannelMoments,
  parameters: BatchNormParameters,
): tf.Tensor {
  requireFit(x, moments, parameters);
  const instance = currentInstance();
  const y = floatOutput(instance, x.shape);
  const { lanes, tables } = writeTables(instance, moments, parameters);
  instance.kernels.normalize(
    instance.address(x),
    instance.address(y),
    x.size,
    tables,
    lanes,
    parameters.relu ? 1 : 0,
  );
  return tf.engine().makeTensorFromTensorInfo(y, instance.backend);
}

/** The first step back: a shard's sums. Those of the whole batch are their element-wise sums. @throws LabError E-SHAPE */
export function channelGradientSums(
  x: tf.Tensor,
  dy: tf.Tensor,
  moments: ChannelMoments,
  parameters: BatchNormParameters,
): ChannelGradientSums {
  requireFit(x, moments, parameters);
  requireSameShape(x, dy);
  const instance = currentInstance();
  const { lanes, tables, end } = writeTables(instance, moments, parameters);
  instance.kernels.normalizeSums(
    instance.address(x),
    instance.address(dy),
    x.size,
    tables,
    lanes,
    parameters.relu ? 1 : 0,
    end,
    end + lanes * 16,
  );
  const folded = (sums: Float64Array): Float64Array => {
    const total = new Float64Array(moments.mean.length);
    sums.forEach((sum, lane) => {
      const channel = lane % total.length;
      total[channel] = (total[channel] ?? NaN) + sum;
    });
    return total;
  };
  return {
    gradient: folded(instance.doubles(end, lanes)),
    centred: folded(instance.doubles(end + lanes * 8, lanes)),
  };
}

/** The second step back: a shard's dx, from the moments and sums of the whole batch. @throws LabError E-SHAPE */
export function channelInputGradient(
  x: tf.Tensor,
  dy: tf.Tensor,
  moments: ChannelMoments,
  sums: ChannelGradientSums,
  parameters: BatchNormParameters,
): tf.Tensor {
  requireFit(x, moments, parameters);
  requireSameShape(x, dy);
  const instance = currentInstance();
  const dx = floatOutput(instance, x.shape);
  const { lanes, tables } = writeTables(instance, moments, parameters, sums);
  instance.kernels.normalizeGradient(
    instance.address(x),
    instance.address(dy),
    instance.address(dx),
    x.size,
    tables,
    lanes,
    parameters.relu ? 1 : 0,
  );
  return tf.engine().makeTensorFromTensorInfo(dx, instance.backend);
}

/** The gradients of gamma and beta [channels] from the sums of the whole batch. */
export function parameterGradients(
  sums: ChannelGradientSums,
  moments: ChannelMoments,
  epsilon: number,
): { dGamma: tf.Tensor1D; dBeta: tf.Tensor1D } {
  const variance = biasedVariance(moments);
  const dGamma = sums.centred.map((sum, channel) => sum / Math.sqrt((variance[channel] ?? NaN) + epsilon));
  return {
    dGamma: tf.tensor1d(Float32Array.from(dGamma)),
    dBeta: tf.tensor1d(Float32Array.from(sums.gradient)),
  };
}

/**
 * Writes the channel tables of assembly/batch-norm.ts into scratch: mean, scale, shift, and for dx slope and offset.
 * The scratch is valid until the next call; behind the tables, at `end`, there is room for the sums.
 */
function writeTables(
  instance: KernelInstance,
  moments: ChannelMoments,
  parameters: BatchNormParameters,
  sums?: ChannelGradientSums,
): { lanes: number; tables: number; end: number } {
  const channels = moments.mean.length;
  const lanes = laneCount(channels);
  const tables = instance.scratch(lanes * (5 * 4 + 2 * 8 + 2 * 4));
  const gamma = instance.floats(instance.address(parameters.gamma), channels);
  const beta = instance.floats(instance.address(parameters.beta), channels);
  const written = instance.floats(tables, lanes * 5);
  for (let channel = 0; channel < channels; channel += 1) {
    const variance = (moments.squares[channel] ?? NaN) / moments.count + parameters.epsilon;
    const scale = (gamma[channel] ?? NaN) / Math.sqrt(variance);
    written[channel] = moments.mean[channel] ?? NaN;
    written[lanes + channel] = scale;
    written[2 * lanes + channel] = beta[channel] ?? NaN;
    if (!sums) continue;
    written[3 * lanes + channel] = (-scale * (sums.centred[channel] ?? NaN)) / (moments.count * variance);
    written[4 * lanes + channel] = (-scale * (sums.gradient[channel] ?? NaN)) / moments.count;
  }
  for (let table = 0; table < 5 * lanes; table += lanes) {
    for (let lane = channels; lane < lanes; lane += channels) {
      written.copyWithin(table + lane, table, table + channels);
    }
  }
  return { lanes, tables, end: tables + lanes * 20 };
}

function requireFit(x: tf.Tensor, moments: ChannelMoments, parameters: BatchNormParameters): void {
  const channels = channelCount(x);
  requireParameters(channels, parameters);
  if (moments.mean.length === channels) return;
  throw shapeError(`the moments are of ${moments.mean.length} channels, not ${channels}`);
}

function requireParameters(channels: number, { gamma, beta }: BatchNormParameters): void {
  for (const [name, tensor] of Object.entries({ gamma, beta })) {
    if (tensor.dtype !== 'float32' || tensor.size !== channels) {
      throw shapeError(`${name} is ${tensor.dtype} [${tensor.shape.join(', ')}], not float32 [${channels}]`);
    }
  }
}

function requireSameShape(x: tf.Tensor, dy: tf.Tensor): void {
  if (dy.dtype === 'float32' && tf.util.arraysEqual(x.shape, dy.shape)) return;
  throw shapeError(`dy is ${dy.dtype} [${dy.shape.join(', ')}], not float32 [${x.shape.join(', ')}]`);
}

function shapeError(why: string): LabError {
  return new LabError({
    code: 'E-SHAPE',
    what: 'Batch normalisation was given tensors that do not fit together.',
    why: `${why[0]?.toUpperCase() ?? ''}${why.slice(1)}.`,
    fix: 'Give x and dy of one shape [..., channels], and gamma, beta and moments of its channels.',
  });
}
