import { describe, expect, it, vi } from 'vitest';
import { defaultConfig } from '../core/config/schema.ts';
import { cancelledError, LabError } from '../core/errors.ts';
import type { Evaluation, ExperimentEvent } from '../core/experiment/events.ts';
import { WorkerClient, type WorkerLine } from './client.ts';
import { serve } from './host.ts';
import type { JobTools, Perform } from './jobs.ts';
import { LabWorkers } from './lab-workers.ts';
import { WorkerPool } from './pool.ts';
import type { FromWorker, Job, ToWorker, RunPlace } from './protocol.ts';

/** A worker in this thread: both ends of a line, with messages delivered later, as real ones are. */
function inProcess(perform: Perform): {
  line: WorkerLine;
  crash: (why: string) => void;
  terminated: () => boolean;
} {
  let toPage: (message: FromWorker) => void = () => undefined;
  let toWorker: (message: ToWorker) => void = () => undefined;
  let failed: (why: string) => void = () => undefined;
  let alive = true;
  const later = (deliver: () => void) => setTimeout(() => alive && deliver(), 0);
  serve(
    {
      post: (message) => later(() => toPage(structuredClone(message))),
      listen: (listener) => (toWorker = listener),
    },
    perform,
  );
  return {
    line: {
      post: (message) => later(() => toWorker(structuredClone(message))),
      listen: (listener) => (toPage = listener),
      onError: (listener) => (failed = listener),
      terminate: () => (alive = false),
    },
    crash: (why) => failed(why),
    terminated: () => !alive,
  };
}

const prepare = { kind: 'prepare', backend: 'cpu', dataset: 'mnist', measure: false } as const;
const place: RunPlace = {
  id: 'run',
  after: -1,
  before: { steps: new Float64Array(), evaluations: [] },
  replaces: [],
};
const run = {
  kind: 'run',
  config: defaultConfig,
  checkpoint: null,
  place,
  weights: null,
  startPaused: false,
  threads: null,
} as const;
const evaluation = (): Evaluation => ({ step: 1 }) as Evaluation;
const evaluate: Extract<Job, { kind: 'evaluate' }> = {
  kind: 'evaluate',
  config: defaultConfig,
  weights: {
    model: 'simplenet',
    inputShape: [28, 28, 1],
    classes: 10,
    parameters: [],
  },
  scope: 'live',
};

/** A job that waits for its cancel. */
const untilCancelled = ({ signal }: JobTools) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(cancelledError())));

describe('a worker client', () => {
  it('gives each job its own events and result, whatever the order they end in', async () => {
    const releases: (() => void)[] = [];
    const { line } = inProcess(async (job, { emit }) => {
      const scope = job.kind === 'evaluate' ? job.scope : 'live';
      emit({ type: 'progress', stage: 'data', done: scope === 'full' ? 2 : 1, total: 3, unit: 'parts' });
      await new Promise<void>((release) => releases.push(release));
      return { ...evaluation(), scope };
    });
    const client = new WorkerClient(line);
    const seen: Record<string, ExperimentEvent[]> = { live: [], full: [] };
    const live = client.start(
      { ...evaluate, scope: 'live' },
      { onEvent: (event) => seen['live']?.push(event) },
    );
    const full = client.start(
      { ...evaluate, scope: 'full' },
      { onEvent: (event) => seen['full']?.push(event) },
    );
    await vi.waitFor(() => expect(releases).toHaveLength(2));
    expect(client.busy).toBe(2);
    releases[1]?.();
    expect((await full.result).scope).toBe('full');
    releases[0]?.();
    expect((await live.result).scope).toBe('live');
    expect(seen['live']).toMatchObject([{ done: 1 }]);
    expect(seen['full']).toMatchObject([{ done: 2 }]);
    expect(client.busy).toBe(0);
  });

  it('cancels a job, and only that one', async () => {
    const { line } = inProcess((_, tools) => untilCancelled(tools));
    const client = new WorkerClient(line);
    const first = client.start(prepare);
    const second = client.start(prepare);
    first.control({ action: 'cancel' });
    await expect(first.result).rejects.toMatchObject({ code: 'E-CANCELLED' });
    expect(client.busy).toBe(1);
    second.control({ action: 'cancel' });
    await expect(second.result).rejects.toMatchObject({ code: 'E-CANCELLED' });
  });

  it('passes pause, step and balance to the job', async () => {
    const seen: string[] = [];
    const { line } = inProcess(async (_, { controller, signal }) => {
      while (!signal.aborted) {
        seen.push(`${controller.pauseReason} ${controller.balancer?.kind ?? 'none'}`);
        await controller.nextOrder(signal);
      }
      throw cancelledError();
    });
    const job = new WorkerClient(line).start({ ...run, startPaused: true });
    await vi.waitFor(() => expect(seen).toEqual(['user none']));
    job.control({ action: 'balance', balancer: { kind: 'fixed', scales: { normal: 1, backdoor: 2 } } });
    await vi.waitFor(() => expect(seen.at(-1)).toBe('user fixed'));
    job.control({ action: 'step', unit: 'batch' });
    await vi.waitFor(() => expect(seen.at(-1)).toBe('null fixed'));
    job.control({ action: 'cancel' });
    await expect(job.result).rejects.toMatchObject({ code: 'E-CANCELLED' });
  });

  it('turns what a job throws into a coded error', async () => {
    const { line } = inProcess(() => Promise.reject(new TypeError('x is not a function')));
    await expect(new WorkerClient(line).start(prepare).result).rejects.toMatchObject({
      code: 'E-INTERNAL',
      why: 'x is not a function.',
    });
  });

  it('ends a worker whose GPU device was lost, since it could not start another', async () => {
    const { line, terminated } = inProcess((job, tools) =>
      job.kind === 'run'
        ? Promise.reject(new LabError({ code: 'E-GPU-LOST', what: 'Lost.', why: '', fix: '' }))
        : untilCancelled(tools),
    );
    const client = new WorkerClient(line);
    const other = client.start(prepare).result;
    const [lost, died] = await Promise.allSettled([client.start(run).result, other]);
    expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'E-GPU-LOST' } });
    expect(died).toMatchObject({ status: 'rejected', reason: { code: 'E-WORKER' } });
    expect(terminated()).toBe(true);
  });

  it('rejects every job with E-WORKER when the worker dies, and later ones too', async () => {
    const { line, crash, terminated } = inProcess((_, tools) => untilCancelled(tools));
    const client = new WorkerClient(line);
    const jobs = [client.start(prepare), client.start(run)];
    const settled = Promise.allSettled(jobs.map(({ result }) => result));
    crash('out of memory');
    for (const outcome of await settled) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'E-WORKER', why: 'out of memory' },
      });
    }
    expect(terminated()).toBe(true);
    await expect(client.start(prepare).result).rejects.toMatchObject({ code: 'E-WORKER' });
  });
});

