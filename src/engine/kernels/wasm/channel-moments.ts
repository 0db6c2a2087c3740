/**
 * Mean and spread of each channel over everything else, as batch normalisation in training needs them. They leave the
 * backend as plain numbers, so that workers that each hold a shard of a batch can join theirs.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { LabError } from '../../../core/errors.ts';
import { currentInstance } from './api.ts';
import { laneCount } from './lane-count.ts';

export interface ChannelMoments {
  /** Values of each channel that were counted: batch x height x width. */
  count: number;
  /** [channels]. */
  mean: Float64Array;
  /** [channels], the sum of squared differences from the mean. */
  squares: Float64Array;
}

/**
 * The moments of each channel of `x`.
 * @param x [..., channels] float32, not empty
 * @throws LabError E-SHAPE
 */
export function channelMoments(x: Tensor): ChannelMoments {
  const channels = channelCount(x);
  const lanes = laneCount(channels);
  const instance = currentInstance();
  const scratch = instance.scratch(lanes * 16);
  instance.kernels.laneMoments(instance.address(x), x.size, lanes, scratch, scratch + lanes * 8);
  const mean = instance.doubles(scratch, lanes);
  const squares = instance.doubles(scratch + lanes * 8, lanes);
  const rows = Math.floor(x.size / lanes);
  const rest = x.size - rows * lanes;
  const parts: ChannelMoments[] = [];
  for (let from = 0; from < lanes; from += channels) {
    const count = from < rest ? rows + 1 : rows;
    const to = from + channels;
    if (count > 0) parts.push({ count, mean: mean.slice(from, to), squares: squares.slice(from, to) });
  }
  return joinMoments(parts);
}

/**
 * The moments of all parts together (Chan, Golub and LeVeque 1983), joined in the order given.
 * @param parts at least one; all of the same channels
 */
export function joinMoments(parts: readonly ChannelMoments[]): ChannelMoments {
  const [first, ...others] = parts;
  if (!first) throw new RangeError('there are no moments to join');
  const mean = Float64Array.from(first.mean);
  const squares = Float64Array.from(first.squares);
  let count = first.count;
  for (const other of others) {
    const share = other.count / (count + other.count);
    mean.forEach((known, channel) => {
      const distance = (other.mean[channel] ?? NaN) - known;
      mean[channel] = known + distance * share;
      squares[channel] =
        (squares[channel] ?? NaN) + (other.squares[channel] ?? NaN) + distance * distance * count * share;
    });
    count += other.count;
  }
  return { count, mean, squares };
}

/** The biased variance (divided by the count), which normalises a training batch. */
export function biasedVariance({ count, squares }: ChannelMoments): Float64Array {
  return squares.map((sum) => sum / count);
}

/** The unbiased variance (divided by the count less one), which running statistics take in, as PyTorch has it. */
export function unbiasedVariance({ count, squares }: ChannelMoments): Float64Array {
  return squares.map((sum) => sum / (count - 1));
}

/** Channels of a float32 tensor [..., channels] with at least one value. @throws LabError E-SHAPE */
export function channelCount(x: Tensor): number {
  const channels = x.shape[x.shape.length - 1];
  if (x.dtype === 'float32' && channels !== undefined && x.size > 0) return channels;
  throw new LabError({
    code: 'E-SHAPE',
    what: `A ${x.dtype} tensor [${x.shape.join(', ')}] cannot be normalised by channel.`,
    why: 'It takes float32 with the channels as its last axis, and at least one value.',
    fix: "Cast the tensor to 'float32', or leave empty batches out.",
  });
}
