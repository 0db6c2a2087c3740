import { bars } from './support/idx.ts';
import { expect, test } from './support/test.ts';

test('a person’s own images are read, trained on, and still there after a reload', async ({ lab, page }) => {
  await lab.open();
  await lab.openBringData();
  const train = bars(240, 'train');
  const test = bars(60, 'test');
  const dialog = await lab.bringData('Bars', { train, test });
  await expect(dialog).toHaveCount(0, { timeout: 20_000 });
  await expect(page.getByText('Bars is ready, and chosen for the next run.')).toBeVisible();
  await expect(lab.field('Data set')).toHaveValue('custom-bars');
  await expect(lab.grid).toHaveAccessibleName('Trigger painter, 20 rows by 24 columns');
  await expect(lab.preview.getByRole('button')).toHaveCount(8);

  // What held for MNIST holds no more: the weights, the class, the place of the trigger.
  const problems = lab.setup.getByRole('status', { name: 'This experiment cannot run yet' });
  await expect(problems).toContainText('Target class');
  await lab.field('Starting weights').selectOption('random');
  await lab.openSection('Attack');
  await lab.field('Target class').fill('2');
  await lab.setup.getByRole('button', { name: 'Fit it into the image' }).click();
  await lab.openSection('Evaluation');
  await lab.field('Live evaluation every').fill('2');
  await expect(problems).toHaveCount(0);
  await lab.openSection('Training');
  await lab.field('Batch size').fill('24');
  await lab.run();
  await lab.expectPhase('Run again');
  expect(await lab.step()).toBe(10);
  expect((await lab.headline())?.clean.n).toBe(60);

  await page.reload();
  await lab.ready();
  await expect(lab.grid).toHaveAccessibleName('Trigger painter, 20 rows by 24 columns');
  await lab.openSection('Task');
  await expect(lab.field('Data set')).toHaveValue('custom-bars');
  await expect(lab.field('Data set').getByRole('option', { selected: true })).toHaveText('Bars');
  await lab.control('Step').click();
  await lab.expectPhase('Go on');
  await lab.expectStep(1);
});
