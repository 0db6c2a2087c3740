import { strFromU8, unzipSync } from 'fflate';
import type { LabPage } from './support/lab-page.ts';
import { small } from './support/experiments.ts';
import { expect, test } from './support/test.ts';

const text = (bytes: Uint8Array | undefined) => strFromU8(bytes ?? new Uint8Array());

/** The JSON header of a safetensors file. */
function safetensorsHeader(bytes: Buffer): Record<string, { dtype: string; shape: number[] }> {
  const length = Number(bytes.readBigUInt64LE(0));
  return JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<
    string,
    { dtype: string; shape: number[] }
  >;
}

test('the model and the run go home as files, and the model comes back as good as it was', async ({
  lab,
}) => {
  await lab.open(small({ max_batches: 15 }));
  const dialog = await lab.openTakeHome();
  await expect(dialog.getByRole('button', { name: 'Model for PyTorch' })).toBeDisabled();
  await expect(dialog).toContainText('Models and figures can be saved after the first step.');
  await lab.closeDialog();
  await lab.run();
  await lab.expectPhase('Run again');
  const exported = await lab.headline();
  expect(exported?.text).toContain('full test set');

  const run = await lab.runJson();
  expect(run).toMatchObject({ format: 'backdoor-lab-run', seed: 7, backend: 'wasm', steps: 15 });
  expect(run.epochs).toHaveLength(1);
  expect(Object.keys(run)).toEqual(
    expect.arrayContaining(['config', 'seconds', 'evaluations', 'step_records']),
  );

  const csv = await lab.takeHome('Steps as CSV');
  expect(csv.name).toMatch(/\.csv$/);
  const [header, ...rows] = csv.bytes.toString('utf8').trimEnd().split(/\r?\n/);
  expect(header?.split(',')).toEqual(
    expect.arrayContaining(['step', 'loss_normal', 'scale_backdoor', 'gradient_norm_normal', 'cosine']),
  );
  expect(rows).toHaveLength(15);

  const yaml = await lab.takeHome('Experiment as YAML');
  expect(yaml.bytes.toString('utf8')).toMatch(/^training:\n(.*\n)*? {2}max_batches: 15/m);

  const archive = await lab.takeHome('The whole run');
  const inside = unzipSync(archive.bytes);
  expect(Object.keys(inside).sort()).toEqual([
    'card.json',
    'card.md',
    'config.yaml',
    'evaluations.csv',
    'model.safetensors',
    'run.json',
    'steps.csv',
    'trigger.png',
  ]);
  expect(text(inside['card.md'])).toContain('backdoor');
  expect(inside['trigger.png']?.subarray(1, 4)).toEqual(new TextEncoder().encode('PNG'));

  const pytorch = await lab.takeHome('Model for PyTorch');
  expect(safetensorsHeader(pytorch.bytes)).toMatchObject({
    'conv1.weight': { dtype: 'F32', shape: [20, 1, 5, 5] },
    'conv2.weight': { shape: [50, 20, 5, 5] },
    'fc1.weight': { shape: [500, 800] },
    'fc2.bias': { shape: [10] },
  });

  const tensorflow = await lab.takeHome('Model for TensorFlow.js');
  const layers = unzipSync(tensorflow.bytes);
  const model = JSON.parse(text(layers['model.json'])) as { format: string; weightsManifest: unknown[] };
  expect(model.format).toBe('layers-model');
  expect(model.weightsManifest).toHaveLength(1);

  await lab.closeDialog();
  await lab.control('Reset').click();
  await lab.expectPhase('Run');
  const figures = { clean: exported?.clean, attack: exported?.attack };
  expect(await measured(lab, pytorch)).toEqual(figures);

  // The next run starts from the import.
  await lab.openSection('Task');
  await expect(lab.field('Starting weights')).toHaveValue('imported');
  await expect(lab.setup).toContainText(`From ${pytorch.name}.`);
  await lab.control('Run').click();
  await lab.expectPhase('Run again');
  expect(await lab.headline()).not.toMatchObject(figures);

  await lab.control('Reset').click();
  await lab.expectPhase('Run');
  expect(await measured(lab, tensorflow)).toEqual(figures);
});

/** Imports a model, measures it on the whole test set, and gives the two headline figures. */
async function measured(lab: LabPage, { name, bytes }: { name: string; bytes: Buffer }) {
  const dialog = await lab.openTakeHome();
  await dialog
    .getByLabel('A model', { exact: true })
    .and(lab.page.locator('input'))
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: bytes });
  await expect(dialog).toContainText(`Now in: ${name}.`);
  await dialog.getByRole('button', { name: 'Measure it with this trigger' }).click();
  await expect
    .poll(async () => (await lab.headline())?.text, { timeout: 30_000 })
    .toMatch(/full test set\s+step 0/);
  const headline = await lab.headline();
  return { clean: headline?.clean, attack: headline?.attack };
}
