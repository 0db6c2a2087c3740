/**
 * Identity: the same values under another tensor, without a copy. The stock wasm kernel copies, though the backend counts
 * references; every tensor that a gradient saves goes through here. Functions that work in place make their own copy
 * of shared data first (KernelInstance.own).
 */
import { Identity } from '@tensorflow/tfjs-core';
import { LabError } from '../../../core/errors.ts';
import type { WasmKernel } from './kernel.ts';

export const identity: WasmKernel = {
  name: Identity,
  run({ backend }, { x }) {
    if (!x) {
      throw new LabError({
        code: 'E-SHAPE',
        what: 'Identity was given no tensor.',
        why: 'It takes one input, x.',
        fix: 'Pass the tensor to copy.',
      });
    }
    backend.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  },
};
