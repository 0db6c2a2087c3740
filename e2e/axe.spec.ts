import { violations } from './support/axe.ts';
import { endless } from './support/experiments.ts';
import { expect, test } from './support/test.ts';

/** Rules that look at colours: in the dark nothing else differs from the light. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing wrong in the ${colorScheme}`, async ({ lab, page }) => {
    const rules = colorScheme === 'dark' ? OF_COLOURS : undefined;
    await page.emulateMedia({ colorScheme });
    await lab.open(endless());
    for (const section of ['Task', 'Attack', 'Training', 'Evaluation', 'Backend and name'])
      await lab.openSection(section);
    if (colorScheme === 'light') expect(await violations(page), 'before the first run').toEqual([]);

    await lab.run();
    await lab.expectStep(12);
    await lab.pause();
    await expect(page.getByRole('region', { name: 'Samples' }).getByRole('listitem').first()).toBeVisible();
    await expect.poll(() => lab.chart('Losses')).toContain('at step');
    expect(await violations(page, undefined, rules), 'paused, with charts and samples').toEqual([]);

    await page.getByRole('button', { name: 'View Losses as table' }).click();
    await page.getByRole('button', { name: 'Smoothing and scale of Scales' }).click();
    expect(await violations(page, undefined, rules), 'a table and a chart’s settings').toEqual([]);
  });
}

test('axe finds nothing wrong in the dialogs, the palette and the editor', async ({ lab, page }) => {
  await lab.open(endless());
  await lab.control('Step').click();
  await lab.expectPhase('Go on');
  await lab.openSection('Task');
  const openers = [
    ['Take home and bring in', page.getByRole('button', { name: 'Take home' })],
    ['About the lab', page.getByRole('button', { name: 'About' })],
    ['Keyboard shortcuts', page.getByRole('button', { name: 'Keyboard shortcuts' })],
    ['Bring your data', lab.setup.getByRole('button', { name: 'Bring your data' })],
  ] as const;
  for (const [title, opener] of openers) {
    await lab.openDialog(title, opener);
    expect(await violations(page, '[role="dialog"]'), title).toEqual([]);
    await lab.closeDialog();
  }
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('textbox', { name: 'Find a command' })).toBeVisible();
  expect(await violations(page, '[role="dialog"]'), 'the palette').toEqual([]);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'YAML' }).click();
  await expect(page.getByText('Text and form are in step.')).toBeVisible({ timeout: 30_000 });
  expect(await violations(page), 'around the editor').toEqual([]);
});

test('axe finds nothing wrong on a phone, and nothing is wider than it', async ({ lab, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await lab.open(endless());
  await lab.run();
  await lab.expectStep(12);
  await lab.pause();
  expect(await violations(page)).toEqual([]);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(360);
});
