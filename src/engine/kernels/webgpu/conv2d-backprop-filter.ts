/**
 * Conv2DBackpropFilter as a product: rows are the filter's taps (window row, window column, channel in), columns the
 * channels out, and the depth runs over all output pixels of the batch. The depth is far longer than the filter is
 * large, so it is cut into slices that fill the GPU; a second dispatch adds the slices up, always in one order.
 */
import { Conv2DBackpropFilter, type Conv2DBackpropFilterAttrs, type TensorInfo } from '@tensorflow/tfjs-core';
import { convolutionInfo, type ConvolutionAttributes } from '../wasm/window-info.ts';
import type { ShaderInstance } from './instance.ts';
import { elementCount, floatInput, type WebgpuKernel, zeroOutput } from './kernel.ts';
import type { ShaderProgram } from './program.ts';
import { type Tile, tileCount, tiledProductCode, tileFor } from './tiled-product.ts';
import { WINDOW_UNIFORMS, windowNumbers } from './window-numbers.ts';

/** Workgroups that a large GPU wants at once, and the least depth of a slice that is worth a workgroup. */
const WORKGROUPS_WANTED = 256;
const LEAST_SLICE = 128;

const FUNCTIONS = `
fn problemOf(layer: i32) -> Problem {
  let depth = u.batch * u.outHeight * u.outWidth;
  let begin = layer * u.slice;
  return Problem(u.windowHeight * u.windowWidth * u.inChannels, u.outChannels, begin, min(depth, begin + u.slice));
}
fn rowOf(layer: i32, m: i32) -> vec4i {
  let tap = m / u.inChannels;
  return vec4i(tap / u.windowWidth - u.padTop, tap % u.windowWidth - u.padLeft, m % u.inChannels, 0);
}
fn depthOf(layer: i32, k: i32) -> vec4i {
  let line = k / u.outWidth;
  return vec4i(
    (line / u.outHeight) * u.inHeight, (line % u.outHeight) * u.strideHeight, (k % u.outWidth) * u.strideWidth, k);
}
fn loadA(row: vec4i, depth: vec4i) -> f32 {
  let y = depth.y + row.x;
  let x = depth.z + row.y;
  if (y < 0 || y >= u.inHeight || x < 0 || x >= u.inWidth) { return 0.0; }
  return images[((depth.x + y) * u.inWidth + x) * u.inChannels + row.z];
}
fn loadB(depth: vec4i, n: i32) -> f32 {
  return dy[depth.w * u.outChannels + n];
}
fn store(layer: i32, m: i32, n: i32, value: f32) {
  gradient[(layer * u.windowHeight * u.windowWidth * u.inChannels + m) * u.outChannels + n] = value;
}`;

function filterGradient(tile: Tile): ShaderProgram {
  return {
    key: `Conv2DBackpropFilter ${tile.rows}x${tile.columns}`,
    buffers: [
      { name: 'images', access: 'read' },
      { name: 'dy', access: 'read' },
      { name: 'gradient', access: 'read_write' },
    ],
    uniforms: [...WINDOW_UNIFORMS, ['slice', 'i32']],
    workgroupSize: tile.workgroupSize,
    code: () => tiledProductCode({ tile, adjacent: { a: 'rows', b: 'columns' }, functions: FUNCTIONS }),
  };
}

const addSlices: ShaderProgram = {
  key: 'add slices',
  buffers: [
    { name: 'slices', access: 'read' },
    { name: 'total', access: 'read_write' },
  ],
  uniforms: [
    ['size', 'i32'],
    ['count', 'i32'],
  ],
  workgroupSize: 64,
  code: () => `
fn run(group: i32, layer: i32, lane: i32) {
  let index = group * 64 + lane;
  if (index >= u.size) { return; }
  var sum = 0.0;
  for (var slice = 0; slice < u.count; slice++) { sum += slices[slice * u.size + index]; }
  total[index] = sum;
}`,
};

export const conv2dBackpropFilter: WebgpuKernel = {
  name: Conv2DBackpropFilter,
  run(instance, inputs, attributes) {
    const given = attributes as Conv2DBackpropFilterAttrs & ConvolutionAttributes;
    if (given.dataFormat === 'NCHW') return null;
    const x = floatInput(inputs, 'x', Conv2DBackpropFilter);
    const dy = floatInput(inputs, 'dy', Conv2DBackpropFilter);
    const info = convolutionInfo(x.shape, given.filterShape, { ...given, dilations: 1 });
    const size = elementCount(given.filterShape);
    const depth = info.batchSize * info.outHeight * info.outWidth;
    if (size * depth === 0) return zeroOutput(instance, given.filterShape);
    const tile = tileFor(info.outChannels);
    const tiles = tileCount(tile, size / info.outChannels, info.outChannels);
    const slices = Math.min(Math.ceil(WORKGROUPS_WANTED / tiles), Math.ceil(depth / LEAST_SLICE));
    const slice = Math.ceil(depth / slices);
    const numbers = [...windowNumbers(info), slice];
    const gradient = instance.output(given.filterShape);
    const parts = slices === 1 ? gradient : instance.output([slices, size]);
    instance.run(filterGradient(tile), [x, dy, parts], numbers, tiles, slices);
    if (slices > 1) sumInto(instance, parts, gradient, size, slices);
    return gradient;
  },
};

function sumInto(
  instance: ShaderInstance,
  parts: TensorInfo,
  total: TensorInfo,
  size: number,
  count: number,
): void {
  instance.run(addSlices, [parts, total], [size, count], Math.ceil(size / 64));
  instance.release(parts);
}
