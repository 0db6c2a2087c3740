import type { UniformType } from './program.ts';
import type { WindowInfo } from '../wasm/window-info.ts';

/** A convolution's or pooling's extents, as uniforms of our shaders. */
export const WINDOW_UNIFORMS = [
  'batch',
  'inHeight',
  'inWidth',
  'inChannels',
  'outHeight',
  'outWidth',
  'outChannels',
  'windowHeight',
  'windowWidth',
  'strideHeight',
  'strideWidth',
  'padTop',
  'padLeft',
].map((name) => [name, 'i32'] as const satisfies readonly [string, UniformType]);

/** The values of `WINDOW_UNIFORMS`. */
export function windowNumbers(info: WindowInfo): number[] {
  return [
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outHeight,
    info.outWidth,
    info.outChannels,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.padInfo.top,
    info.padInfo.left,
  ];
}
