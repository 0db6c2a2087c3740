/**
 * Conv2DBackpropInput as a product: rows are pixels of the input, columns its channels, and the depth runs over the
 * filter's taps and the channels out. With a stride, an input pixel meets only those taps that are a stride apart, and
 * which these are depends on the pixel's place modulo the stride. So each of the stride's phases is a product of its own
 * (a layer of one dispatch), and no zero is multiplied.
 */
import { Conv2DBackpropInput, type Conv2DBackpropInputAttrs } from '@tensorflow/tfjs-core';
import { convolutionInfo, type ConvolutionAttributes } from '../wasm/window-info.ts';
import { elementCount, floatInput, type WebgpuKernel, zeroOutput } from './kernel.ts';
import type { ShaderProgram } from './program.ts';
import { type Tile, tileCount, tiledProductCode, tileFor } from './tiled-product.ts';
import { WINDOW_UNIFORMS, windowNumbers } from './window-numbers.ts';

const FUNCTIONS = `
// One axis of a phase: its pixels and taps, its first tap, and where pixel 0 stands against that tap in the output.
struct Axis { phase: i32, pixels: i32, taps: i32, firstTap: i32, first: i32 }
fn axisOf(phase: i32, size: i32, window: i32, stride: i32, pad: i32) -> Axis {
  let firstTap = (phase + pad) % stride;
  return Axis(
    phase,
    (size - phase + stride - 1) / stride,
    (window - firstTap + stride - 1) / stride,
    firstTap,
    (phase + pad - firstTap) / stride);
}
fn down(layer: i32) -> Axis {
  return axisOf(layer / u.strideWidth, u.inHeight, u.windowHeight, u.strideHeight, u.padTop);
}
fn along(layer: i32) -> Axis {
  return axisOf(layer % u.strideWidth, u.inWidth, u.windowWidth, u.strideWidth, u.padLeft);
}
fn problemOf(layer: i32) -> Problem {
  let y = down(layer);
  let x = along(layer);
  let pixels = u.batch * y.pixels * x.pixels;
  return Problem(pixels, u.inChannels, 0, y.taps * x.taps * u.outChannels);
}
fn rowOf(layer: i32, m: i32) -> vec4i {
  let y = down(layer);
  let x = along(layer);
  let line = m / x.pixels;
  return vec4i((line / y.pixels) * u.outHeight, line % y.pixels + y.first, m % x.pixels + x.first, 0);
}
fn depthOf(layer: i32, k: i32) -> vec4i {
  let y = down(layer);
  let x = along(layer);
  let tap = k / u.outChannels;
  let channel = k % u.outChannels;
  let ty = tap / x.taps;
  let tx = tap % x.taps;
  let place = (y.firstTap + ty * u.strideHeight) * u.windowWidth + x.firstTap + tx * u.strideWidth;
  return vec4i(ty, tx, channel, place * u.inChannels * u.outChannels + channel);
}
fn loadA(row: vec4i, depth: vec4i) -> f32 {
  let y = row.y - depth.x;
  let x = row.z - depth.y;
  if (y < 0 || y >= u.outHeight || x < 0 || x >= u.outWidth) { return 0.0; }
  return dy[((row.x + y) * u.outWidth + x) * u.outChannels + depth.z];
}
fn loadB(depth: vec4i, n: i32) -> f32 {
  return weights[depth.w + n * u.outChannels];
}
fn store(layer: i32, m: i32, n: i32, value: f32) {
  let y = down(layer);
  let x = along(layer);
  let line = m / x.pixels;
  let row = (line / y.pixels) * u.inHeight + (line % y.pixels) * u.strideHeight + y.phase;
  let column = (m % x.pixels) * u.strideWidth + x.phase;
  dx[(row * u.inWidth + column) * u.inChannels + n] = value;
}`;

function inputGradient(tile: Tile): ShaderProgram {
  return {
    key: `Conv2DBackpropInput ${tile.rows}x${tile.columns}`,
    buffers: [
      { name: 'dy', access: 'read' },
      { name: 'weights', access: 'read' },
      { name: 'dx', access: 'read_write' },
    ],
    uniforms: WINDOW_UNIFORMS,
    workgroupSize: tile.workgroupSize,
    code: () => tiledProductCode({ tile, adjacent: { a: 'depth', b: 'depth' }, functions: FUNCTIONS }),
  };
}

export const conv2dBackpropInput: WebgpuKernel = {
  name: Conv2DBackpropInput,
  run(instance, inputs, attributes) {
    const given = attributes as Conv2DBackpropInputAttrs & ConvolutionAttributes;
    if (given.dataFormat === 'NCHW') return null;
    const dy = floatInput(inputs, 'dy', Conv2DBackpropInput);
    const filter = floatInput(inputs, 'filter', Conv2DBackpropInput);
    const info = convolutionInfo(given.inputShape, filter.shape, { ...given, dilations: 1 });
    if (elementCount(info.outShape) * elementCount(given.inputShape) === 0) {
      return zeroOutput(instance, given.inputShape);
    }
    const dx = instance.output(given.inputShape);
    const tile = tileFor(info.inChannels);
    // The first phase has the most pixels.
    const pixels =
      info.batchSize *
      Math.ceil(info.inHeight / info.strideHeight) *
      Math.ceil(info.inWidth / info.strideWidth);
    instance.run(
      inputGradient(tile),
      [dy, filter, dx],
      windowNumbers(info),
      tileCount(tile, pixels, info.inChannels),
      info.strideHeight * info.strideWidth,
    );
    return dx;
  },
};
