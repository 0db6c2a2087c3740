import { cpus, loadavg } from 'node:os';
import { endless } from './support/experiments.ts';
import { LongTasks, traceMainThread } from './support/main-thread.ts';
import { expect, test } from './support/test.ts';

const LONG_TASK_MS = 50;
const WATCH_MS = 8_000;
/**
 * The Long Tasks API reads the clock on the wall, and on a busy machine counts waiting for a core too. What the page
 * does itself comes back in each window: one window without a long task shows that none of them was the page's own.
 */
const WINDOWS = 3;
/** What the browser and its training add to the machine's load, beyond the cores that they fill. */
const OWN_LOAD = 2;

test('no task holds up the page while it trains', async ({ lab, page, browser }) => {
  test.setTimeout(150_000);
  await lab.open(); // the lab as it ships, with its real batches and evaluations
  await lab.run();
  await lab.expectStep(12); // starting up is over: every chart has been drawn
  const watch = await LongTasks.start(page);
  const longTasks: number[][] = [];
  while (longTasks.length < WINDOWS && longTasks.at(-1)?.length !== 0) {
    const before = await lab.step();
    await watch.take(); // what came between the windows is none of theirs
    const tasks = await traceMainThread(browser, page, async () => {
      await page.waitForTimeout(WATCH_MS);
      longTasks.push(await watch.take());
    });
    const steps = (await lab.step()) - before;
    console.log(
      `main thread over ${steps} steps, ${tasks.count} tasks: longest ${tasks.worstMs.toFixed(0)} ms, ` +
        `of its own time ${tasks.worstCpuMs.toFixed(0)} ms; long tasks: ${longTasks.at(-1)?.map(Math.round).join(', ') || 'none'}`,
    );
    // What the thread computed is the page's own in every window, whatever else the machine does.
    expect(steps).toBeGreaterThan(5);
    expect(tasks.count).toBeGreaterThan(100);
    expect(tasks.worstCpuMs).toBeLessThanOrEqual(LONG_TASK_MS);
  }
  // A watch that sees nothing would pass everything.
  expect(Math.max(...(await watch.ofBusyTasks(1, 2 * LONG_TASK_MS)))).toBeGreaterThanOrEqual(
    2 * LONG_TASK_MS,
  );
  // With more at work than the lab, waiting for a core makes long tasks in every window; then the own time alone judges.
  const [load = 0] = loadavg();
  if (load <= cpus().length + OWN_LOAD) {
    expect(longTasks, `long tasks in each of ${WINDOWS} windows, in ms`).toContainEqual([]);
  } else {
    const words = `load ${load.toFixed(1)} on ${cpus().length} cores: the Long Tasks API was not held against the page`;
    console.log(words);
    test.info().annotations.push({ type: 'busy machine', description: words });
  }
});

test('a hidden tab keeps training', async ({ lab, page }) => {
  // Without a window nothing can be hidden, so a hidden tab's ways are played: no frames, neither here nor in workers.
  await page.route(/\/assets\/worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const noFrames = 'self.requestAnimationFrame = () => 0;';
    await route.fulfill({ response, body: `${noFrames}\n${await response.text()}` });
  });
  await lab.open(endless());
  await lab.run();
  await lab.expectStep(5);
  const setHidden = (hidden: boolean) =>
    page.evaluate((value) => {
      const state = value ? 'hidden' : 'visible';
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
      const kept = window as Window & { realFrames?: typeof window.requestAnimationFrame };
      kept.realFrames ??= window.requestAnimationFrame.bind(window);
      window.requestAnimationFrame = value ? () => 0 : kept.realFrames;
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await setHidden(true);
  const hiddenAt = await lab.step();
  await lab.expectStep(hiddenAt + 25);
  await setHidden(false);
  await lab.pause();
  expect((await lab.runJson()).steps).toBeGreaterThanOrEqual(hiddenAt + 25);
});
