/**
 * MaxPoolGrad: each dy goes to the first largest value of its window, in one dispatch. Each pixel of the input looks
 * through the windows that it is in; where windows do not overlap, that is one.
 */
import { MaxPoolGrad } from '@tensorflow/tfjs-core';
import { type PoolingAttributes, poolingInfo } from '../wasm/window-info.ts';
import { elementCount, floatInput, type WebgpuKernel, zeroOutput } from './kernel.ts';
import type { ShaderProgram } from './program.ts';
import { WINDOW_UNIFORMS, windowNumbers } from './window-numbers.ts';

const maxPoolGradient: ShaderProgram = {
  key: 'MaxPoolGrad',
  buffers: [
    { name: 'dy', access: 'read' },
    { name: 'images', access: 'read' },
    { name: 'dx', access: 'read_write' },
  ],
  uniforms: WINDOW_UNIFORMS,
  workgroupSize: 64,
  code: () => `
// Whether (row, column) is the first largest of the window whose corner is (top, left).
fn wins(first: i32, top: i32, left: i32, row: i32, column: i32, value: f32) -> bool {
  for (var y = max(0, top); y < min(u.inHeight, top + u.windowHeight); y++) {
    for (var x = max(0, left); x < min(u.inWidth, left + u.windowWidth); x++) {
      let other = images[first + (y * u.inWidth + x) * u.inChannels];
      let earlier = y < row || (y == row && x < column);
      if (other > value || (earlier && other == value)) { return false; }
    }
  }
  return true;
}
fn run(group: i32, layer: i32, lane: i32) {
  let index = group * 64 + lane;
  if (index >= u.batch * u.inHeight * u.inWidth * u.inChannels) { return; }
  let channel = index % u.inChannels;
  let pixel = index / u.inChannels;
  let column = pixel % u.inWidth;
  let row = (pixel / u.inWidth) % u.inHeight;
  let image = pixel / (u.inWidth * u.inHeight);
  let first = image * u.inHeight * u.inWidth * u.inChannels + channel;
  let value = images[index];
  // Windows over this pixel: their corners are at most a window's side before it.
  let y0 = max(0, (row + u.padTop - u.windowHeight + u.strideHeight) / u.strideHeight);
  let x0 = max(0, (column + u.padLeft - u.windowWidth + u.strideWidth) / u.strideWidth);
  let y1 = min(u.outHeight - 1, (row + u.padTop) / u.strideHeight);
  let x1 = min(u.outWidth - 1, (column + u.padLeft) / u.strideWidth);
  var sum = 0.0;
  for (var y = y0; y <= y1; y++) {
    for (var x = x0; x <= x1; x++) {
      if (wins(first, y * u.strideHeight - u.padTop, x * u.strideWidth - u.padLeft, row, column, value)) {
        sum += dy[((image * u.outHeight + y) * u.outWidth + x) * u.inChannels + channel];
      }
    }
  }
  dx[index] = sum;
}`,
};

export const maxPoolGrad: WebgpuKernel = {
  name: MaxPoolGrad,
  run(instance, inputs, attributes) {
    const dy = floatInput(inputs, 'dy', MaxPoolGrad);
    const x = floatInput(inputs, 'input', MaxPoolGrad);
    const info = poolingInfo(x.shape, attributes as PoolingAttributes);
    const size = elementCount(x.shape);
    if (size * elementCount(info.outShape) === 0) return zeroOutput(instance, x.shape);
    const dx = instance.output(x.shape);
    instance.run(maxPoolGradient, [dy, x, dx], windowNumbers(info), Math.ceil(size / 64));
    return dx;
  },
};
