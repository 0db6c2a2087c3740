/**
 * The lab's workers: one that trains, kept warm with its backend and data, and a pool for everything else. A worker that
 * died is replaced by the next job.
 */
import { type JobHandle, type JobListeners, WorkerClient, type WorkerLine } from './client.ts';
import { WorkerPool } from './pool.ts';
import type { Job, JobKind } from './protocol.ts';

/** Jobs that belong to the training worker; they may run beside each other and share what they load. */
const TRAINING: readonly JobKind[] = ['load-data', 'prepare', 'run', 'replay', 'hold-model', 'look'];

export class LabWorkers {
  private trainer: WorkerClient | null = null;
  private readonly pool: WorkerPool;

  /** @param poolSize most workers beside the training one, at least 1 */
  constructor(
    private readonly open: () => WorkerLine,
    poolSize: number,
  ) {
    this.pool = new WorkerPool(open, poolSize);
  }

  start<Kind extends JobKind>(
    job: Extract<Job, { kind: Kind }>,
    listeners: JobListeners = {},
  ): JobHandle<Kind> {
    if (!TRAINING.includes(job.kind)) return this.pool.start<Kind>(job, listeners);
    if (!this.trainer || this.trainer.dead) this.trainer = new WorkerClient(this.open());
    return this.trainer.start<Kind>(job, listeners);
  }

  /** Ends the training worker at once, whatever it does; its jobs reject with E-WORKER. */
  endTrainer(): void {
    this.trainer?.terminate();
    this.trainer = null;
  }
}
