/**
 * Batch normalisation as in training (Ioffe and Szegedy, ICML 2015), forward and backward, three dispatches each, over
 * [rows, channels]. Mean and variance come from one pass: each lane takes its first value as a shift and sums squares
 * about it, and parts are joined by Chan, Golub and LeVeque's formula (1979), so that a large mean loses no digits.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  channelSumProgram,
  CHUNK_UNIFORMS,
  chunkNumbers,
  chunksOf,
  GROUP_SIZE,
  LANE_PLACE,
  LANES,
  NEXT_LANE,
} from './channel-sums.ts';
import type { ShaderInstance } from './instance.ts';
import { elementCount } from './kernel.ts';
import type { ShaderProgram } from './program.ts';

/** Values of a channel in the backward pass: mean, slope, tilt, shift. */
const TABLE_FIELDS = 4;

/** Count, mean and summed squares about the mean of two sets together. */
const JOIN_MOMENTS = `
struct Moments { count: f32, mean: f32, squares: f32 }
fn together(a: Moments, b: Moments) -> Moments {
  let count = a.count + b.count;
  if (count == 0.0) { return a; }
  let apart = b.mean - a.mean;
  let share = b.count / count;
  return Moments(count, a.mean + apart * share, a.squares + b.squares + apart * apart * a.count * share);
}`;

const chunkMoments: ShaderProgram = {
  key: 'batch-norm moments',
  buffers: [
    { name: 'values', access: 'read' },
    { name: 'means', access: 'read_write' },
    { name: 'squares', access: 'read_write' },
  ],
  uniforms: CHUNK_UNIFORMS,
  workgroupSize: GROUP_SIZE,
  code: () => `
${JOIN_MOMENTS}
var<workgroup> parts: array<Moments, ${GROUP_SIZE}>;
fn run(group: i32, layer: i32, lane: i32) {
${LANE_PLACE}
  var moments = Moments(0.0, 0.0, 0.0);
  if (here && rowBegin + down < rowEnd) {
    let shift = values[(rowBegin + down) * u.channels + channel];
    var count = 0.0;
    var sum = 0.0;
    var squares = 0.0;
    for (var row = rowBegin + down; row < rowEnd; row += ${LANES}) {
      let value = values[row * u.channels + channel] - shift;
      count += 1.0;
      sum += value;
      squares += value * value;
    }
    moments = Moments(count, shift + sum / count, max(0.0, squares - sum * (sum / count)));
  }
  parts[lane] = moments;
  workgroupBarrier();
  if (here && down == 0) {
    for (var other = 1; other < ${LANES}; other++) {
      moments = together(moments, parts[lane + other * ${NEXT_LANE}]);
    }
    means[chunk * u.channels + channel] = moments.mean;
    squares[chunk * u.channels + channel] = moments.squares;
  }
}`,
};

const joinMoments: ShaderProgram = {
  key: 'batch-norm join moments',
  buffers: [
    { name: 'means', access: 'read' },
    { name: 'squares', access: 'read' },
    { name: 'mean', access: 'read_write' },
    { name: 'variance', access: 'read_write' },
  ],
  uniforms: [...CHUNK_UNIFORMS, ['chunks', 'i32']],
  workgroupSize: 64,
  code: () => `
${JOIN_MOMENTS}
fn run(group: i32, layer: i32, lane: i32) {
  let channel = group * 64 + lane;
  if (channel >= u.channels) { return; }
  var all = Moments(0.0, 0.0, 0.0);
  for (var chunk = 0; chunk < u.chunks; chunk++) {
    let index = chunk * u.channels + channel;
    let count = f32(min(u.rows, (chunk + 1) * u.chunkRows) - chunk * u.chunkRows);
    all = together(all, Moments(count, means[index], squares[index]));
  }
  mean[channel] = all.mean;
  variance[channel] = all.squares / all.count;
}`,
};

const normalise: ShaderProgram = {
  key: 'batch-norm normalise',
  buffers: [
    { name: 'x', access: 'read' },
    { name: 'mean', access: 'read' },
    { name: 'variance', access: 'read' },
    { name: 'gamma', access: 'read' },
    { name: 'beta', access: 'read' },
    { name: 'y', access: 'read_write' },
  ],
  uniforms: [
    ['size', 'i32'],
    ['channels', 'i32'],
    ['epsilon', 'f32'],
  ],
  workgroupSize: 256,
  code: () => `
fn run(group: i32, layer: i32, lane: i32) {
  let index = group * 256 + lane;
  if (index >= u.size) { return; }
  let c = index % u.channels;
  y[index] = (x[index] - mean[c]) * (gamma[c] / sqrt(variance[c] + u.epsilon)) + beta[c];
}`,
};

const backwardSums = channelSumProgram({
  key: 'batch-norm backward sums',
  inputs: ['dy', 'x', 'mean', 'variance'],
  uniforms: ['epsilon'],
  perChannel: `let center = mean[channel];
    let inverse = 1.0 / sqrt(variance[channel] + u.epsilon);`,
  values: ['dy[index] * (x[index] - center) * inverse', 'dy[index]'],
});

