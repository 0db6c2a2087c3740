import type { KernelInstance } from './instance.ts';
import type { WindowInfo } from './window-info.ts';

/** Fewer channels than this leave Winograd's products too short to pay for its transforms (measured: bench, conv shapes). */
const LEAST_CHANNELS = 8;

/**
 * Whether a convolution and its gradients go by Winograd's minimal filtering (assembly/winograd.ts): square windows of 3
 * or 5, stride and dilation 1.
 */
export function takesWinograd(info: WindowInfo): boolean {
  return (
    info.filterHeight === info.filterWidth &&
    (info.filterHeight === 3 || info.filterHeight === 5) &&
    info.strideHeight === 1 &&
    info.strideWidth === 1 &&
    info.dilationHeight === 1 &&
    info.dilationWidth === 1 &&
    info.inChannels >= LEAST_CHANNELS &&
    info.outChannels >= LEAST_CHANNELS
  );
}

type Pass = (geometry: number, a: number, b: number, out: number, scratch: number) => void;

/** The three passes of a convolution by the method that suits its shape, and the scratch bytes they need. */
export function convolutionPasses(
  { kernels }: KernelInstance,
  info: WindowInfo,
): { forward: Pass; backpropInput: Pass; backpropFilter: Pass; scratchBytes: (geometry: number) => number } {
  return takesWinograd(info)
    ? {
        forward: kernels.winogradConvolve,
        backpropInput: kernels.winogradBackpropInput,
        backpropFilter: kernels.winogradBackpropFilter,
        scratchBytes: kernels.winogradScratchBytes,
      }
    : {
        forward: kernels.convolve,
        backpropInput: kernels.convolveBackpropInput,
        backpropFilter: kernels.convolveBackpropFilter,
        scratchBytes: kernels.convolutionScratchBytes,
      };
}
