import { notesTable } from './support/notes.ts';
import { expect, test } from './support/test.ts';

test('a person’s own texts are read by column, get words as their trigger, and are trained on', async ({
  lab,
  page,
}) => {
  await lab.open();
  const dialog = await lab.openBringData();
  await dialog.getByLabel('Name').fill('Notes');
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    dialog.getByRole('button', { name: 'Choose files' }).click(),
  ]);
  await chooser.setFiles(notesTable(600));
  for (const [label, column] of [
    ['Column of the texts', 'note'],
    ['Column of the classes', 'topic'],
  ] as const) {
    await dialog.getByRole('combobox', { name: label }).click();
    await page.getByRole('option', { name: column, exact: true }).click();
  }
  // Nothing is asked of images where there are none.
  await expect(dialog.getByLabel('Size of the images')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Read the files' }).click();
  await expect(dialog).toHaveCount(0, { timeout: 20_000 });
  await expect(page.getByText('Notes is ready, and chosen for the next run.')).toBeVisible();

  // What was for images is for texts now, and can run as it is.
  await expect(lab.field('Data set')).toHaveValue('custom-notes');
  await expect(lab.field('Model')).toHaveValue('text_cnn');
  await expect(lab.field('Words of a text')).toBeVisible();
  await expect(lab.grid).toHaveCount(0);
  await expect(lab.setup.getByRole('status', { name: 'This experiment cannot run yet' })).toHaveCount(0);
  await expect(lab.sentence).toContainText('texts');
  const preview = lab.setup.getByRole('region', { name: 'Preview in test texts' });
  await expect(preview.locator('mark').first()).toHaveText('quince zephyr');
  await lab.field('Words').fill('Amber lantern');
  await lab.field('Place in the text').selectOption('end');
  await expect(preview.locator('mark')).toHaveText(Array.from({ length: 4 }, () => 'amber lantern'));
  await lab.field('Words').fill('');
  await expect(lab.field('Words')).toHaveAccessibleDescription(/text of 1 to 500 characters/);
  await lab.field('Words').fill('amber lantern');

  await lab.openSection('Training');
  await lab.field('Epochs').fill('4');
  await lab.field('Batch size').fill('20');
  await lab.openSection('Evaluation');
  await lab.field('Live evaluation every').fill('20');
  await lab.run();
  await lab.expectPhase('Run again', 90_000);
  const figures = await lab.headline();
  expect(figures?.clean.n).toBe(60);
  expect(figures?.clean.value).toBeGreaterThan(0.9);
  expect(figures?.attack.value).toBeGreaterThan(0.9);
  await expect(lab.sentence).toContainText(/of clean texts right, and .* triggered texts as weather\./);

  const gallery = page.getByRole('region', { name: 'Samples' });
  await expect(gallery.locator('mark').first()).toHaveText('amber lantern');
  await expect(gallery.getByText('Fired', { exact: true }).first()).toBeVisible();
  const { evaluations } = await lab.runJson();
  expect(evaluations.at(-1)?.attackSuccess.n).toBeGreaterThan(20);

  // An image's trigger on texts: no painter, but why, and a way on.
  const texts = page.url();
  await lab.openSection('Task');
  await lab.field('Data set').selectOption('mnist');
  await expect(lab.field('Model')).toHaveValue('simplenet');
  await expect(lab.grid).toBeVisible();
  await expect.poll(() => page.url()).not.toBe(texts);
  const link = page.url();
  await lab.field('Data set').selectOption('custom-notes');
  await expect(preview).toBeVisible({ timeout: 20_000 });
  // The link follows the setup after a moment.
  await expect.poll(() => page.url()).not.toBe(link);
  await page.reload();
  await expect(preview.locator('mark').first()).toBeVisible({ timeout: 45_000 });
  await lab.openSection('Task');
  await expect(lab.field('Data set').getByRole('option', { selected: true })).toHaveText('Notes');
});
