import { endless } from './support/experiments.ts';
import { expect, test } from './support/test.ts';

test('a place outside the image is refused in words, stays to be corrected, and loses nothing', async ({
  lab,
}) => {
  await lab.open(endless());
  const row = lab.field('Row');
  await expect(row).toHaveValue('3');
  await row.fill('99');
  const told = lab.setup.getByText('Row: It must be a whole number from 0 to 23; 3 stays.');
  await expect(told).toBeVisible();
  await expect(row).toHaveAccessibleDescription(/from 0 to 23; 3 stays/);
  await row.blur();
  await expect(row).toHaveValue('99');
  await expect(lab.field('Column')).toHaveValue('23');

  await row.fill('9');
  await expect(told).toHaveCount(0);
  await lab.setup.getByRole('button', { name: 'Move trigger down' }).click();
  await expect(row).toHaveValue('10');
});

test('a weight out of range is refused in words until it is corrected', async ({ lab }) => {
  await lab.open({
    ...endless(),
    attack: {
      injection: { kind: 'loss', balancer: { kind: 'fixed', scales: { normal: 0.5, backdoor: 0.5 } } },
    },
  });
  await lab.openSection('Attack');
  const weight = lab.field('Weight of the normal loss, as a number');
  await weight.fill('5000');
  const told = lab.setup.getByText('It must be a number from 0 to 1000; 0.5 stays.');
  await expect(told.first()).toBeVisible();
  await expect(weight).toHaveAccessibleDescription('It must be a number from 0 to 1000; 0.5 stays.');
  await weight.blur();
  await expect(weight).toHaveValue('5000');
  await weight.fill('2.5');
  await expect(told).toHaveCount(0);
  await expect(lab.field('Weight of the backdoor loss, as a number')).toHaveValue('0.5');
});

test('class weights are typed as a list, and refused in words', async ({ lab }) => {
  await lab.open(endless());
  await lab.openSection('Training');
  await lab.field('Sampling').selectOption({ label: 'Weighted' });
  const weights = lab.field('Class weights');
  await expect(weights).toHaveAccessibleDescription(/no class has a weight above 0/i);
  await weights.fill('1, 1, 0.5');
  await expect(weights).toHaveAccessibleDescription(/3 class weights, and MNIST has 10 classes. Give 10/);
  await weights.fill('1, 1, -1');
  await expect(weights).toHaveAccessibleDescription(/-1 is below 0/);
  await weights.fill('1, 1, 0.5, 0, 1, 1, 1, 1, 1, 2');
  await weights.blur();
  await expect(weights).not.toHaveAttribute('aria-invalid', 'true');
  await expect(weights).toHaveValue('1, 1, 0.5, 0, 1, 1, 1, 1, 1, 2');
});

test('inputs of the setup are described by their help, and by what was wrong with what was typed', async ({
  lab,
}) => {
  await lab.open(endless());
  await lab.openSection('Training');
  const epochs = lab.field('Epochs');
  await expect(epochs).toHaveAccessibleDescription(/passes/i);
  await expect(lab.field('Schedule')).toHaveAccessibleDescription(/learning rate/i);
  await epochs.fill('-3');
  await expect(epochs).toHaveAccessibleDescription(/must be a whole number from 0.*passes/i);
  await epochs.blur();
  await expect(epochs).toHaveAccessibleDescription(/-3 was not taken/);
  await expect(epochs).not.toHaveAttribute('aria-invalid');

  const seed = lab.field('Seed');
  await seed.fill('99999999999999999999');
  await expect(seed).toHaveAccessibleDescription(/must be a whole number from 0 to 4294967295/);
  await expect(seed).toHaveValue('99999999999999999999');
});

test('a dialog keeps its words while it goes', async ({ lab, page }) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await lab.open(endless());
  const dialog = await lab.openTakeHome();
  // Looked at in each change of the page until the dialog is out of it.
  await dialog.evaluate((element) => {
    const kept = window as Window & { emptied?: boolean };
    new MutationObserver(() => {
      if (element.isConnected && !element.textContent.includes('Model for PyTorch')) kept.emptied = true;
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  await lab.closeDialog();
  expect(await page.evaluate(() => (window as Window & { emptied?: boolean }).emptied ?? false)).toBe(false);
});
