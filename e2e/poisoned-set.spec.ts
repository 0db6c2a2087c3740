import { unzipSync } from 'fflate';
import { readFile } from 'node:fs/promises';
import type { ExperimentInput } from '../src/core/config/schema.ts';
import { small } from './support/experiments.ts';
import { traceMainThread } from './support/main-thread.ts';
import { expect, test } from './support/test.ts';

const poisonedOnce: ExperimentInput = {
  ...small(),
  name: 'Poisoned once',
  attack: {
    synthesizer: { kind: 'single_pixel', placement: { kind: 'random', per: 'example' } },
    label: { kind: 'one_target', target: 4 },
    injection: { kind: 'data', fraction: 0.1, cover: 0.05 },
  },
};

test('a poisoned training set is filtered, looked into and taken home', async ({ lab, page, browser }) => {
  await lab.open(poisonedOnce);
  await lab.setup.getByRole('button', { name: 'Attack', exact: true }).click();
  await lab.setup.getByRole('button', { name: 'See the poisoned training set' }).click();
  const dialog = page.getByRole('dialog', { name: 'Poisoned training set' });
  await expect(dialog).toContainText('This attack poisons the training set once', { timeout: 30_000 });
  const status = dialog.getByRole('status');
  await expect(status).toHaveText('1 to 48 of 320', { timeout: 30_000 });
  const cards = dialog.getByRole('listitem').getByRole('button');
  await expect(cards).toHaveCount(48);
  await expect(cards.first()).toHaveAccessibleName(/^Poisoned example [\d,]+, a \d, labelled 4$/);

  const tasks = await traceMainThread(browser, page, async () => {
    await dialog.getByRole('button', { name: 'Page 2', exact: true }).click();
    await expect(status).toHaveText('49 to 96 of 320');
    await dialog.getByText(/^All 3,200$/).click();
    await expect(status).toHaveText('1 to 48 of 3,200');
  });
  expect(tasks.worstCpuMs).toBeLessThan(50);

  await dialog.getByText(/^Cover 160$/).click();
  await expect(status).toHaveText('1 to 48 of 160');
  await cards.first().click();
  const example = dialog.getByRole('region', { name: 'The chosen example' });
  await expect(example).toContainText('Cover example');
  await expect(example.getByRole('img', { name: 'The change: 1 pixels' })).toBeVisible();
  await expect(example).toContainText(/Where\s*row \d+, column \d+, 1 by 1 pixels/);
  await expect(example).toContainText(/Stream of random numbers\s*poison/);
  const index = /Training example(\d+)/.exec((await example.textContent()) ?? '')?.[1] ?? '';

  await dialog.getByText(/^All 3,200$/).click();
  await dialog.getByLabel('Training example').fill(index);
  await expect(status).toHaveText('1 to 1 of 1');
  await dialog.getByLabel('Training example').fill('');
  await dialog.getByText(/^Poisoned 320$/).click();
  await dialog.getByLabel('It is a', { exact: true }).selectOption('7');
  await expect(status).toHaveText(/^1 to \d+ of \d+$/);
  const sevens = Number(/of (\d+)/.exec((await status.textContent()) ?? '')?.[1]);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: `Export ${sevens} as a zip` }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('Poisoned-once-poisoned.zip');
  const files = unzipSync(await readFile(await download.path()));
  const pictures = Object.keys(files).filter((path) => /^train\/4\/\d{7}\.png$/.test(path));
  expect(pictures).toHaveLength(sevens);
  const table = new TextDecoder().decode(files['provenance.csv']).trim().split('\n');
  expect(table).toHaveLength(1 + sevens);
  expect(table[1]).toMatch(/,poisoned,\d+,7,4,1,single_pixel,\d+,\d+,1,1,,7,poison$/);
});

test('an attack that poisons each batch anew shows the batch of a step', async ({ lab, page }) => {
  await lab.open(small());
  await lab.openSection('Attack');
  await lab.setup.getByRole('button', { name: 'See the poisoned training set' }).click();
  const dialog = page.getByRole('dialog', { name: 'Poisoned training set' });
  await expect(dialog).toContainText('it draws its poison anew for each batch', { timeout: 30_000 });
  await expect(dialog).toContainText('Shown is batch 1 of epoch 1.');
  const first = await dialog.getByRole('listitem').getByRole('button').first().getAttribute('aria-label');
  await dialog.getByLabel('Step, of 200').fill('3');
  await expect(dialog).toContainText('Shown is batch 3 of epoch 1.');
  const other = dialog.getByRole('listitem').getByRole('button').first();
  await expect(other).not.toHaveAccessibleName(first ?? '');
});
