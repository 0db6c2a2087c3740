/** The contestant's side of the protocol, the same in Node and in a worker: holds one workload and times its steps. */
import * as tf from '@tensorflow/tfjs-core';
import { memoryReport } from '../src/engine/training/memory.ts';
import { measurePeak } from './peak/measure.ts';
import type { Answers, BenchAnswer, BenchRequest, RequestKind, Requests } from './protocol.ts';
import type { StepName } from './workload-list.ts';

/** A workload that is ready to be stepped. */
export interface Bout {
  /** One step, with all results that a person would read read back. */
  step(): Promise<void>;
  /** Waits for what a step leaves to a GPU; null where nothing is left. */
  settle: (() => Promise<void>) | null;
  /** Threads that share a step; 1 when left out. */
  threads?: number;
  dispose(): void;
}

export interface StationTools {
  start(request: Requests['start']): Promise<Answers['start']>;
  setUp(workload: StepName): Promise<Bout>;
}

/** Steps that a GPU takes between two waits, in milliseconds: one wait a step would time the waiting. */
const GPU_GROUP_MS = 100;

export class Station {
  private bout: Bout | null = null;
  private lastMs = Infinity;

  constructor(private readonly tools: StationTools) {}

  /** Never throws: what fails is told as a sentence. */
  async answer(request: BenchRequest): Promise<BenchAnswer> {
    try {
      return { ok: true, value: await this.perform(request) };
    } catch (thrown) {
      return { ok: false, why: reasonOf(thrown) };
    }
  }

  private async perform(request: BenchRequest): Promise<Answers[RequestKind]> {
    switch (request.kind) {
      case 'start':
        return this.tools.start(request);
      case 'peak':
        return { gflops: await measurePeak(Uint8Array.from(request.module)) };
      case 'prepare': {
        this.finish();
        this.bout = await this.tools.setUp(request.workload);
        this.lastMs = Infinity;
        this.lastMs = await this.timed(this.bout);
        return { firstMs: this.lastMs, threads: this.bout.threads ?? 1 };
      }
      case 'sample':
        return { ms: await this.sample(request) };
      case 'memory':
        return memoryState();
      case 'finish':
        this.finish();
        return {};
    }
  }

  private async sample({ milliseconds, atMost, warm }: Requests['sample']): Promise<number[]> {
    const { bout } = this;
    if (!bout) throw new Error('sample before prepare');
    for (let step = 0; step < warm; step++) await bout.step();
    await bout.settle?.();
    const ms: number[] = [];
    const end = performance.now() + milliseconds;
    do {
      this.lastMs = await this.timed(bout);
      ms.push(this.lastMs);
    } while (ms.length < atMost && performance.now() < end);
    return ms;
  }

  /** Milliseconds a step: of one, or of a group on a GPU. */
  private async timed(bout: Bout): Promise<number> {
    const steps = bout.settle ? Math.max(1, Math.min(20, Math.floor(GPU_GROUP_MS / this.lastMs))) : 1;
    const started = performance.now();
    for (let step = 0; step < steps; step++) await bout.step();
    await bout.settle?.();
    return (performance.now() - started) / steps;
  }

  private finish(): void {
    this.bout?.dispose();
    this.bout = null;
  }
}

function memoryState(): Answers['memory'] {
  const { numTensors, numBytes } = tf.memory();
  const heapBytes = memoryReport().allocatedBytes ?? null;
  return { tensors: numTensors, tensorBytes: numBytes, heapBytes, scriptBytes: scriptBytes() };
}

/** In Node, where the lane gives a collector. */
function scriptBytes(): number | null {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc || typeof process === 'undefined') return null;
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof Error && 'why' in thrown && typeof thrown.why === 'string') return thrown.why;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.split('\n')[0] ?? text;
}
