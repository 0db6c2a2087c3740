import type { Worker } from '@playwright/test';
import { bars, cut } from './support/idx.ts';
import { endless, small } from './support/experiments.ts';
import { expect, test } from './support/test.ts';

const WORKER_SCRIPT = /\/assets\/worker-[^/]*\.js$/;
const FIRST_SHARD = /\/data\/mnist\/train-0*[01]\b[^/]*$/;

test('a worker that dies is replaced, and the run goes on from its last checkpoint', async ({
  lab,
  page,
}) => {
  await lab.open(endless());
  await lab.run();
  await lab.expectStep(25);
  const training = page.workers().filter((worker) => WORKER_SCRIPT.test(worker.url()));
  expect(training.length).toBeGreaterThan(0);
  for (const worker of training) await end(worker);
  await expect(lab.notice('E-WORKER')).toContainText('The worker that was computing has died.');
  const said = await lab.notice('E-WORKER').innerText();
  const from = Number(/went on from step (\d+)/.exec(said)?.[1]);
  expect(from).toBeGreaterThanOrEqual(20);
  await lab.expectStep(from + 15);
  await lab.pause();
  const { step_records: steps } = await lab.runJson();
  expect(steps.map(({ step }) => step)).toEqual(steps.map((_, index) => index + 1));
});

/** The worker ends itself, as a crash would end it: without a word to the page. */
async function end(worker: Worker): Promise<void> {
  await worker.evaluate(() => self.close()).catch(() => undefined);
}

test('a loss that is no number pauses at that batch, and halving the learning rate helps', async ({
  lab,
}) => {
  // No checkpoint but the first: a later one could hold weights that are finite and yet past saving.
  const experiment = small({ max_batches: 25, optimizer: { kind: 'sgd', learning_rate: 100 } });
  await lab.open({ ...experiment, checkpoints: { every: 0 } });
  await lab.control('Run').click();
  const trouble = lab.notice('E-NAN');
  await expect(trouble).toContainText('the loss is no longer a finite number', { timeout: 45_000 });
  await expect(lab.sentence).toContainText('the loss is no longer a number');
  await lab.expectPhase('Go on');
  const goOn = trouble.getByRole('button', {
    name: 'Go on from the last checkpoint at half the learning rate',
  });
  let halvings = 0;
  await expect(async () => {
    if (await goOn.isVisible()) {
      await goOn.click();
      halvings++;
    }
    await expect(lab.control('Run again')).toBeVisible({ timeout: 1_500 });
    // Between two attempts the old run is over for a moment.
    expect(await lab.step()).toBe(25);
  }).toPass({ timeout: 60_000, intervals: [0] });
  await expect(trouble).toHaveCount(0);
  const { step_records: steps } = await lab.runJson();
  console.log(`the loss stayed a number after ${halvings} halvings of the learning rate`);
  expect(halvings).toBeGreaterThan(0);
  expect(steps).toHaveLength(25);
  expect(steps.at(-1)?.learningRate).toBeCloseTo(100 / 2 ** halvings, 10);
});

test('a run whose checkpoints are past saving goes back further, says so, and gets through', async ({
  lab,
}) => {
  const experiment = small({ max_batches: 25, optimizer: { kind: 'sgd', learning_rate: 50 } });
  await lab.open({ ...experiment, checkpoints: { every: 1 } });
  await lab.control('Run').click();
  const goOn = lab.page.getByRole('button', {
    name: /^Go (on from the last checkpoint|back further),? at half/,
  });
  let told = '';
  await expect(async () => {
    if (await goOn.isVisible()) await goOn.click();
    const warning = lab.page.getByText('The run went back to');
    if (await warning.isVisible()) told = await warning.innerText();
    await expect(lab.control('Run again')).toBeVisible({ timeout: 1_500 });
    // Between two attempts the old run is over for a moment.
    expect(await lab.step()).toBe(25);
  }).toPass({ timeout: 75_000, intervals: [0] });
  expect(told).toMatch(/The run went back to the starting weights, at 1\/\d+ of the learning rate\./);
  const { step_records: steps } = await lab.runJson();
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
  expect(steps.at(-1)?.learningRate).toBeLessThan(50);
});

