/**
 * Sums over the rows of [rows, channels]: the shape of a bias gradient and of batch-norm's statistics. Channels lie side
 * by side, so a workgroup takes 16 of them and a chunk of the rows; each of 16 lanes a channel visits every sixteenth
 * row. A second dispatch joins the chunks, always in one order, so that results repeat.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ShaderInstance } from './instance.ts';
import { elementCount } from './kernel.ts';
import type { ShaderProgram } from './program.ts';

const CHANNELS = 16;
export const LANES = 16;
export const GROUP_SIZE = CHANNELS * LANES;

/** Workgroups that a large GPU wants at once, and the least rows that are worth a workgroup. */
const WORKGROUPS_WANTED = 256;
const LEAST_ROWS = 4 * LANES;

export interface Chunks {
  rows: number;
  channels: number;
  /** Rows of a chunk; the last may have fewer. */
  chunkRows: number;
  chunks: number;
  workgroups: number;
}

/** @param rows at least 1 */
export function chunksOf(rows: number, channels: number): Chunks {
  const across = Math.ceil(channels / CHANNELS);
  const wanted = Math.min(Math.ceil(WORKGROUPS_WANTED / across), Math.ceil(rows / LEAST_ROWS));
  const chunkRows = Math.ceil(rows / wanted);
  const chunks = Math.ceil(rows / chunkRows);
  return { rows, channels, chunkRows, chunks, workgroups: across * chunks };
}

/** Uniforms of a first dispatch. */
export const CHUNK_UNIFORMS = [
  ['rows', 'i32'],
  ['channels', 'i32'],
  ['chunkRows', 'i32'],
] as const;

export function chunkNumbers({ rows, channels, chunkRows }: Chunks): number[] {
  return [rows, channels, chunkRows];
}

/** WGSL at the start of a first dispatch's `run`: where this lane works. Lanes that are not `here` must still sum. */
export const LANE_PLACE = `
  let across = (u.channels + ${CHANNELS - 1}) / ${CHANNELS};
  let chunk = group / across;
  let channel = (group % across) * ${CHANNELS} + lane % ${CHANNELS};
  let down = lane / ${CHANNELS};
  let rowBegin = chunk * u.chunkRows;
  let rowEnd = min(u.rows, rowBegin + u.chunkRows);
  let here = channel < u.channels && rowBegin < u.rows;`;

/** Where the next lane down of the same channel keeps its values in workgroup memory. */
export const NEXT_LANE = CHANNELS;

export interface ChannelSumOptions {
  key: string;
  inputs: readonly string[];
  /** Further uniforms beside `rows`, `channels` and `chunkRows`, all f32. */
  uniforms?: readonly string[];
  /** WGSL statements before the loop over rows, with `channel` known. */
  perChannel?: string;
  /** WGSL of each summed value, where `index` is row * channels + channel. */
  values: readonly string[];
}

/** The program that writes the chunks' sums of each value: [values, chunks, channels]. */
export function channelSumProgram({
  key,
  inputs,
  uniforms = [],
  perChannel = '',
  values,
}: ChannelSumOptions): ShaderProgram {
  const each = (line: (index: number) => string) => values.map((_, index) => line(index)).join('\n');
  return {
    key,
    buffers: [
      ...inputs.map((name) => ({ name, access: 'read' as const })),
      { name: 'sums', access: 'read_write' },
    ],
    uniforms: [...CHUNK_UNIFORMS, ...uniforms.map((name) => [name, 'f32'] as const)],
    workgroupSize: GROUP_SIZE,
    code: () => `
${each((i) => `var<workgroup> parts${i}: array<f32, ${GROUP_SIZE}>;`)}
fn run(group: i32, layer: i32, lane: i32) {
${LANE_PLACE}
${each((i) => `  var part${i} = 0.0;`)}
  if (here) {
    ${perChannel}
    for (var row = rowBegin + down; row < rowEnd; row += ${LANES}) {
      let index = row * u.channels + channel;
${each((i) => `      part${i} += ${values[i] ?? ''};`)}
    }
  }
${each((i) => `  parts${i}[lane] = part${i};`)}
  workgroupBarrier();
  if (here && down == 0) {
    let chunks = (u.rows + u.chunkRows - 1) / u.chunkRows;
    for (var other = 1; other < ${LANES}; other++) {
${each((i) => `      part${i} += parts${i}[lane + other * ${NEXT_LANE}];`)}
    }
${each((i) => `    sums[(${i} * chunks + chunk) * u.channels + channel] = part${i};`)}
  }
}`,
  };
}

const joinChunks: ShaderProgram = {
  key: 'join channel sums',
  buffers: [
    { name: 'parts', access: 'read' },
    { name: 'total', access: 'read_write' },
  ],
  uniforms: [
    ['channels', 'i32'],
    ['chunks', 'i32'],
  ],
  workgroupSize: 64,
  code: () => `
fn run(group: i32, layer: i32, lane: i32) {
  let channel = group * 64 + lane;
  if (channel >= u.channels) { return; }
  var sum = 0.0;
  for (var chunk = 0; chunk < u.chunks; chunk++) { sum += parts[chunk * u.channels + channel]; }
  total[channel] = sum;
}`,
};

const plainSum = channelSumProgram({ key: 'channel sums', inputs: ['values'], values: ['values[index]'] });

/** The sum of each channel over all rows: [channels] of [..., channels]. */
export function channelSums(instance: ShaderInstance, values: TensorInfo): TensorInfo {
  const channels = values.shape.at(-1) ?? 1;
  const chunked = chunksOf(elementCount(values.shape) / channels, channels);
  const { chunks, workgroups } = chunked;
  const total = instance.output([channels]);
  const parts = chunks === 1 ? total : instance.output([chunks, channels]);
  instance.run(plainSum, [values, parts], chunkNumbers(chunked), workgroups);
  if (chunks > 1) {
    instance.run(joinChunks, [parts, total], [channels, chunks], Math.ceil(channels / 64));
    instance.release(parts);
  }
  return total;
}
