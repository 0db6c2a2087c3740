import { violations } from './support/axe.ts';
import { small } from './support/experiments.ts';
import { expect, test } from './support/test.ts';

test('images are picked by eye and by likeness, and become a backdoor of their own', async ({
  lab,
  page,
}) => {
  test.setTimeout(150_000);
  await lab.open(small({ max_batches: 60 }));
  await lab.setup.getByLabel('Trigger', { exact: true }).selectOption('semantic');
  const dialog = await lab.openDialog(
    'Pick images with a feature',
    lab.setup.getByRole('button', { name: 'Pick images' }),
  );
  const all = dialog.getByRole('list', { name: 'Training images' });
  await expect(all.getByRole('button').first()).toBeVisible({ timeout: 30_000 });
  await dialog.getByLabel('Show').selectOption('4');
  await expect(all.getByRole('button', { name: /^4: example \d+, a 4$/ })).toHaveCount(48);
  await expect(dialog.getByRole('button', { name: 'Use these images' })).toBeDisabled();

  // By keyboard: the first, and its right neighbour, which is let go again.
  await all.getByRole('button').first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await expect(dialog).toContainText('2 picked: 1 teach, 1 measure');
  await page.keyboard.press('Space');
  await expect(dialog).toContainText('1 picked: 1 teach, 0 measure');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Space');
  await all.getByRole('button').nth(2).click();

  await dialog.getByRole('button', { name: /^Find 24 like example \d+$/ }).click();
  const found = dialog.getByRole('list', { name: 'Images found' });
  await expect(found.getByRole('button')).toHaveCount(24, { timeout: 60_000 });
  await expect(dialog).toContainText(
    /24 like example \d+, the nearest first, in the latents of a clean model/,
  );
  await dialog.getByRole('button', { name: 'Pick all 24' }).click();
  await expect(dialog).toContainText('25 picked: 19 teach, 6 measure');
  const teaching = dialog.getByRole('region', { name: 'They teach' }).getByRole('listitem');
  await expect(teaching).toHaveCount(19);
  await teaching.first().getByRole('button').click();
  await expect(dialog).toContainText('25 picked: 18 teach, 7 measure');
  expect(await violations(page, '[role="dialog"]')).toEqual([]);
  await dialog.getByRole('button', { name: 'Use these images' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await expect(lab.setup.getByRole('region', { name: 'They teach' })).toContainText('They teach: 18');
  await expect(lab.setup.getByRole('region', { name: 'They measure' }).getByRole('img')).toHaveCount(7);
  await expect(lab.field('Images that measure')).toHaveValue(/^(\d+, ){6}\d+$/);

  await lab.run();
  await lab.expectPhase('Run again', 90_000);
  expect(await lab.chart('Accuracy and attack success')).toMatch(/Attack success: /);
  const { evaluations } = await lab.runJson();
  const last = evaluations.at(-1);
  expect(last?.attackSuccess.n).toBe(7);
  expect(last?.attackSuccess.value).toBeGreaterThan(0.5);
  expect(last?.cleanAccuracy.value).toBeGreaterThan(0.9);
});
