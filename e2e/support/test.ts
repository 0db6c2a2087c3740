/** The test function of every journey: a fresh profile with the lab in it, and no error may go unseen. */
import { test as base, expect } from '@playwright/test';
import { LabPage } from './lab-page.ts';

export const test = base.extend<{ lab: LabPage }>({
  lab: async ({ page }, provide) => {
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