describe('a worker pool', () => {
  it('runs as many jobs at once as it has workers, and the others in their turn', async () => {
    let opened = 0;
    let atOnce = 0;
    let most = 0;
    const pool = new WorkerPool(() => {
      opened++;
      return inProcess(async () => {
        most = Math.max(most, ++atOnce);
        await new Promise((resolve) => setTimeout(resolve, 5));
        atOnce--;
        return evaluation();
      }).line;
    }, 2);
    await Promise.all(Array.from({ length: 5 }, () => pool.start(evaluate).result));
    expect(opened).toBe(2);
    expect(most).toBe(2);
  });

  it('replaces a worker that died, and goes on with the queue', async () => {
    const workers: ReturnType<typeof inProcess>[] = [];
    const pool = new WorkerPool(() => {
      const worker = inProcess((_, tools) =>
        workers.length === 1 ? untilCancelled(tools) : Promise.resolve(evaluation()),
      );
      workers.push(worker);
      return worker.line;
    }, 1);
    const first = pool.start(evaluate);
    const second = pool.start(evaluate);
    const lost = expect(first.result).rejects.toMatchObject({ code: 'E-WORKER' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    workers[0]?.crash('gone');
    await lost;
    expect((await second.result).step).toBe(1);
    expect(workers).toHaveLength(2);
  });

  it('cancels a job that still waits, without running it', async () => {
    const performed = vi.fn((_: unknown, tools: JobTools) => untilCancelled(tools));
    const pool = new WorkerPool(() => inProcess(performed).line, 1);
    const first = pool.start(evaluate);
    const waiting = pool.start(evaluate);
    waiting.control({ action: 'cancel' });
    first.control({ action: 'cancel' });
    await expect(first.result).rejects.toMatchObject({ code: 'E-CANCELLED' });
    await expect(waiting.result).rejects.toMatchObject({ code: 'E-CANCELLED' });
    expect(performed).toHaveBeenCalledTimes(1);
  });
});

describe('the lab’s workers', () => {
  it('train in one worker that is replaced after its death', async () => {
    const workers: ReturnType<typeof inProcess>[] = [];
    const lab = new LabWorkers(() => {
      const worker = inProcess((_, tools) => untilCancelled(tools));
      workers.push(worker);
      return worker.line;
    }, 1);
    const first = lab.start(run);
    lab.start(prepare).result.catch(() => undefined);
    expect(workers).toHaveLength(1);
    const lost = expect(first.result).rejects.toMatchObject({ code: 'E-WORKER' });
    workers[0]?.crash('gone');
    await lost;
    const again = lab.start(run);
    expect(workers).toHaveLength(2);
    again.control({ action: 'cancel' });
    await expect(again.result).rejects.toMatchObject({ code: 'E-CANCELLED' });
  });
});
