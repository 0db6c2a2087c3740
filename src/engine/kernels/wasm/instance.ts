/**
 * The kernels bound to one wasm backend: its memory, the addresses of its tensors, and the scratch space that the
 * kernels share. Scratch is one block that only grows; kernels run one after another, so one is enough. It lies in the
 * backend's memory and goes with it.
 */
import { engine, type Tensor, type TensorInfo, Variable } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { LabError } from '../../../core/errors.ts';
import { instantiate, type KernelExports } from './module.ts';
import type { WindowInfo } from './window-info.ts';

/** Emscripten's allocator, which the published types leave out. */
interface Allocator {
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/** Fields of assembly/geometry.ts, 32-bit each. */
const GEOMETRY_FIELDS = 15;
const SCRATCH_GRAIN_BYTES = 65_536;

export class KernelInstance {
  readonly kernels: KernelExports;
  private readonly memory: WebAssembly.Memory;
  private readonly allocator: Allocator;
  private readonly geometryAddress: number;
  private scratchAddress = 0;
  private scratchSize = 0;

  constructor(
    readonly backend: BackendWasm,
    module: WebAssembly.Module,
  ) {
    this.memory = backendMemory(backend);
    this.allocator = backend.wasm as unknown as Allocator;
    this.kernels = instantiate(module, this.memory);
    this.geometryAddress = this.allocate(GEOMETRY_FIELDS * 4);
  }

  /** Bytes of scratch held at the moment. */
  get scratchBytes(): number {
    return this.scratchSize;
  }

  /** Where a float32 or int32 tensor's values lie. @throws LabError E-BACKEND when they are not on this backend. */
  address(tensor: Pick<TensorInfo, 'dataId'>): number {
    const data = this.backend.dataIdMap.has(tensor.dataId) && this.backend.dataIdMap.get(tensor.dataId);
    if (!data) {
      throw new LabError({
        code: 'E-BACKEND',
        what: 'A tensor is not in the memory of the wasm backend.',
        why: 'It was made on another backend, or has been disposed.',
        fix: 'Make the tensor while the wasm backend is the current one.',
      });
    }
    return data.memoryOffset;
  }

  /**
   * The address of a tensor that is about to change in place. A variable whose data another tensor shares (a clone, a
   * reshape, its initial value) gets a copy of its own first, so that the other keeps its values.
   * @throws LabError E-INTERNAL for shared data of a tensor that is not a variable
   */
  own(tensor: Tensor): number {
    const address = this.address(tensor);
    if (this.backend.refCount(tensor.dataId) <= 1) return address;
    if (!(tensor instanceof Variable)) {
      throw new LabError({
        code: 'E-INTERNAL',
        what: 'A tensor that shares its data was to be changed in place.',
        why: 'Whatever shares the data (a clone, a reshape) would change with it.',
        fix: 'Make it a variable, or dispose what it shares its data with first.',
      });
    }
    const info = this.backend.makeOutput([...(tensor as Tensor).shape], tensor.dtype);
    const bytes = new Uint8Array(this.memory.buffer);
    bytes.copyWithin(this.address(info), address, address + tensor.size * 4);
    const copy = engine().makeTensorFromTensorInfo(info, this.backend);
    tensor.assign(copy);
    copy.dispose();
    return this.address(tensor);
  }

  /** The floats at an address, as a view that is valid until memory is next allocated. */
  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, count);
  }

  /** The 32-bit integers at an address, as a view that is valid until memory is next allocated. */
  integers(address: number, count: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, count);
  }

  /** The doubles at an address, as a view that is valid until memory is next allocated. */
  doubles(address: number, count: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, count);
  }

  /** Address of at least `bytes` of scratch, valid until the next call. */
  scratch(bytes: number): number {
    if (bytes > this.scratchSize) {
      if (this.scratchAddress !== 0) this.allocator._free(this.scratchAddress);
      this.scratchSize = 0;
      this.scratchAddress = 0;
      const size = Math.ceil((bytes + 64) / SCRATCH_GRAIN_BYTES) * SCRATCH_GRAIN_BYTES;
      this.scratchAddress = this.allocate(size);
      this.scratchSize = size;
    }
    return Math.ceil(this.scratchAddress / 64) * 64;
  }

  /** Writes a window's geometry where the kernels read it; valid until the next call. */
  geometry(info: WindowInfo): number {
    // The buffer is taken anew each time: growing the memory detaches older views.
    new Int32Array(this.memory.buffer, this.geometryAddress, GEOMETRY_FIELDS).set([
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
      info.dilationHeight,
      info.dilationWidth,
      info.padInfo.top,
      info.padInfo.left,
    ]);
    return this.geometryAddress;
  }

  private allocate(bytes: number): number {
    const address = this.allocator._malloc(bytes) >>> 0;
    if (address === 0) {
      throw new LabError({
        code: 'E-BACKEND',
        what: `The wasm backend cannot give ${(bytes / 2 ** 20).toFixed(1)} MB of working memory.`,
        why: 'Its memory is full.',
        fix: 'Use a smaller batch or model, or free memory by closing other runs.',
      });
    }
    return address;
  }
}

/** The memory of the wasm backend: `asm.memory` in the single-thread build, `wasmMemory` in the threaded one. */
function backendMemory(backend: BackendWasm): WebAssembly.Memory {
  const wasm = backend.wasm as { asm?: Record<string, unknown>; wasmMemory?: unknown };
  const memory = wasm.wasmMemory ?? wasm.asm?.memory;
  if (memory instanceof WebAssembly.Memory) {
    if (memory.buffer instanceof ArrayBuffer) return memory;
    throw new LabError({
      code: 'E-BACKEND',
      what: 'The wasm backend runs with threads.',
      why: 'Its memory is shared, and the kernels are built for memory that is not.',
      fix: 'Set WASM_HAS_MULTITHREAD_SUPPORT to false before the backend starts.',
    });
  }
  throw new LabError({
    code: 'E-BACKEND',
    what: 'The memory of the wasm backend was not found.',
    why: 'This version of TensorFlow.js keeps it elsewhere.',
    fix: 'Use the version of @tensorflow/tfjs-backend-wasm that package.json names.',
  });
}
