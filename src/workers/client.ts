/** The page's side of one worker: jobs in flight, their events, and what happens to them when the worker dies. */
import type { DefenseEvent } from '../core/defenses/events.ts';
import { LabError, type LabErrorData } from '../core/errors.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import type { ExperimentEvent } from '../core/experiment/events.ts';
import { watchLock } from './life-lock.ts';
import type { PageEnd } from './messages.ts';
import type { Control, FromWorker, Job, JobKind, JobResults } from './protocol.ts';

export interface JobListeners {
  onEvent?: (event: ExperimentEvent) => void;
  /** Of a `defend` job: progress, evidence as it grows, each result. */
  onDefense?: (event: DefenseEvent) => void;
  onSnapshot?: (checkpoint: Checkpoint) => void;
}

/** A job under way. `result` rejects with a LabError: the job's own, or E-WORKER when its worker died. */
export interface JobHandle<Kind extends JobKind = JobKind> {
  result: Promise<JobResults[Kind]>;
  control: (control: Control) => void;
}

interface Pending {
  listeners: JobListeners;
  resolve: (result: JobResults[JobKind]) => void;
  reject: (error: LabError) => void;
}

export interface WorkerLine extends PageEnd {
  /** Called when the worker reports a failure that no job caught. */
  onError: (listener: (why: string) => void) => void;
  terminate: () => void;
}

let lastId = 0;

export class WorkerClient {
  private readonly pending = new Map<number, Pending>();
  private readonly ended = new AbortController();
  private readonly deathListeners = new Set<() => void>();

  constructor(private readonly line: WorkerLine) {
    line.listen((message) => this.receive(message));
    line.onError((why) => this.die(why));
  }

  /** Jobs in flight. */
  get busy(): number {
    return this.pending.size;
  }

  get dead(): boolean {
    return this.ended.signal.aborted;
  }

  start<Kind extends JobKind>(
    job: Extract<Job, { kind: Kind }>,
    listeners: JobListeners = {},
  ): JobHandle<Kind> {
    const id = ++lastId;
    const result = new Promise<JobResults[JobKind]>((resolve, reject) => {
      if (this.dead) {
        reject(new LabError(deathOf('It had ended before.')));
        return;
      }
      this.pending.set(id, { listeners, resolve, reject });
      this.line.post({ id, type: 'job', job });
    });
    return {
      result: result as Promise<JobResults[Kind]>,
      control: (control) => {
        if (this.pending.has(id)) this.line.post({ id, type: 'control', control });
      },
    };
  }

  onDeath(listener: () => void): void {
    this.deathListeners.add(listener);
  }

  /** Ends the worker at once; its jobs reject with E-WORKER. */
  terminate(): void {
    this.die('The page ended it.');
  }

  private receive(message: FromWorker): void {
    if (message.type === 'ready') {
      if (message.lock !== null)
        watchLock(message.lock, this.ended.signal, () =>
          this.die('The browser ended it, most likely for want of memory.'),
        );
      return;
    }
    const pending = this.pending.get(message.id);
    if (!pending) return;
    switch (message.type) {
      case 'event':
        pending.listeners.onEvent?.(message.event);
        return;
      case 'defense':
        pending.listeners.onDefense?.(message.event);
        return;
      case 'snapshot':
        pending.listeners.onSnapshot?.(message.checkpoint);
        return;
      case 'result':
        this.pending.delete(message.id);
        pending.resolve(message.result);
        return;
      case 'failed':
        this.pending.delete(message.id);
        pending.reject(LabError.fromData(message.error));
        // TensorFlow.js cannot start a backend anew: another worker finds what there is now.
        if (message.error.code === 'E-GPU-LOST') this.die('Its GPU device was lost.');
    }
  }

  private die(why: string): void {
    if (this.dead) return;
    this.ended.abort();
    this.line.terminate();
    for (const { reject } of this.pending.values()) reject(new LabError(deathOf(why)));
    this.pending.clear();
    for (const listener of this.deathListeners) listener();
  }
}

function deathOf(why: string): LabErrorData {
  return {
    code: 'E-WORKER',
    what: 'The worker that was computing has died.',
    why,
    fix: 'A new one is started; the run goes on from its last checkpoint.',
  };
}
