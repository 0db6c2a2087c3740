/** The lab as a person meets it: found by roles and names, never by class or id. */
import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import type { ExperimentInput } from '../../src/core/config/schema.ts';
import { address } from './experiments.ts';
import type { IdxFile } from './idx.ts';

export type RunButton = 'Run' | 'Pause' | 'Go on' | 'Starting' | 'Run again';

/** Data, backend and warm-up on a loaded machine. */
const READY_MS = 45_000;

export class LabPage {
  readonly page: Page;
  readonly controls: Locator;
  readonly sentence: Locator;
  readonly status: Locator;
  readonly preview: Locator;
  readonly grid: Locator;
  readonly setup: Locator;
  readonly live: Locator;
  /** What the console may say in a test that brings it about on purpose. */
  readonly allowedErrors: RegExp[] = [];

  constructor(page: Page) {
    this.page = page;
    this.controls = page.getByRole('group', { name: 'Run controls' });
    this.sentence = page.getByTestId('sentence');
    this.status = page.getByRole('contentinfo', { name: 'Status' });
    this.preview = page.getByRole('region', { name: 'Preview on test images' });
    this.grid = page.getByRole('application', { name: /^Trigger painter/ });
    this.setup = page.getByRole('region', { name: 'Setup', exact: true });
    this.live = page.getByRole('region', { name: 'Live', exact: true });
  }

  /** Opens an experiment by its link, or the page as a stranger meets it; waits until the data and the backend are there. */
  async open(experiment?: ExperimentInput): Promise<void> {
    await this.page.goto(experiment === undefined ? './' : address(experiment));
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect(this.grid).toBeVisible({ timeout: READY_MS });
    await expect(this.status).not.toContainText('Choosing the backend', { timeout: READY_MS });
  }

  /** A control of the run: `Step`, `Epoch`, `Stop`, `Reset`, or what the first one is called now. */
  control(name: RunButton | 'Step' | 'Epoch' | 'Stop' | 'Reset'): Locator {
    return this.controls.getByRole('button', { name, exact: true });
  }

  /** Waits until the run button is called so: `Pause` while it runs, `Go on` while paused, `Run again` at the end. */
  async expectPhase(button: RunButton, timeout = READY_MS): Promise<void> {
    await expect(this.control(button)).toBeVisible({ timeout });
  }

  async run(): Promise<void> {
    await this.control('Run').click();
    await this.expectPhase('Pause');
  }

  async pause(): Promise<void> {
    await this.control('Pause').click();
    await this.expectPhase('Go on');
  }

  /** Steps done, from the progress of the run; 0 before there is one. */
  async step(): Promise<number> {
    const bar = this.controls.getByRole('progressbar', { name: /^Step / });
    const name = (await bar.count()) === 0 ? null : await bar.getAttribute('aria-label');
    return Number(/^Step (\d+) of/.exec(name ?? '')?.[1] ?? 0);
  }

  async expectStep(atLeast: number, timeout = READY_MS): Promise<void> {
    await expect.poll(() => this.step(), { timeout }).toBeGreaterThanOrEqual(atLeast);
  }

  /** The two headline figures as fractions with their n; null before the first evaluation. */
  async headline(): Promise<{ clean: Figure; attack: Figure; text: string } | null> {
    const text = await this.page.getByRole('group', { name: 'Headline figures' }).innerText();
    const figures = [...text.matchAll(/([<>]?) ?([\d.]+) %\s+n = ([\d,]+)/g)].map(([, , percent, n]) => ({
      value: Number(percent) / 100,
      n: Number(n?.replaceAll(',', '')),
    }));
    const [clean, attack] = figures;
    return clean === undefined || attack === undefined ? null : { clean, attack, text };
  }

  /** What a chart says of itself to those who do not see it. */
  async chart(title: string): Promise<string> {
    const chart = this.page.getByRole('img', { name: new RegExp(`^${title}\\.`) });
    return (await chart.count()) === 0 ? '' : ((await chart.getAttribute('aria-label')) ?? '');
  }

  /** Opens a section of the setup, unless it is open. */
  async openSection(title: string): Promise<void> {
    // Heads have a state; other buttons may have the word in their name.
    const head = this.setup.getByRole('button', { name: title }).and(this.page.locator('[aria-expanded]'));
    if ((await head.getAttribute('aria-expanded')) !== 'true') await head.click();
    await expect(head).toHaveAttribute('aria-expanded', 'true');
  }

  /** A field of the setup by its label; its section must be open. */
  field(label: string): Locator {
    return this.setup.getByLabel(label, { exact: true });
  }

  dialog(title: string): Locator {
    return this.page.getByRole('dialog', { name: title });
  }

