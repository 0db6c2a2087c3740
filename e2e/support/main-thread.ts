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

type WatchingWindow = Window & { takeLongTasks?: () => number[] };

/** Tasks of the page's main thread over 50 ms, as the Long Tasks API reports them. */
export class LongTasks {
  private constructor(private readonly page: Page) {}

  static async start(page: Page): Promise<LongTasks> {
    await page.evaluate(() => {
      const seen: number[] = [];
      const note = (list: PerformanceEntryList) => seen.push(...list.map(({ duration }) => duration));
      const observer = new PerformanceObserver((list) => note(list.getEntries()));
      observer.observe({ type: 'longtask' });
      (window as WatchingWindow).takeLongTasks = () => {
        note(observer.takeRecords());
        return seen.splice(0);
      };
    });
    return new LongTasks(page);
  }

  /** Durations in milliseconds of the long tasks since the last call. */
  take(): Promise<number[]> {
    return this.page.evaluate(() => (window as WatchingWindow).takeLongTasks?.() ?? []);
  }

  /** The long tasks that come of tasks which keep the main thread busy for a given time each, one after the other. */
  async ofBusyTasks(count: number, milliseconds: number): Promise<number[]> {
    await this.take();
    await this.page.evaluate(
      async ([tasks, busy]) => {
        for (let task = 0; task < tasks; task++)
          await new Promise<void>((resolve) => {
            setTimeout(() => {
              const end = performance.now() + busy;
              while (performance.now() < end);
              resolve();
            });
          });
        // An entry is made after its task has ended.
        await new Promise((resolve) => setTimeout(resolve, 200));
      },
      [count, milliseconds] as const,
    );
    return this.take();
  }
}
