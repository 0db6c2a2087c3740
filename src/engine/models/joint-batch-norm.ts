/**
 * Batch normalisation in training over a batch that is cut into shards, on one thread or on several: each shard is
 * normalised by the mean and variance of the whole batch. What the shards found is joined in their order, so that the
 * numbers do not depend on how many threads there are. On the wasm backend.
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  type ChannelGradientSums,
  channelGradientSums,
  channelInputGradient,
  normalizeChannels,
  parameterGradients,
} from '../kernels/wasm/batch-norm.ts';
import {
  type ChannelMoments,
  channelMoments,
  joinMoments,
  unbiasedVariance,
} from '../kernels/wasm/channel-moments.ts';
import type { ShardExchange } from './shard-exchange.ts';

export interface ShardToNormalize {
  /** [..., channels] */
  x: tf.Tensor;
  /** [channels]; tensors of this shard alone, if its gradient is wanted by itself */
  gamma: tf.Tensor;
  /** [channels] */
  beta: tf.Tensor;
}

export interface JointlyNormalized {
  /** In the shapes of the shards' x. Differentiable in x, gamma and beta of every shard of this thread. */
  outputs: tf.Tensor[];
  /** Values of each channel in the whole batch. */
  count: number;
  /** [channels] of the whole batch; both outlive every tidy scope: the caller disposes them. */
  mean: tf.Tensor1D;
  unbiasedVariance: tf.Tensor1D;
}

/** @param shards this thread's, in the order of the batch */
export function jointBatchNorm(
  shards: readonly ShardToNormalize[],
  epsilon: number,
  exchange: ShardExchange,
): JointlyNormalized {
  const moments = joinMoments(
    exchange(shards.map(({ x }) => packedMoments(channelMoments(x)))).map(unpackedMoments),
  );
  const backward = new BackwardSums(exchange);
  const normalized = shards.map((shard, index) => normalize(shard, index, moments, epsilon, backward));
  // The tape runs backwards: all gates before the first of the normalisations.
  const outputs = normalized.map((y, index) => gate(y, shards[index], index, moments, epsilon, backward));
  return {
    outputs,
    count: moments.count,
    mean: tf.keep(tf.tensor1d(Float32Array.from(moments.mean))),
    unbiasedVariance: tf.keep(tf.tensor1d(Float32Array.from(unbiasedVariance(moments)))),
  };
}

/** The sums on the way back: each shard's own, and those of the whole batch once they are asked for. */
class BackwardSums {
  private readonly own: ChannelGradientSums[] = [];
  private joined: ChannelGradientSums | null = null;

  constructor(private readonly exchange: ShardExchange) {}

  add(index: number, sums: ChannelGradientSums): void {
    this.own[index] = sums;
  }

  of(index: number): ChannelGradientSums {
    const sums = this.own[index];
    if (!sums) throw new Error('the gradient of a shard before its sums');
    return sums;
  }

  whole(): ChannelGradientSums {
    return (this.joined ??= joinedSums(this.exchange(this.own.map(packedSums))));
  }
}

function normalize(
  { x, gamma, beta }: ShardToNormalize,
  index: number,
  moments: ChannelMoments,
  epsilon: number,
  sums: BackwardSums,
): tf.Tensor {
  const operation = tf.customGrad((...given) => {
    const [values, scale, shift, save] = given as unknown as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.GradSaveFunc,
    ];
    save([values, scale]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [input, factor] = saved as [tf.Tensor, tf.Tensor];
      const { dGamma, dBeta } = parameterGradients(sums.of(index), moments, epsilon);
      const dx = channelInputGradient(input, dy, moments, sums.whole(), unrectified(factor, epsilon));
      return [dx, dGamma, dBeta];
    };
    const value = normalizeChannels(values, moments, { gamma: scale, beta: shift, epsilon, relu: false });
    return { value, gradFunc };
  });
  return operation(x, gamma, beta);
}

/** Lets the values through as they are, and takes this shard's sums of their gradient on the way back. */
function gate(
  y: tf.Tensor,
  shard: ShardToNormalize | undefined,
  index: number,
  moments: ChannelMoments,
  epsilon: number,
  sums: BackwardSums,
): tf.Tensor {
  if (!shard) throw new Error('one output a shard');
  const { x, gamma } = shard;
  const operation = tf.customGrad((...given) => {
    const [values, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([x, gamma]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [input, factor] = saved as [tf.Tensor, tf.Tensor];
      sums.add(index, channelGradientSums(input, dy, moments, unrectified(factor, epsilon)));
      return tf.clone(dy);
    };
    return { value: tf.clone(values), gradFunc };
  });
  return operation(y);
}

/** Without ReLU the shift does not matter to the gradient, so any tensor of the channels will do. */
function unrectified(gamma: tf.Tensor, epsilon: number) {
  return { gamma, beta: gamma, epsilon, relu: false };
}

function packedMoments({ count, mean, squares }: ChannelMoments): Float64Array {
  return Float64Array.of(count, ...mean, ...squares);
}

function unpackedMoments(packed: Float64Array): ChannelMoments {
  const middle = (packed.length + 1) / 2;
  return { count: packed[0] ?? NaN, mean: packed.slice(1, middle), squares: packed.slice(middle) };
}

function packedSums({ gradient, centred }: ChannelGradientSums): Float64Array {
  return Float64Array.of(...gradient, ...centred);
}

function joinedSums(parts: readonly Float64Array[]): ChannelGradientSums {
  const total = new Float64Array(parts[0]?.length ?? 0);
  for (const part of parts) part.forEach((sum, index) => (total[index] = (total[index] ?? NaN) + sum));
  return { gradient: total.slice(0, total.length / 2), centred: total.slice(total.length / 2) };
}