  /** Presses a button that opens a dialog; once more where the press fell on what was still moving into place. */
  async openDialog(title: string, opener: Locator): Promise<Locator> {
    const dialog = this.dialog(title);
    await expect(async () => {
      if (!(await dialog.isVisible())) await opener.click();
      await expect(dialog).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 20_000 });
    return dialog;
  }

  openTakeHome(): Promise<Locator> {
    return this.openDialog('Take home and bring in', this.page.getByRole('button', { name: 'Take home' }));
  }

  /** Opens the dialog for a person's own data, from the setup. */
  async openBringData(): Promise<Locator> {
    await this.openSection('Task');
    return this.openDialog('Bring your data', this.setup.getByRole('button', { name: 'Bring your data' }));
  }

  /** Escape, once the dialog has taken the focus. */
  async closeDialog(): Promise<void> {
    await expect(this.page.locator('[role="dialog"]:focus-within')).toBeVisible();
    await this.page.keyboard.press('Escape');
    await expect(this.page.getByRole('dialog')).toHaveCount(0);
  }

  /** Saves one of the files to take home. */
  async takeHome(title: string): Promise<{ name: string; bytes: Buffer }> {
    const dialog = await this.openTakeHome();
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      dialog.getByRole('button', { name: title, exact: true }).click(),
    ]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  /** The run so far, as the lab exports it. */
  async runJson(): Promise<RunJson> {
    const { bytes } = await this.takeHome('Run as JSON');
    await this.closeDialog();
    return JSON.parse(bytes.toString('utf8')) as RunJson;
  }

  /** Gives files to the dialog that reads a person's own data, and presses its button. */
  async bringData(title: string, files: { train: IdxPair; test?: IdxPair }): Promise<Locator> {
    const dialog = this.dialog('Bring your data');
    await dialog.getByText('IDX files, one by one').click();
    await dialog.getByLabel('Name').fill(title);
    const slots = [
      ['Training images', files.train.images],
      ['Training labels', files.train.labels],
      ['Test images (optional)', files.test?.images],
      ['Test labels (optional)', files.test?.labels],
    ] as const;
    for (const [label, file] of slots) {
      if (file === undefined) continue;
      const [chooser] = await Promise.all([
        this.page.waitForEvent('filechooser'),
        dialog.getByRole('button', { name: label }).click(),
      ]);
      await chooser.setFiles(file);
    }
    await dialog.getByRole('button', { name: 'Read the files' }).click();
    return dialog;
  }

  /** Gives pictures or archives to the dialog, and presses its button. */
  async bringFiles(
    title: string,
    files: { name: string; mimeType: string; buffer: Buffer }[],
    size: number,
  ): Promise<Locator> {
    const dialog = this.dialog('Bring your data');
    await dialog.getByLabel('Name').fill(title);
    await dialog.getByLabel('Size of the images').fill(String(size));
    const [chooser] = await Promise.all([
      this.page.waitForEvent('filechooser'),
      dialog.getByRole('button', { name: 'Choose files' }).click(),
    ]);
    await chooser.setFiles(files);
    await dialog.getByRole('button', { name: 'Read the files' }).click();
    return dialog;
  }

  /** Presses the mouse in the middle of a pixel of the painter. */
  async paint(row: number, column: number): Promise<void> {
    const box = await this.grid.boundingBox();
    const size = /(\d+) rows by (\d+) columns/.exec((await this.grid.getAttribute('aria-label')) ?? '');
    if (box === null || size === null) throw new Error('The painter is not in sight.');
    const cell = { width: box.width / Number(size[2]), height: box.height / Number(size[1]) };
    const at = { x: (column + 0.5) * cell.width, y: (row + 0.5) * cell.height };
    await this.grid.click({ position: at });
  }

  /** Text of the alert that carries an error or notice with this code. */
  notice(code: string | RegExp): Locator {
    return this.page.getByRole('alert').filter({ hasText: code });
  }
}

export interface IdxPair {
  images: IdxFile;
  labels: IdxFile;
}

export interface Figure {
  value: number;
  n: number;
}

/** The parts of `run.json` that the journeys look at. */
export interface RunJson {
  format: string;
  seed: number;
  backend: string;
  steps: number;
  config: { name: string; attack: { synthesizer: { kind: string } } };
  epochs: { epoch: number; clean_accuracy: number; attack_success_rate: number | null }[];
  evaluations: { step: number; scope: string; cleanAccuracy: Figure; attackSuccess: Figure }[];
  step_records: {
    step: number;
    losses: Scales;
    scales: Scales;
    learningRate: number;
    minimumNorm: number | null;
  }[];
}

type Scales = Partial<Record<'normal' | 'backdoor', number>>;
