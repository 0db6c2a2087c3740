import { small } from './support/experiments.ts';
import { expect, test } from './support/test.ts';

// A GPU in software: the only one that every machine has. It is slow, so the run is tiny.
test.use({
  launchOptions: async ({ launchOptions }, provide) => {
    const args = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];
    await provide({ ...launchOptions, args: [...(launchOptions.args ?? []), ...args] });
  },
});

test('WebGPU, chosen by hand, passes its self-test and trains', async ({ lab, page }) => {
  await page.goto('./');
  const adapter = await page.evaluate(async () => (await navigator.gpu?.requestAdapter()) != null);
  test.skip(!adapter, 'this browser has no WebGPU adapter, not even in software');
  // The link comes while the page still tries out what it would choose by itself.
  const experiment = small({ batch_size: 4, max_batches: 3 });
  await lab.open({
    ...experiment,
    backend: 'webgpu',
    task: { ...experiment.task, train_examples: 100, test_examples: 20 },
    evaluation: { batch_size: 20, live_every: 0 },
  });
  await expect(lab.status).toContainText('WebGPU', { timeout: 60_000 });
  await expect(lab.status).toContainText('chosen by you');
  await lab.control('Run').click();
  await lab.expectPhase('Run again', 60_000);
  const { backend, step_records: steps } = await lab.runJson();
  expect(backend).toBe('webgpu');
  expect(steps).toHaveLength(3);
  for (const { losses } of steps) expect(losses.normal).toBeGreaterThan(0);
});

test('a GPU that crashes stops the run, which goes on from its last checkpoint', async ({
  lab,
  page,
  browser,
}) => {
  await page.goto('./');
  const adapter = await page.evaluate(async () => (await navigator.gpu?.requestAdapter()) != null);
  test.skip(!adapter, 'this browser has no WebGPU adapter, not even in software');
  lab.allowedErrors.push(/GPU|device|context/i);
  const experiment = small({ batch_size: 4, epochs: 1000 });
  await lab.open({
    ...experiment,
    backend: 'webgpu',
    task: { ...experiment.task, train_examples: 100, test_examples: 20 },
    evaluation: { batch_size: 20, live_every: 0 },
    checkpoints: { every: 2 },
  });
  await expect(lab.status).toContainText('WebGPU', { timeout: 60_000 });
  await lab.control('Run').click();
  await lab.expectStep(4, 60_000);
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.crashGpuProcess');
  const trouble = lab.notice('E-GPU-LOST');
  await expect(trouble).toBeVisible({ timeout: 30_000 });
  const before = await lab.step();
  expect(before).toBeGreaterThanOrEqual(4);
  await trouble.getByRole('button', { name: 'Go on without the GPU' }).click();
  await expect(lab.status).toContainText('WebAssembly', { timeout: 60_000 });
  await lab.expectStep(before + 3, 60_000);
  await expect(trouble).toHaveCount(0);
});
