import { endless, small } from './support/experiments.ts';
import { expect, test } from './support/test.ts';

test('pause holds within a step, one step is one step, and going on goes on', async ({ lab }) => {
  await lab.open(endless());
  await lab.run();
  await lab.expectStep(10);
  await lab.pause();
  const paused = (await lab.runJson()).steps;
  expect(paused).toBeGreaterThanOrEqual(10);
  await expect(lab.sentence).toContainText('Paused');

  for (const more of [1, 2, 3]) {
    await lab.control('Step').click();
    await expect.poll(() => lab.step()).toBe(paused + more);
  }
  expect((await lab.runJson()).steps).toBe(paused + 3);

  await lab.control('Go on').click();
  await lab.expectStep(paused + 20);
  await lab.pause();
});

test('an epoch is trained to its end, then waits; the next one ends the run', async ({ lab }) => {
  await lab.open(small({ epochs: 2, max_batches: 12 }));
  await lab.control('Epoch').click();
  await lab.expectPhase('Go on');
  await expect.poll(() => lab.step()).toBe(12);
  const first = await lab.runJson();
  expect(first.epochs.map(({ epoch }) => epoch)).toEqual([1]);
  expect(first.evaluations.at(-1)).toMatchObject({ scope: 'full', step: 12, cleanAccuracy: { n: 400 } });

  await lab.control('Epoch').click();
  await lab.expectPhase('Run again');
  const second = await lab.runJson();
  expect(second.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
  expect(second.step_records).toHaveLength(24);
});

test('stop ends within a step and keeps the figures; reset clears them and can be undone', async ({
  lab,
  page,
}) => {
  await lab.open(endless());
  await lab.run();
  await lab.expectStep(15);
  const before = await lab.step();
  await lab.control('Stop').click();
  await lab.expectPhase('Run again');
  const stopped = await lab.step();
  // The page counts ten times a second, so some steps were done that it had not shown yet.
  expect(stopped).toBeGreaterThanOrEqual(before);
  await expect(lab.sentence).toContainText('Stopped');
  const run = await lab.runJson();
  expect(run.steps).toBe(stopped);
  expect(run.step_records).toHaveLength(stopped);
  const headline = await lab.headline();

  await lab.control('Reset').click();
  await lab.expectPhase('Run');
  expect(await lab.headline()).toBeNull();
  await expect(lab.live.getByText('Both curves appear with the first evaluation.')).toBeVisible();

  await page.getByRole('button', { name: 'Undo', exact: true }).last().click();
  await lab.expectPhase('Run again');
  expect(await lab.headline()).toEqual(headline);
  expect((await lab.runJson()).step_records).toHaveLength(stopped);
});

test('MGDA gives way to fixed weights in the middle of a run, and a dragged weight acts at once', async ({
  lab,
  page,
}) => {
  await lab.open(endless());
  await lab.openSection('Attack');
  await lab.run();
  await lab.expectStep(10);
  await lab.setup.getByText('Fixed weights', { exact: true }).click();
  const weight = page.getByRole('slider', { name: 'Weight of the backdoor loss' });
  await expect(weight).toBeVisible();
  await expect(lab.setup).toContainText('Acts on this run from its next step.');
  const switched = await lab.step();
  await lab.expectStep(switched + 10);

  // Drag the thumb to the left end: the backdoor loss stops counting while the run goes on.
  const thumb = await weight.boundingBox();
  if (thumb === null) throw new Error('The slider is not in sight.');
  await page.mouse.move(thumb.x + thumb.width / 2, thumb.y + thumb.height / 2);
  await page.mouse.down();
  await page.mouse.move(thumb.x - 60, thumb.y + thumb.height / 2, { steps: 4 });
  await page.mouse.move(0, thumb.y + thumb.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect(weight).toHaveAttribute('aria-valuenow', '0');
  const dragged = await lab.step();
  await lab.expectStep(dragged + 10);
  await lab.pause();

  const { step_records: steps } = await lab.runJson();
  const [first] = steps;
  const fixed = steps.filter(({ step }) => step > switched + 5 && step <= switched + 8);
  const last = steps.at(-1);
  // MGDA seeks its scales, which sum to one, by the least norm; fixed weights stay as they are.
  expect(first?.minimumNorm).not.toBeNull();
  expect((first?.scales.normal ?? 0) + (first?.scales.backdoor ?? 0)).toBeCloseTo(1, 5);
  for (const { minimumNorm } of fixed) expect(minimumNorm).toBeNull();
  const sought = steps.filter(({ minimumNorm }) => minimumNorm !== null);
  expect(new Set(sought.map(({ scales }) => scales.normal)).size).toBeGreaterThan(1);
  expect(new Set(fixed.map(({ scales }) => scales.normal)).size).toBe(1);
  expect(last?.scales.backdoor).toBe(0);
  expect(last?.scales.normal).toBe(fixed[0]?.scales.normal);
});
