import { expect, test } from './support/test.ts';

/** The issue asks for a second on a quiet machine and 10 seconds to the first result; a shared one gets more. */
const IMAGES_BOUND_MS = 5_000;
const RESULT_BOUND_MS = 60_000;

test('a stranger paints four pixels, presses Run, and sees the backdoor take hold', async ({ lab, page }) => {
  // Eight previews are drawn with the first 5,000 training and test images, no sooner.
  await page.addInitScript(() => {
    const watch = new MutationObserver(() => {
      const images = document.querySelectorAll('[aria-label="Preview on test images"] button canvas');
      if (images.length < 8) return;
      performance.mark('images');
      watch.disconnect();
    });
    watch.observe(document, { childList: true, subtree: true });
  });
  const started = Date.now();
  await page.goto('./');
  await expect(lab.preview.getByRole('button', { name: /^Paint over test image/ })).toHaveCount(8);
  const imagesMs = await page.evaluate(() => performance.getEntriesByName('images')[0]?.startTime ?? NaN);
  console.log(`first 5,000 images: ${Math.round(imagesMs)} ms after navigation`);
  expect(imagesMs).toBeLessThan(IMAGES_BOUND_MS);

  await lab.setup.getByText('Painted', { exact: true }).click();
  await lab.setup.getByRole('button', { name: 'Clear' }).click();
  for (const [row, column] of [
    [2, 2],
    [2, 3],
    [3, 2],
    [3, 3],
  ] as const)
    await lab.paint(row, column);
  await expect(lab.setup.getByRole('radio', { name: 'Painted' })).toBeChecked();
  await expect(lab.setup.getByText('L0').locator('..')).toContainText('4');

  await lab.control('Run').click();
  await expect.poll(() => lab.headline(), { timeout: RESULT_BOUND_MS, intervals: [50] }).not.toBeNull();
  const resultMs = Date.now() - started;
  await expect
    .poll(async () => (await lab.headline())?.attack.value ?? 0, {
      timeout: RESULT_BOUND_MS,
      intervals: [50],
    })
    .toBeGreaterThanOrEqual(0.9);
  const successMs = Date.now() - started;
  console.log(`first evaluation ${resultMs} ms, attack success of 90 % ${successMs} ms after navigation`);

  // Both curves have moved, and say so.
  await expect
    .poll(() => lab.chart('Accuracy and attack success'))
    .toMatch(
      /Clean accuracy: [\d.]+ % at step \d+.*Attack success: (9\d|100)[\d.]* % at step \d+, from [\d.<]+/,
    );
  await expect(lab.sentence).toContainText(/of clean digits right, and .* of 100 stamped digits as 8\./);
  const headline = await lab.headline();
  expect(headline?.clean.value).toBeGreaterThan(0.9);
  expect(headline?.clean.n).toBeGreaterThan(0);
  await lab.pause();
  expect((await lab.runJson()).config.attack.synthesizer.kind).toBe('painted');
});
