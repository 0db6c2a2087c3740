/**
 * What the bench says to a contestant (a process of Node or Python, a worker in Chromium) and hears back. One request
 * at a time; each is answered once. Everything is plain JSON, so that all three can speak it.
 */
import type { StepName } from './workload-list.ts';

/** Backends of the lab, and `webgl`, which only stock TensorFlow.js has. */
export type BenchBackend = 'wasm' | 'webgpu' | 'cpu' | 'webgl';

export type KernelVariant = 'relaxed' | 'simd';

export type Where = 'node' | 'chromium';

export interface Requests {
  /** Makes a backend ready. `variant` null: the better one that runs there. `threads`: as many as the lab may take. */
  start: { backend: BenchBackend; variant: KernelVariant | null; softwareGpu: boolean; threads: number };
  /** Times the register tile of bench/peak, given as the bytes of a compiled module. */
  peak: { module: number[] };
  /** Sets a workload up and takes its first step, which compiles and allocates. */
  prepare: { workload: StepName };
  /** Steps until `milliseconds` are over: at least one, at most `atMost`, after `warm` that are not timed. */
  sample: { milliseconds: number; atMost: number; warm: number };
  memory: Record<never, never>;
  /** Takes the workload down. */
  finish: Record<never, never>;
}

export interface Answers {
  start: { label: string; variant: KernelVariant | null };
  peak: { gflops: number };
  /** `firstMs`: how long the first step took. `threads`: how many the workload is shared by. */
  prepare: { firstMs: number; threads: number };
  /** Milliseconds of each step. */
  sample: { ms: number[] };
  memory: MemoryState;
  finish: Record<never, never>;
}

export interface MemoryState {
  tensors: number;
  tensorBytes: number;
  /** The wasm backend's linear memory; null on other backends. */
  heapBytes: number | null;
  /** What JavaScript holds after a collection, arrays among it; null where that cannot be asked for. */
  scriptBytes: number | null;
}

export type RequestKind = keyof Requests;

export type BenchRequest = { [Kind in RequestKind]: { kind: Kind } & Requests[Kind] }[RequestKind];

export type BenchAnswer = { ok: true; value: Answers[RequestKind] } | { ok: false; why: string };
