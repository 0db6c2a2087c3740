import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { violations } from './support/axe.ts';
import { small } from './support/experiments.ts';
import type { LabPage } from './support/lab-page.ts';
import { expect, test } from './support/test.ts';

const ENOUGH_MS = 60_000;

/** The bench, by the link in the bar. */
async function openBench(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Defenses' }).click();
  await expect(page.getByRole('group', { name: 'Guards an input' })).toBeVisible();
}

/** Trains for a few steps, and goes to the bench. */
async function trained(lab: LabPage): Promise<void> {
  const experiment = small({ max_batches: 12 });
  await lab.open({ ...experiment, task: { ...experiment.task, train_examples: 800, test_examples: 200 } });
  await lab.control('Run').click();
  await lab.expectPhase('Run again');
  await openBench(lab.page);
}

/** Has exactly these defenses chosen. */
async function choose(page: Page, names: readonly RegExp[]): Promise<void> {
  const setup = page.getByRole('region', { name: 'Defenses', exact: true });
  const chosen = setup.getByRole('checkbox', { checked: true });
  while ((await chosen.count()) > 0) await chosen.first().click();
  for (const name of names) await setup.getByRole('checkbox', { name }).check();
}

const row = (page: Page, name: RegExp): Locator =>
  page.getByRole('region', { name: 'Defenses that were run' }).getByRole('row', { name });

test('defenses run on the model that was trained, beside a clean control, and show why they say so', async ({
  lab,
  page,
}) => {
  await trained(lab);
  await expect(page.getByRole('checkbox', { name: 'Small' })).toBeChecked();
  expect(await violations(page), 'before the first defense').toEqual([]);
  await choose(page, [/^STRIP/, /CLP/]);
  await page.getByRole('button', { name: 'Parameters of STRIP' }).click();
  const params = page.getByRole('group', { name: 'Parameters of STRIP' });
  await params.getByLabel('Overlays').fill('0');
  await expect(params).toContainText('from 1 to 10000');
  await params.getByLabel('Overlays').fill('2');
  await params.getByLabel('Clean examples to set the threshold').fill('40');
  await page.getByRole('button', { name: 'Run 2 defenses' }).click();
  await expect(row(page, /^STRIP/)).toContainText(/backdoored|clean/, { timeout: ENOUGH_MS });
  await expect(row(page, /CLP/)).toContainText('repaired', { timeout: ENOUGH_MS });

  const card = page.getByRole('region', { name: 'STRIP on Small' });
  await expect(card).toContainText('Of a clean model it says');
  const scores = card.getByRole('region', { name: 'Suspicion, with what is so in truth' });
  const rates = (): Promise<string> => scores.innerText();
  const before = await rates();
  await scores.getByRole('slider').focus();
  await page.keyboard.press('Home');
  await expect(scores).toContainText(/True positives\s+(100\.0|99\.\d+) %/);
  expect(await rates()).not.toBe(before);
  await scores.getByRole('button', { name: 'Back to the method’s' }).click();
  expect(await rates()).toBe(before);
  // By pointer too.
  const plot = scores.getByRole('img');
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  if (!box) throw new Error('The histogram is not in sight.');
  await page.mouse.click(box.x + box.width - 30, box.y + 60);
  await expect(scores).toContainText(/True positives\s+(0\.0|< 0\.1|\d\.\d) %/);
  await expect(card.getByRole('img', { name: /True over false positives\. AUROC: 0\.\d+/ })).toBeVisible();
  expect(await violations(page), 'with evidence').toEqual([]);

  await row(page, /CLP/)
    .getByRole('button', { name: /CLP\)$/ })
    .click();
  const clp = page.getByRole('region', { name: /CLP\) on Small/ });
  await expect(clp.getByRole('img', { name: /Lipschitz bounds of the channels of conv1/ })).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  // Charts follow the width after a moment.
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('a defense can be cancelled, latents can be seen, and channels go under a slider', async ({
  lab,
  page,
}) => {
  await trained(lab);
  await choose(page, [/Neural Cleanse/]);
  await page.getByRole('button', { name: 'Run the defense' }).click();
  await expect(row(page, /Neural Cleanse/)).toContainText(/\d+ of \d+ steps/, { timeout: ENOUGH_MS });
  await row(page, /Neural Cleanse/)
    .getByRole('button', { name: /^Cancel/ })
    .click();
  await expect(row(page, /Neural Cleanse/)).toContainText('Stopped');

  const inside = page.getByRole('region', { name: 'Inside Small' });
  await inside.getByRole('button', { name: 'By UMAP' }).click();
  await expect(inside.getByRole('img', { name: /^Latents by UMAP\. \d+ points/ })).toBeVisible({
    timeout: ENOUGH_MS,
  });
  await inside.getByRole('button', { name: 'Largest Lipschitz bound first' }).click();
  const slider = inside.getByRole('slider', { name: /Accuracy and attack success/ });
  await expect(slider).toBeVisible({ timeout: ENOUGH_MS });
  await expect(inside).toContainText('Nothing is pruned.');
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await expect(inside).toContainText(/Pruned: conv\d channel \d+/);
});

test('implementations of one method stand side by side', async ({ lab, page }) => {
  await trained(lab);
  await choose(page, [/SCALE-UP/]);
  await page.getByRole('button', { name: 'Run the defense' }).click();
  await expect(row(page, /SCALE-UP/)).toContainText('Small', { timeout: ENOUGH_MS });
  const compare = page.getByRole('button', { name: /^Compare 3 of them/ });
  await compare.click({ timeout: ENOUGH_MS });
  const table = page.getByRole('region', { name: 'Implementations side by side' });
  await expect(table.getByRole('row')).toHaveCount(4);
  await expect(table.getByRole('row', { name: /^Without data/ })).toContainText(/\d+\.\d/, {
    timeout: ENOUGH_MS,
  });
});

test('a matrix is filled in the background, survives a reload, and is exported', async ({ lab, page }) => {
  await lab.open(small());
  await openBench(page);
  const matrix = page.getByRole('region', { name: 'Matrix of attacks and defenses' });
  await matrix.getByRole('group', { name: 'Attacks of the matrix' }).getByRole('checkbox').first().check();
  await matrix.getByRole('checkbox', { name: /CLP/ }).check();
  await matrix.getByLabel('Length of the training').selectOption('quick');
  await matrix.getByRole('button', { name: 'Fill 1 cells' }).click();
  await expect(matrix.getByRole('cell', { name: /%/ })).toBeVisible({ timeout: ENOUGH_MS });
  await expect(matrix.getByRole('button', { name: 'Stop the sweep' })).toHaveCount(0);

  await page.reload();
  await matrix.getByLabel('Length of the training').selectOption('quick');
  await expect(matrix.getByRole('cell', { name: /%/ })).toBeVisible();
  await matrix.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /CSV/ }).click(),
  ]);
  const [head = '', line = ''] = (await readFile(await download.path(), 'utf8')).split('\n');
  expect(head).toContain('attack_success_after');
  expect(line).toMatch(/,clp,1,repaired,/);
});
