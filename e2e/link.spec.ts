import { deflateSync } from 'fflate';
import { LabPage } from './support/lab-page.ts';
import { small } from './support/experiments.ts';
import { expect, test } from './support/test.ts';

test('a copied link opens the same experiment in a fresh profile, the painted trigger included', async ({
  lab,
  page,
  context,
  browser,
  baseURL,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open({ ...small({ epochs: 3 }), name: 'To be shared' });
  await lab.setup.getByText('Painted', { exact: true }).click();
  await lab.setup.getByRole('button', { name: 'Clear' }).click();
  for (const column of [5, 6, 8]) await lab.paint(20, column);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(page.getByText('The link is copied.')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain('#v1.');
  const { bytes } = await lab.takeHome('Experiment as YAML');

  const stranger = await browser.newContext({ baseURL: baseURL ?? '' });
  const theirs = new LabPage(await stranger.newPage());
  await theirs.page.goto(link);
  await theirs.ready();
  await expect(theirs.setup.getByRole('radio', { name: 'Painted' })).toBeChecked();
  await theirs.openSection('Training');
  await expect(theirs.field('Epochs')).toHaveValue('3');
  const opened = await theirs.takeHome('Experiment as YAML');
  expect(opened.bytes.toString()).toBe(bytes.toString());
  expect(opened.bytes.toString()).toContain('painted');
  await stranger.close();
});

test('a damaged link is told, and the lab opens all the same', async ({ lab, page }) => {
  await page.goto('./#v1.q1bKSy1XsjLUUcpNLFCyqlZKz0_OLi');
  await lab.ready();
  await expect(lab.notice('E-LINK')).toContainText('The link is damaged.');
  await expect(lab.control('Run')).toBeVisible();

  await page.goto('about:blank');
  await page.goto('./#v9.abc');
  await lab.ready();
  await expect(lab.notice('E-LINK')).toContainText('The link has the format v9.');
  await expect(lab.preview.getByRole('button')).toHaveCount(8);
});

test('a link out of range is set right, and every change is told', async ({ lab, page }) => {
  await page.goto(`./#${outOfRange()}`);
  await lab.ready();
  await expect(page.getByText(/training\.epochs was set to 100000\./)).toBeVisible();
  await expect(page.getByText(/It was left out\./)).toBeVisible();
  await lab.openSection('Training');
  await expect(lab.field('Epochs')).toHaveValue(/^100,?000$/);
});

/** A link as the lab never makes it: two million epochs, and a key that no schema knows. */
function outOfRange(): string {
  const json = JSON.stringify({ training: { epochs: 2_000_000, epoch_count: 3 } });
  return `v1.${Buffer.from(deflateSync(new TextEncoder().encode(json))).toString('base64url')}`;
}