test('storage that is full is told once, and the run goes on', async ({ lab, page }) => {
  await page.route(WORKER_SCRIPT, async (route) => {
    const response = await route.fetch();
    const full = `IDBObjectStore.prototype.put = () => { throw new DOMException('No room.', 'QuotaExceededError'); };`;
    await route.fulfill({ response, body: `${full}\n${await response.text()}` });
  });
  await lab.open(endless());
  await lab.run();
  await expect(lab.notice('E-QUOTA')).toContainText('The browser’s storage for this page is full.');
  await lab.expectStep(45);
  expect((await lab.notice('E-QUOTA').innerText()).match(/E-QUOTA/g)).toHaveLength(1);
  const model = await lab.takeHome('Model for PyTorch');
  expect(model.bytes.length).toBeGreaterThan(1_000_000);
});

test('data files that are cut short or given as each other are refused in words, and nothing is lost', async ({
  lab,
}) => {
  await lab.open(endless());
  await lab.openBringData();
  const { images, labels } = bars(30);
  const short = await lab.bringData('Bars', { train: { images: cut(images, 4000), labels } });
  await expect(short.getByRole('alert')).toContainText('is cut short');
  await expect(short.getByRole('alert')).toContainText('E-DATASET');
  const swapped = await lab.bringData('Bars', { train: { images: labels, labels: images } });
  await expect(swapped.getByRole('alert')).toContainText('holds labels, not images');
  await expect(swapped.getByLabel('Name')).toHaveValue('Bars');
  await lab.closeDialog();
  await expect(lab.field('Data set')).toHaveValue('mnist');
});

test('a model file that is damaged is refused in words', async ({ lab }) => {
  await lab.open(endless());
  const dialog = await lab.openTakeHome();
  const input = dialog.getByLabel('A model', { exact: true }).and(lab.page.locator('input'));
  const header = Buffer.from(
    JSON.stringify({ 'conv1.weight': { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }),
  );
  const file = (length: number, name: string) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.concat([lengthOf(length), header, Buffer.alloc(8)]),
  });
  await input.setInputFiles(file(2 ** 40, 'past-the-end.safetensors'));
  await expect(dialog.getByRole('alert')).toContainText('past-the-end.safetensors');
  await expect(dialog.getByRole('alert')).toContainText('E-MODEL');
  await input.setInputFiles(file(header.length, 'no-network.safetensors'));
  await expect(dialog.getByRole('alert')).toContainText('no-network.safetensors');
  await expect(dialog).not.toContainText('Now in:');
});

function lengthOf(length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(length));
  return bytes;
}

test('a data file that cannot be fetched, or came damaged, is told; trying again loads it', async ({
  lab,
  page,
}) => {
  lab.allowedErrors.push(/status of 500/);
  let answer: 'refused' | 'damaged' | 'whole' = 'refused';
  await page.route(FIRST_SHARD, async (route) => {
    if (answer === 'refused') return route.fulfill({ status: 500, body: 'no' });
    const response = await route.fetch();
    const body = await response.body();
    if (answer === 'damaged') body[body.length - 1] = (body.at(-1) ?? 0) ^ 0xff;
    return route.fulfill({ response, body });
  });
  await page.goto('./');
  const again = page.getByRole('button', { name: 'Try again' });
  await expect(lab.notice('E-DATASET-FETCH').first()).toBeVisible({ timeout: 30_000 });
  answer = 'damaged';
  await again.first().click();
  await expect(lab.notice(/E-DATASET:/).first()).toBeVisible({ timeout: 30_000 });
  answer = 'whole';
  await again.first().click();
  await lab.ready();
  await expect(lab.notice('E-DATASET')).toHaveCount(0);
  await expect(lab.preview.getByRole('button')).toHaveCount(8);
});