/** Joins the chunks, and works out what each channel's dx is made of: dy * slope + (x - mean) * tilt + shift. */
const joinBackward: ShaderProgram = {
  key: 'batch-norm join backward',
  buffers: [
    { name: 'sums', access: 'read' },
    { name: 'mean', access: 'read' },
    { name: 'variance', access: 'read' },
    { name: 'gamma', access: 'read' },
    { name: 'dGamma', access: 'read_write' },
    { name: 'dBeta', access: 'read_write' },
    { name: 'table', access: 'read_write' },
  ],
  uniforms: [...CHUNK_UNIFORMS, ['chunks', 'i32'], ['epsilon', 'f32']],
  workgroupSize: 64,
  code: () => `
fn run(group: i32, layer: i32, lane: i32) {
  let channel = group * 64 + lane;
  if (channel >= u.channels) { return; }
  var scaled = 0.0;
  var plain = 0.0;
  for (var chunk = 0; chunk < u.chunks; chunk++) {
    scaled += sums[chunk * u.channels + channel];
    plain += sums[(u.chunks + chunk) * u.channels + channel];
  }
  let inverse = 1.0 / sqrt(variance[channel] + u.epsilon);
  let slope = gamma[channel] * inverse;
  dGamma[channel] = scaled;
  dBeta[channel] = plain;
  let first = channel * ${TABLE_FIELDS};
  table[first] = mean[channel];
  table[first + 1] = slope;
  table[first + 2] = -slope * inverse * scaled / f32(u.rows);
  table[first + 3] = -slope * plain / f32(u.rows);
}`,
};

const backwardInput: ShaderProgram = {
  key: 'batch-norm backward input',
  buffers: [
    { name: 'dy', access: 'read' },
    { name: 'x', access: 'read' },
    { name: 'table', access: 'read' },
    { name: 'dx', access: 'read_write' },
  ],
  uniforms: [
    ['size', 'i32'],
    ['channels', 'i32'],
  ],
  workgroupSize: 256,
  code: () => `
fn run(group: i32, layer: i32, lane: i32) {
  let index = group * 256 + lane;
  if (index >= u.size) { return; }
  let first = (index % u.channels) * ${TABLE_FIELDS};
  let apart = x[index] - table[first];
  dx[index] = dy[index] * table[first + 1] + apart * table[first + 2] + table[first + 3];
}`,
};

export function batchNormForwardInfos(
  instance: ShaderInstance,
  x: TensorInfo,
  gamma: TensorInfo,
  beta: TensorInfo,
  epsilon: number,
): { y: TensorInfo; mean: TensorInfo; variance: TensorInfo } {
  const channels = x.shape.at(-1) ?? 1;
  const size = elementCount(x.shape);
  const chunked = chunksOf(size / channels, channels);
  const means = instance.output([chunked.chunks, channels]);
  const squares = instance.output([chunked.chunks, channels]);
  const mean = instance.output([channels]);
  const variance = instance.output([channels]);
  instance.run(chunkMoments, [x, means, squares], chunkNumbers(chunked), chunked.workgroups);
  const joined = [...chunkNumbers(chunked), chunked.chunks];
  instance.run(joinMoments, [means, squares, mean, variance], joined, Math.ceil(channels / 64));
  instance.release(means);
  instance.release(squares);
  const y = instance.output(x.shape);
  const numbers = [size, channels, epsilon];
  instance.run(normalise, [x, mean, variance, gamma, beta, y], numbers, Math.ceil(size / 256));
  return { y, mean, variance };
}

export function batchNormBackwardInfos(
  instance: ShaderInstance,
  dy: TensorInfo,
  x: TensorInfo,
  gamma: TensorInfo,
  { mean, variance }: { mean: TensorInfo; variance: TensorInfo },
  epsilon: number,
): { dx: TensorInfo; dGamma: TensorInfo; dBeta: TensorInfo } {
  const channels = x.shape.at(-1) ?? 1;
  const size = elementCount(x.shape);
  const chunked = chunksOf(size / channels, channels);
  const { chunks, workgroups } = chunked;
  const sums = instance.output([2, chunks, channels]);
  const summed = [dy, x, mean, variance, sums];
  instance.run(backwardSums, summed, [...chunkNumbers(chunked), epsilon], workgroups);
  const dGamma = instance.output([channels]);
  const dBeta = instance.output([channels]);
  const table = instance.output([channels, TABLE_FIELDS]);
  const joined = [sums, mean, variance, gamma, dGamma, dBeta, table];
  const numbers = [...chunkNumbers(chunked), chunks, epsilon];
  instance.run(joinBackward, joined, numbers, Math.ceil(channels / 64));
  instance.release(sums);
  const dx = instance.output(x.shape);
  instance.run(backwardInput, [dy, x, table, dx], [size, channels], Math.ceil(size / 256));
  instance.release(table);
  return { dx, dGamma, dBeta };
}
