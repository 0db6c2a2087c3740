import { readFile } from 'node:fs/promises';
import { Editor } from './support/editor.ts';
import { endless } from './support/experiments.ts';
import { expect, test } from './support/test.ts';

test('the editor comes when it is asked for, and text and form keep in step', async ({ lab, page }) => {
  const requested: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  await lab.open(endless());
  const monaco = () => requested.filter((url) => /monaco|editor\.worker|yaml\.worker/.test(url));
  expect(monaco()).toEqual([]);
  const editor = new Editor(page);
  await editor.open();
  expect(monaco().length).toBeGreaterThan(0);

  // Text to form.
  await lab.openSection('Training');
  const epochs = lab.field('Epochs');
  await expect(epochs).toHaveValue(/^1,?000$/);
  await editor.write('name: Typed\ntraining:\n  epochs: 12\n  batch_size: 32\n');
  await expect(epochs).toHaveValue('12');
  await expect(lab.field('Batch size')).toHaveValue('32');
  // What was typed stays as it was typed.
  await expect(editor.lines).toHaveText(/^name:\sTyped\s*training:\s*epochs:\s12\s*batch_size:\s32\s*$/);

  // Form to text.
  await lab.field('Batch size').fill('48');
  await editor.input.focus();
  await page.keyboard.press('ControlOrMeta+Home');
  await expect(editor.line('batch_size: 48')).toBeVisible();
  await editor.expectStatus('Text and form are in step.');

  // A mistake is marked at its line, and the form keeps what it had.
  await editor.write('name: Typed\ntraining:\n  epochs: 12\n  batch_sise: 7\n');
  await editor.expectStatus('The text has mistakes');
  const squiggle = editor.region.locator('.squiggly-error');
  await expect(async () => {
    const mark = await squiggle.boundingBox();
    const line = await editor.line('batch_sise').boundingBox();
    expect(Math.abs((mark?.y ?? 0) - (line?.y ?? 99))).toBeLessThan(line?.height ?? 0);
  }).toPass({ timeout: 10_000 });
  await expect(lab.field('Batch size')).toHaveValue('48');
  await editor.expectHint('batch_sise', 'batch_size');
  await page.mouse.move(0, 0); // the hint lies over what comes next
  await expect(editor.hint).toHaveCount(0);
  await editor.region.getByRole('button', { name: 'Show the form’s experiment' }).click();
  await editor.expectStatus('Text and form are in step.');
});

test('completion knows the keys, and hovering tells what a key means and in which unit', async ({
  lab,
  page,
}) => {
  await lab.open(endless());
  const editor = new Editor(page);
  await editor.open();
  await editor.write('training:\n  batch_size: 32\n  ');
  await page.keyboard.press('Control+Space');
  const offered = page.getByRole('listbox').getByRole('option');
  await expect(offered.filter({ hasText: 'max_batches' }).first()).toBeVisible({ timeout: 15_000 });
  await page.keyboard.press('Escape');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');

  await editor.expectHint('batch_size', 'Training examples in a step');
  await expect(editor.hint).toContainText('from 1 to 65536 (examples)');
});

test('a document of Backdoors 101 is read, and what is not honoured is told', async ({ lab, page }) => {
  await lab.open(endless());
  const editor = new Editor(page);
  await editor.open();
  const given = await readFile(new URL('../configs/mnist_params.yaml', import.meta.url), 'utf8');
  await editor.write(`${given}\nalternating_attack: 3\n`);
  const told = editor.region.getByRole('alert').filter({ hasText: 'Read from Backdoors 101’s keys' });
  await expect(told).toContainText('alternating_attack');
  await expect(told).toContainText('random_seed: not given');
  await lab.openSection('Training');
  await expect(lab.field('Learning rate')).toHaveValue('0.01');
  await expect(lab.field('Epochs')).toHaveValue('350');
  await expect(lab.setup).toContainText('MGDA (loss)');
});

test('text that comes in one piece, as dictation gives it, brings no error of the editor', async ({
  lab,
  page,
}) => {
  await lab.open(endless());
  const editor = new Editor(page);
  await editor.open();
  await lab.openSection('Training');
  await editor.input.focus();
  for (const [text, epochs] of [
    ['training: { epochs: 7 }\n', '7'],
    ['name: typed\ntraining: { epochs: 8 }\n', '8'],
  ] as const) {
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(text);
    await expect(lab.field('Epochs')).toHaveValue(epochs);
  }
  // The lab fixture fails the test on any error of the page.
  await editor.expectStatus('Text and form are in step.');
});
