import { cpus, loadavg } from 'node:os';
import { endless } from './support/experiments.ts';
import { slowness } from './support/machine-speed.ts';
import { LongTasks, traceMainThread } from './support/main-thread.ts';
import { expect, test } from './support/test.ts';

/** On the machine of `machine-speed.ts`; the browser itself reports tasks from here on. */
const LONG_TASK_MS = 50;
const WATCH_MS = 8_000;
/**
 * The Long Tasks API reads the clock on the wall, and on a busy machine counts waiting for a core too; a garbage collection
 * that found no core to itself falls into whatever task is under way. What the page does itself comes back in each window:
 * one window without a long task shows that none of them was the page's own.
 */
const WINDOWS = 3;
/** What the browser and its training add to the machine's load, beyond the cores that they fill. */
const OWN_LOAD = 2;

test('no task holds up the page while it trains', async ({ lab, page, browser }) => {
  test.setTimeout(150_000);
  const bound = LONG_TASK_MS * (await slowness(page));
  await lab.open(); // the lab as it ships, with its real batches and evaluations
  await lab.run();
  await lab.expectStep(12); // starting up is over: every chart has been drawn
  const watch = await LongTasks.start(page);
  const windows: { computed: number; waited: number[] }[] = [];
  const smooth = (byClock: boolean) =>
    windows.some(({ computed, waited }) => computed <= bound && (!byClock || waited.length === 0));
  while (windows.length < WINDOWS && !smooth(true)) {
    const before = await lab.step();
    await watch.take(); // what came between the windows is none of theirs
    let waited: number[] = [];
    const tasks = await traceMainThread(browser, page, async () => {
      await page.waitForTimeout(WATCH_MS);
      waited = (await watch.take()).filter((ms) => ms > bound);
    });
    windows.push({ computed: tasks.worstCpuMs, waited });
    const steps = (await lab.step()) - before;
    console.log(
      `main thread over ${steps} steps, ${tasks.count} tasks: longest ${tasks.worstMs.toFixed(0)} ms, ` +
        `of its own time ${tasks.worstCpuMs.toFixed(0)} ms; long tasks: ${waited.map(Math.round).join(', ') || 'none'}`,
    );
    expect(steps).toBeGreaterThan(5);
    expect(tasks.count).toBeGreaterThan(100);
  }
  // A watch that sees nothing would pass everything.
  expect(Math.max(...(await watch.ofBusyTasks(1, 2 * LONG_TASK_MS)))).toBeGreaterThanOrEqual(
    2 * LONG_TASK_MS,
  );
  // With more at work than the lab, waiting for a core makes long tasks in every window; then the own time alone judges.
  const [load = 0] = loadavg();
  const quiet = load <= cpus().length + OWN_LOAD;
  if (!quiet) {
    const words = `load ${load.toFixed(1)} on ${cpus().length} cores: the Long Tasks API was not held against the page`;
    console.log(words);
    test.info().annotations.push({ type: 'busy machine', description: words });
  }
  expect(smooth(quiet), `${WINDOWS} windows, bound ${bound.toFixed(0)} ms: ${JSON.stringify(windows)}`).toBe(
    true,
  );
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
