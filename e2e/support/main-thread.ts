/** How long the page's main thread was busy at a stretch. */
import type { Browser, Page } from '@playwright/test';

export interface MainThreadTasks {
  count: number;
  /** Longest task by the clock on the wall, in milliseconds. */
  worstMs: number;
  /** Longest task by what the thread itself computed, in milliseconds: what other programs took is left out. */
  worstCpuMs: number;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds on the wall and on the thread's own clock. */
  dur?: number;
  tdur?: number;
  args: { name?: string };
}

/**
 * Traces the tasks of the main thread while `act` goes on. The Long Tasks API knows the wall clock only; on a machine
 * that other programs keep busy, a thread that waits for a core would look as if it computed. The trace has both clocks.
 */
export async function traceMainThread(
  browser: Browser,
  page: Page,
  act: () => Promise<void>,
): Promise<MainThreadTasks> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await act();
  const trace = JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: TraceEvent[] };
  const main = trace.traceEvents.find(
    ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain',
  );
  const tasks = trace.traceEvents.filter(
    ({ name, ph, pid, tid }) =>
      name === 'ThreadControllerImpl::RunTask' && ph === 'X' && pid === main?.pid && tid === main.tid,
  );
  const worst = (of: (event: TraceEvent) => number | undefined) =>
    tasks.reduce((most, event) => Math.max(most, (of(event) ?? 0) / 1000), 0);
  return { count: tasks.length, worstMs: worst(({ dur }) => dur), worstCpuMs: worst(({ tdur }) => tdur) };
}
