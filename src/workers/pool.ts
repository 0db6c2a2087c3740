/**
 * A few workers, started when there is work. A job goes to an idle worker, the one that has done most first, since it
 * holds a warm backend and the data; with none idle, to a new worker while there is room, else it waits its turn.
 */
import { cancelledError } from '../core/errors.ts';
import { type JobHandle, type JobListeners, WorkerClient, type WorkerLine } from './client.ts';
import type { Control, Job, JobKind, JobResults } from './protocol.ts';

interface Waiting {
  begin: (client: WorkerClient) => void;
}

export class WorkerPool {
  private readonly clients: WorkerClient[] = [];
  private readonly queue: Waiting[] = [];

  /** @param size most workers at once, at least 1 */
  constructor(
    private readonly open: () => WorkerLine,
    private readonly size: number,
  ) {}

  start<Kind extends JobKind>(
    job: Extract<Job, { kind: Kind }>,
    listeners: JobListeners = {},
  ): JobHandle<Kind> {
    let handle: JobHandle<Kind> | null = null;
    let cancelled = false;
    const early: Control[] = [];
    const result = new Promise<JobResults[Kind]>((resolve, reject) => {
      this.queue.push({
        begin: (client) => {
          if (cancelled) {
            reject(cancelledError());
            return;
          }
          handle = client.start(job, listeners);
          early.forEach((control) => handle?.control(control));
          handle.result.then(resolve, reject).finally(() => this.advance());
        },
      });
    });
    this.advance();
    return {
      result,
      control: (control) => {
        if (handle) handle.control(control);
        else if (control.action === 'cancel') cancelled = true;
        else early.push(control);
        if (cancelled) this.advance();
      },
    };
  }

  /** Ends every worker; jobs under way reject with E-WORKER. */
  terminate(): void {
    for (const client of [...this.clients]) client.terminate();
  }

  private advance(): void {
    while (this.queue.length > 0) {
      const client = this.clients.find(({ busy }) => busy === 0) ?? this.grow();
      if (!client) return;
      this.queue.shift()?.begin(client);
    }
  }

  private grow(): WorkerClient | null {
    if (this.clients.length >= this.size) return null;
    const client = new WorkerClient(this.open());
    this.clients.push(client);
    client.onDeath(() => {
      this.clients.splice(this.clients.indexOf(client), 1);
      this.advance();
    });
    return client;
  }
}
