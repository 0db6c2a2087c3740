/** The test function of every journey: a fresh profile with the lab in it, and no error may go unseen. */
import { test as base, expect } from '@playwright/test';
import { LabPage } from './lab-page.ts';

/** What a project or a spec may set with `use`. */
export interface LabOptions {
  /** How many threads are chosen in a fresh profile; null for as many as pay. */
  threads: number | null;
}

/** As the page keeps the choice; one that was made meanwhile stays over a reload. */
function chooseThreads(threads: number): void {
  const key = 'backdoor-lab/threads';
  if (location.protocol.startsWith('http') && localStorage.getItem(key) === null)
    localStorage.setItem(key, String(threads));
}

export const test = base.extend<{ lab: LabPage } & LabOptions>({
  threads: [null, { option: true }],
  lab: async ({ page, threads }, provide) => {
    if (threads !== null) await page.addInitScript(chooseThreads, threads);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(`${error.name}: ${error.message}\n${error.stack ?? ''}`));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
    });
    const lab = new LabPage(page);
    await provide(lab);
    const unexpected = errors.filter((text) => !lab.allowedErrors.some((allowed) => allowed.test(text)));
    expect(unexpected, 'errors in the console').toEqual([]);
  },
});

export { expect };
