import * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../../core/errors.ts';
import { hasWasmKernels } from '../kernels/wasm/api.ts';

/**
 * Lets a dilated window be differentiated on our own wasm kernels alone: other backends overlook the dilation and would
 * give another gradient.
 * @param dilations one number, or one an axis
 * @param operation for people: `dilated convolution`
 * @throws LabError E-BACKEND
 */
export function requireDilations(dilations: unknown, operation: string): void {
  if ([dilations].flat().every((dilation) => dilation === 1) || hasWasmKernels()) return;
  throw new LabError({
    code: 'E-BACKEND',
    what: `A ${operation} cannot be differentiated on the ${tf.getBackend()} backend.`,
    why: 'Its kernels overlook the dilation.',
    fix: 'Use the wasm backend.',
  });
}
