import * as tf from '@tensorflow/tfjs-core';
import type { MemoryReport } from '../../core/experiment/events.ts';

/** What TensorFlow.js holds now: live tensors, their bytes, and what the backend took from the system. */
export function memoryReport(): MemoryReport {
  const memory = tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU?: number };
  return {
    tensors: memory.numTensors,
    usedBytes: memory.numBytes,
    allocatedBytes: memory.numBytesAllocatedInGPU ?? wasmHeapBytes(),
  };
}

function wasmHeapBytes(): number | null {
  if (tf.getBackend() !== 'wasm') return null;
  const backend = tf.backend() as unknown as { wasm?: { HEAPU8?: Uint8Array } };
  return backend.wasm?.HEAPU8?.buffer.byteLength ?? null;
}
