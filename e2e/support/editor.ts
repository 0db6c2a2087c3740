/** The YAML editor: Monaco keeps its text in lines of its own, so its parts are found by its classes. */
import { expect, type Locator, type Page } from '@playwright/test';

export class Editor {
  readonly region: Locator;
  readonly lines: Locator;
  readonly input: Locator;

  constructor(private readonly page: Page) {
    this.region = page.getByRole('region', { name: 'Experiment as YAML' });
    this.lines = this.region.locator('.view-lines');
    this.input = this.region.getByRole('textbox', { name: /^Experiment as YAML/ });
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'YAML', exact: true }).click();
    await this.expectStatus('Text and form are in step.', 45_000);
  }

  async expectStatus(text: string, timeout = 10_000): Promise<void> {
    await expect(this.region.getByRole('status')).toContainText(text, { timeout });
  }

  /** A line of the text that is in sight; Monaco writes spaces that do not break. */
  line(text: string): Locator {
    return this.lines
      .locator('.view-line')
      .filter({ hasText: new RegExp(`^\\s*${text.replaceAll(' ', '\\s')}`) });
  }

  /** What stands beside the word under the mouse. */
  get hint(): Locator {
    return this.page.locator('.monaco-hover:not(.hidden)').first();
  }

  /** Points at a word of the text until the hint beside it says what is expected. */
  async expectHint(word: string, said: string): Promise<void> {
    const found = this.lines.locator('span span').filter({ hasText: new RegExp(`^${word}$`) });
    await expect(async () => {
      await this.page.mouse.move(0, 0);
      await expect(this.hint).toHaveCount(0);
      await found.hover();
      await expect(this.hint).toContainText(said, { timeout: 5_000 });
    }).toPass({ timeout: 30_000 });
  }

  /** Replaces the whole text by pasting: typed lines would be indented by the editor. */
  async write(text: string): Promise<void> {
    await this.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await this.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await this.input.focus();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.press('ControlOrMeta+v');
  }
}
