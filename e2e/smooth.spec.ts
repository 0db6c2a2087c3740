import { endless } from './support/experiments.ts';
import { traceMainThread } from './support/main-thread.ts';
import { expect, test } from './support/test.ts';

const LONG_TASK_MS = 50;
const WATCH_MS = 8_000;

test('no task holds up the page while it trains', async ({ lab, page, browser }) => {
  await lab.open(); // the lab as it ships, with its real batches and evaluations
  await lab.run();
  await lab.expectStep(12); // starting up is over: every chart has been drawn
  await page.evaluate(() => {
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) performance.mark('long-task', { detail: duration });
    }).observe({ type: 'longtask' });
  });
  const before = await lab.step();
  // On a busy machine the Long Tasks API counts waiting for a core too; what the thread computed is what the page owes.
  const tasks = await traceMainThread(browser, page, () => page.waitForTimeout(WATCH_MS));
  const long = await page.evaluate(() =>
    performance.getEntriesByName('long-task').map((mark) => (mark as PerformanceMark).detail as number),
  );
  const steps = (await lab.step()) - before;
  console.log(
    `main thread over ${steps} steps, ${tasks.count} tasks: longest ${tasks.worstMs.toFixed(0)} ms, ` +
      `of its own time ${tasks.worstCpuMs.toFixed(0)} ms; long tasks by the wall clock: ${long.length}`,
  );
  expect(steps).toBeGreaterThan(5);
  expect(tasks.count).toBeGreaterThan(100);
  expect(tasks.worstCpuMs).toBeLessThanOrEqual(LONG_TASK_MS);
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
