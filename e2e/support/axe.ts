import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './test.ts';

/**
 * What axe finds wrong, as rule, element and reason. Transitions are over before it looks, and the mouse points at
 * nothing: an open hint lies outside all landmarks, by its nature.
 * @param within a selector; without it the whole page is looked at
 * @param rules names of axe's rules; without them all that apply
 */
export async function violations(page: Page, within?: string, rules?: string[]): Promise<string[]> {
  await page.mouse.move(0, 0);
  await expect(page.getByRole('tooltip')).toHaveCount(0);
  await page.evaluate(() =>
    Promise.allSettled(document.getAnimations().map((animation) => animation.finished)),
  );
  // In one pass, as the page has no frames: the other way takes four times as long.
  const builder = new AxeBuilder({ page }).setLegacyMode().exclude('.monaco-editor');
  if (rules !== undefined) builder.withRules(rules);
  const { violations: found } = await (within === undefined ? builder : builder.include(within)).analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}
