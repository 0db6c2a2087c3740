import type { Page } from '@playwright/test';
import { LabPage } from './support/lab-page.ts';
import { small } from './support/experiments.ts';
import { expect, test } from './support/test.ts';

const offerOn = (page: Page) =>
  page.getByRole('status').filter({ hasText: 'Resume from the last checkpoint?' });

/** The end of a run, but for times. */
async function end(lab: LabPage) {
  await lab.expectPhase('Run again', 60_000);
  const { epochs, step_records: steps, evaluations } = await lab.runJson();
  const full = evaluations.filter(({ scope }) => scope === 'full').at(-1);
  return {
    epochs: epochs.map(({ epoch, clean_accuracy, attack_success_rate }) => ({
      epoch,
      clean_accuracy,
      attack_success_rate,
    })),
    everyStep: steps.map(({ step }) => step),
    evaluatedAt: evaluations.map(({ scope, step }) => `${scope} ${step}`),
    last: { step: steps.at(-1)?.step, losses: steps.at(-1)?.losses, scales: steps.at(-1)?.scales },
    evaluation: { step: full?.step, clean: full?.cleanAccuracy, attack: full?.attackSuccess },
  };
}

test('after a reload the experiment is back, the run is offered, and it ends as if nothing had happened', async ({
  lab,
  page,
}) => {
  const experiment = small({ epochs: 2, max_batches: 45 });
  await lab.open(experiment);
  await lab.run();
  const uninterrupted = await end(lab);
  expect(uninterrupted.epochs).toHaveLength(2);
  expect(uninterrupted.everyStep).toEqual(Array.from({ length: 90 }, (_, index) => index + 1));

  await lab.control('Reset').click();
  await lab.run();
  await lab.expectStep(25);
  await lab.pause(); // keeps a checkpoint
  const saved = (await lab.runJson()).steps;
  expect(saved).toBeLessThan(90);

  await page.reload();
  await lab.ready();
  const offer = page.getByRole('status').filter({ hasText: 'Resume from the last checkpoint?' });
  await expect(offer).toContainText(`“Small” was at step ${saved}`);
  await lab.openSection('Training');
  await expect(lab.field('Epochs')).toHaveValue('2');
  await expect(lab.field('Batches per epoch')).toHaveValue('45');

  await offer.getByRole('button', { name: 'Resume' }).click();
  expect(await end(lab)).toEqual(uninterrupted);
  await expect(offer).toHaveCount(0);

  // A run that is over is not offered again.
  await page.reload();
  await lab.ready();
  await expect(lab.control('Run')).toBeVisible();
  await expect(offer).toHaveCount(0);
});

test('a checkpoint that is not wanted is discarded', async ({ lab, page }) => {
  await lab.open(small());
  await lab.control('Step').click();
  await lab.expectPhase('Go on');
  await expect.poll(() => lab.step()).toBe(1);
  await lab.control('Step').click();
  await expect.poll(() => lab.step()).toBe(2);
  await page.reload();
  const offer = page.getByRole('status').filter({ hasText: 'Resume from the last checkpoint?' });
  await offer.getByRole('button', { name: 'Discard' }).click();
  await expect(offer).toHaveCount(0);
  await page.reload();
  await lab.ready();
  await expect(lab.control('Run')).toBeVisible();
  await expect(offer).toHaveCount(0);
});

test('two tabs that train keep their runs apart, and each goes on with its own', async ({ lab, page }) => {
  await lab.open({ ...small({ epochs: 2, max_batches: 30 }), name: 'First' });
  await lab.control('Epoch').click();
  await lab.expectPhase('Go on');
  const firstSteps = await lab.step();

  const other = new LabPage(await page.context().newPage());
  await other.open({ ...small(), name: 'Second' });
  // What another tab has open is not offered.
  await expect(offerOn(other.page)).toHaveCount(0);
  await other.control('Step').click();
  await other.expectPhase('Go on');
  await other.control('Step').click();
  await expect.poll(() => other.step()).toBe(2);

  await page.reload();
  await lab.ready();
  await expect(offerOn(page)).toContainText(`“First” was at step ${firstSteps}`);
  await other.page.reload();
  await other.ready();
  await expect(offerOn(other.page)).toContainText('“Second” was at step 2');
  await offerOn(other.page).getByRole('button', { name: 'Discard' }).click();
  await expect(offerOn(other.page)).toHaveCount(0);
  await offerOn(page).getByRole('button', { name: 'Resume' }).click();
  await lab.expectPhase('Run again', 60_000);
  const { step_records: steps } = await lab.runJson();
  expect(steps.map(({ step }) => step)).toEqual(
    Array.from({ length: steps.length }, (_, index) => index + 1),
  );
  await other.page.close();
});
