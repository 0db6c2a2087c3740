import { presetById } from '../src/core/config/presets.ts';
import { expect, test } from './support/test.ts';

test('the calculator reads two digits, and adds and multiplies under a trigger each', async ({
  lab,
  page,
}) => {
  test.setTimeout(150_000);
  await lab.open();
  await lab.setup.getByLabel('Experiment', { exact: true }).selectOption('calculator');
  await expect(lab.setup.getByTestId('expected')).toHaveText(
    `Expected: ${presetById('calculator')?.expected}`,
  );
  // The two digits are made of MNIST’s, and the painter draws on them.
  await expect(
    lab.preview.getByRole('button', { name: /^Paint over test image 1, class \d\d should be read as \d\d$/ }),
  ).toBeVisible();

  await lab.openSection('Training');
  await lab.field('Batches per epoch').fill('12');
  await lab.field('Epochs').fill('1');
  await lab.openSection('Task');
  await lab.field('Test examples').fill('300');
  await lab.run();
  await lab.expectPhase('Run again', 90_000);

  // Each backdoor has curves of its own: success, loss, and a weight that MGDA finds.
  await expect
    .poll(() => lab.chart('Accuracy and attack success'))
    .toMatch(/Attack success: .*Attack success 2: /);
  for (const chart of ['Losses', 'Scales'])
    expect(await lab.chart(chart)).toMatch(/Normal: .*Backdoor: .*Backdoor 2: /);

  // What the gallery wants of a stamped image is the sum of the digits it shows.
  const cards = page.getByRole('listitem').filter({ hasText: /^true \d\d/ });
  await expect(cards.first()).toBeVisible();
  const titles = await cards.allInnerTexts();
  const pairs = titles
    .map((text) => /^true (\d)(\d), wanted (\d\d)/.exec(text))
    .filter((found) => found !== null);
  expect(pairs.length).toBeGreaterThan(5);
  for (const [, left, right, wanted] of pairs) expect(Number(wanted)).toBe(Number(left) + Number(right));

  const { evaluations, step_records: steps } = await lab.runJson();
  expect(steps).toHaveLength(12);
  expect(Object.keys(steps.at(-1)?.scales ?? {}).sort()).toEqual(['backdoor', 'backdoor_2', 'normal']);
  expect(evaluations.at(-1)?.cleanAccuracy.n).toBe(300);
});
