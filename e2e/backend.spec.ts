import { AxeBuilder } from '@axe-core/playwright';
import { endless } from './support/experiments.ts';
import { expect, test } from './support/test.ts';

const MEASURED_ON = /measured on \d{4}-\d{2}-\d{2}/;
const MEASURED_NOW = /measured now/;

test('the backend is measured once, remembered over a reload, and measured again when asked', async ({
  lab,
  page,
}) => {
  await lab.open();
  await expect(lab.status).toContainText(MEASURED_NOW);
  await page.reload();
  await lab.ready();
  await expect(lab.status).toContainText(MEASURED_ON);

  await lab.status.getByRole('button', { name: MEASURED_ON }).click();
  const details = page.getByRole('dialog');
  await expect(details).toContainText('Self-test: within');
  await details.getByRole('button', { name: 'Measure the backends again' }).click();
  await expect(lab.status).toContainText(MEASURED_NOW);
  const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
  expect(violations.map(({ id, help }) => `${id}: ${help}`)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(details).toBeHidden();
});

test.describe('with several threads', () => {
  test.use({ threads: null });

  test('as many threads as were chosen share a run, also after a reload', async ({ lab, page }) => {
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    test.skip(cores < 2, 'this machine has one core');
    await lab.open(endless());
    await lab.run();
    await expect(lab.status.getByText(/^[2-4] threads$/)).toBeVisible();
    await lab.control('Stop').click();
    await lab.expectPhase('Run again');

    await lab.status.getByRole('button', { name: /WebAssembly/ }).click();
    const details = page.getByRole('dialog');
    await details.getByLabel('Threads', { exact: true }).selectOption('1');
    await page.keyboard.press('Escape');
    await lab.control('Run again').click();
    await lab.expectPhase('Pause');
    await expect(lab.status.getByText('1 thread', { exact: true })).toBeVisible();

    await page.reload();
    await lab.ready();
    await lab.run();
    await lab.expectStep(20);
    await expect(lab.status.getByText('1 thread', { exact: true })).toBeVisible();
  });
});
