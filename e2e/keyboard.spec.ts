import type { Page } from '@playwright/test';
import { endless } from './support/experiments.ts';
import { expect, test } from './support/test.ts';

/** Every key from here on; the element that has the focus, in words. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return 'nothing';
    return element.getAttribute('aria-label') ?? element.textContent.trim();
  });

/** Whether the focus can be seen: an outline, a ring or a border that differs from the same element without focus. */
const focusIsVisible = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return false;
    // Monaco shows its focus by its caret.
    const editor = element.closest('.monaco-editor');
    if (editor !== null) return editor.querySelector('.cursors-layer .cursor') !== null;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const ring = style.outlineStyle !== 'none' && style.outlineWidth !== '0px';
    // A switch or radio hides its input and draws the ring on what stands beside it; a field colours its border.
    const drawn = [element.nextElementSibling, element.parentElement].some((near) => {
      if (near === null) return false;
      const beside = getComputedStyle(near);
      return beside.outlineStyle !== 'none' && beside.outlineWidth !== '0px';
    });
    const field = element.matches('input, select, textarea');
    return (ring || drawn || field) && (field || drawn || (box.width > 0 && box.height > 0));
  });

/** Presses Tab until the wanted element has the focus. */
async function tabTo(page: Page, wanted: RegExp, most = 60): Promise<void> {
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    expect(now, 'the focus is lost').not.toBe('nothing');
    expect(await focusIsVisible(page), `the focus cannot be seen on "${now}"`).toBe(true);
    if (wanted.test(now)) return;
  }
  throw new Error(`Tab does not reach ${String(wanted)}`);
}

test('without a mouse: paint, run, pause, step, and every panel opened and left', async ({ lab, page }) => {
  await lab.open(endless());
  const keyboard = page.keyboard;

  // The first Tab offers the way past the bar; what follows lies in the lab.
  await tabTo(page, /^Skip to the lab$/, 1);
  await keyboard.press('Enter');
  await tabTo(page, /^Trigger painter/);
  await keyboard.press('PageUp');
  await keyboard.press('Home');
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowRight');
  await keyboard.press('Enter');
  await expect(lab.setup.getByRole('radio', { name: 'Painted' })).toBeChecked();
  await expect(lab.setup.getByText(/^Row 1, column 1: white, opacity 100 %$/i)).toBeAttached();

  await keyboard.press('Tab');
  await page.getByRole('main').focus();
  await keyboard.press('Space');
  await lab.expectPhase('Pause');
  await lab.expectStep(5);
  await keyboard.press('Space');
  await lab.expectPhase('Go on');
  const paused = await lab.step();
  await keyboard.press('.');
  await expect.poll(() => lab.step()).toBe(paused + 1);

  // The palette: found by typing, closed again with the focus back where it was.
  await tabTo(page, /^Go on$/);
  await keyboard.press('Control+k');
  const palette = page.getByRole('textbox', { name: 'Find a command' });
  await expect(palette).toBeFocused();
  await keyboard.type('theme');
  await keyboard.press('ArrowDown');
  const scheme = () => page.evaluate(() => document.documentElement.dataset['mantineColorScheme']);
  const before = await page.evaluate(() => localStorage.getItem('backdoor-lab/theme'));
  await keyboard.press('Enter');
  await expect(palette).toBeHidden();
  expect(await page.evaluate(() => localStorage.getItem('backdoor-lab/theme'))).not.toBe(before);
  expect(await scheme()).toMatch(/light|dark/);
  await expect.poll(() => focused(page)).toBe('Go on');

  // Dialogs: opened by their keys, left by Escape.
  await keyboard.press('?');
  await expect(lab.dialog('Keyboard shortcuts')).toBeVisible();
  await lab.closeDialog();
  await expect.poll(() => focused(page)).toBe('Go on');
  await keyboard.press('Control+s');
  await expect(lab.dialog('Take home and bring in')).toBeVisible();
  await lab.closeDialog();
  await expect.poll(() => focused(page)).toBe('Go on');

  // The editor takes Tab for itself until Control+M; Escape leaves it.
  await keyboard.press('e');
  const editor = page.getByRole('region', { name: 'Experiment as YAML' });
  await expect(editor.getByText('Text and form are in step.')).toBeVisible({ timeout: 30_000 });
  await tabTo(page, /^Experiment as YAML\. Press Control M/, 5);
  await keyboard.press('Control+m');
  await keyboard.press('Tab');
  expect(await focused(page)).not.toMatch(/^Experiment as YAML\. Press/);
  await page.getByRole('button', { name: 'Close the editor' }).focus();
  await keyboard.press('Escape');
  await expect(editor).toHaveCount(0);
  await expect.poll(() => focused(page)).toBe('Go on');

  await page.getByRole('main').focus();
  await keyboard.press('r');
  await lab.expectPhase('Run');
});

test('the theme follows the system, and a choice outlives a reload', async ({ lab, page }) => {
  const scheme = () => page.evaluate(() => document.documentElement.dataset['mantineColorScheme']);
  await page.emulateMedia({ colorScheme: 'dark' });
  await lab.open();
  expect(await scheme()).toBe('dark');
  await page.getByRole('button', { name: 'Theme: as the system' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Theme: light' })).toBeVisible();
  expect(await scheme()).toBe('light');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Theme: light' })).toBeVisible();
  expect(await scheme()).toBe('light');
});
