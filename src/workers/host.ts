/**
 * The worker's side of the protocol: starts jobs, forwards controls, and ends each request with exactly one result or
 * error. What a job does lies in `jobs.ts`; where messages come from, in `worker.ts`.
 */
import { asLabError } from '../core/errors.ts';
import { RunController } from '../engine/training/controller.ts';
import type { JobTools, Perform } from './jobs.ts';
import type { WorkerEnd } from './messages.ts';
import type { Control, Job } from './protocol.ts';

interface Running {
  abort: AbortController;
  controller: RunController;
}

export function serve(channel: WorkerEnd, perform: Perform): void {
  const running = new Map<number, Running>();

  async function start(id: number, job: Job): Promise<void> {
    const abort = new AbortController();
    const controller = new RunController({ startPaused: job.kind === 'run' && job.startPaused });
    running.set(id, { abort, controller });
    const tools: JobTools = {
      signal: abort.signal,
      controller,
      emit: (event) => channel.post({ id, type: 'event', event }),
      tell: (event) => channel.post({ id, type: 'defense', event }),
      keep: (checkpoint) => channel.post({ id, type: 'snapshot', checkpoint }),
    };
    try {
      const result = await perform(job, tools);
      channel.post({ id, type: 'result', result });
    } catch (thrown) {
      channel.post({ id, type: 'failed', error: asLabError(thrown).toData() });
    } finally {
      running.delete(id);
    }
  }

  async function steer(id: number, control: Control): Promise<void> {
    const job = running.get(id);
    if (!job) return; // it ended while the message was on its way
    switch (control.action) {
      case 'cancel':
        job.abort.abort();
        return;
      case 'pause':
        job.controller.pause();
        return;
      case 'resume':
        job.controller.resume();
        return;
      case 'step':
        job.controller.step(control.unit);
        return;
      case 'balance':
        job.controller.balance(control.balancer);
        return;
      case 'evade':
        job.controller.evade(control.evasions);
        return;
      case 'take-client':
        job.controller.takeClient(control.client);
        return;
      case 'snapshot':
        channel.post({ id, type: 'snapshot', checkpoint: await job.controller.snapshot() });
    }
  }

  channel.listen((message) => {
    void (message.type === 'job' ? start(message.id, message.job) : steer(message.id, message.control));
  });
}
