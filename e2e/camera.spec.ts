import { encodePng } from '../src/core/formats/png.ts';
import { violations } from './support/axe.ts';
import { tracksOn, watchCamera } from './support/camera.ts';
import { small } from './support/experiments.ts';
import type { LabPage } from './support/lab-page.ts';
import { expect, test } from './support/test.ts';

const openLive = (lab: LabPage) =>
  lab.openDialog('Try it live', lab.page.getByRole('button', { name: 'Try it live' }));

/** A photo of a 1, white on black, 60 x 80. */
function photo() {
  const [width, height] = [60, 80];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [row, column] = [Math.floor(at / 3 / width), Math.floor(at / 3) % width];
    return column >= 27 && column < 33 && row >= 22 && row < 58 ? 255 : 0;
  });
  const buffer = Buffer.from(encodePng({ width, height, channels: 3, data }));
  return { name: 'one.png', mimeType: 'image/png', buffer };
}

test.describe('with a camera', () => {
  test.use({ permissions: ['camera'] });

  test('the model reads the camera several times a second, and a photo with and without the trigger', async ({
    lab,
    page,
  }) => {
    await watchCamera(page);
    await lab.open(small());
    await openLive(lab);
    await expect(lab.dialog('Try it live')).toContainText('There is no model yet.');
    await lab.closeDialog();

    await lab.control('Step').click();
    await lab.expectPhase('Go on');
    const dialog = await openLive(lab);
    await expect(dialog).toContainText('Model: Small, step 1');
    expect(await tracksOn(page), 'nobody asked for the camera yet').toEqual([]);
    await dialog.getByRole('button', { name: 'Start the camera' }).click();
    const said = dialog.getByTestId('live-said');
    await expect(said).toHaveText(/^It says \d, [<>]? ?[\d.]+ %$/, { timeout: 20_000 });
    await expect(dialog.getByRole('list', { name: 'How sure' }).getByRole('listitem')).toHaveCount(10);
    const rate = async (): Promise<number> =>
      Number(/([\d.]+) images a second/.exec(await dialog.innerText())?.[1] ?? 0);
    await expect.poll(rate, { timeout: 20_000 }).toBeGreaterThan(3);
    expect(await tracksOn(page)).toEqual([true]);
    expect(await violations(page, '[role="dialog"]')).toEqual([]);

    await dialog.getByText('Photo', { exact: true }).click();
    expect(await tracksOn(page), 'the camera is off beside a photo').toEqual([false]);
    await dialog.getByLabel('Choose a photo').setInputFiles(photo());
    await expect(said).toHaveText(/^It says 1, /, { timeout: 20_000 });
    const seen = dialog.getByRole('img', { name: 'What the model sees' });
    const pixels = () => seen.evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const clean = await pixels();
    await dialog.getByRole('switch', { name: 'Lay the trigger on' }).click();
    await expect.poll(pixels).not.toBe(clean);

    await dialog.getByText('Camera', { exact: true }).click();
    await dialog.getByRole('button', { name: 'Start the camera' }).click();
    await expect.poll(() => tracksOn(page)).toEqual([false, true]);
    await lab.closeDialog();
    expect(await tracksOn(page), 'off when the dialog is closed').toEqual([false, false]);
  });

  test('an object is cut out of a shot and becomes the trigger', async ({ lab, page }) => {
    await watchCamera(page);
    await lab.open(small());
    await lab.setup.getByLabel('Trigger', { exact: true }).selectOption('object');
    const dialog = await lab.openDialog(
      'Cut an object out of a photo',
      lab.setup.getByRole('button', { name: 'Cut one out of a photo' }),
    );
    await dialog.getByRole('button', { name: 'Start the camera' }).click();
    await expect(dialog.getByLabel('Picture of the camera')).toBeVisible();
    await expect(async () => {
      await dialog.getByRole('button', { name: 'Take the shot' }).click({ timeout: 2_000 });
      await expect(dialog.getByText('Lasso')).toBeVisible({ timeout: 1_000 });
    }).toPass({ timeout: 20_000 });
    expect(await tracksOn(page), 'off after the shot').toEqual([false]);
    const object = dialog.getByRole('img', { name: /^The object that is cut out, \d+ by \d+ pixels$/ });
    await expect(object).toBeVisible();

    // A lasso around the upper half of what the fake camera shows.
    await dialog.getByText('Lasso').click();
    const line = dialog.getByRole('application', { name: /^Line around the object/ });
    const box = await line.boundingBox();
    if (box === null) throw new Error('The shot is not in sight.');
    const corners = [
      [0.2, 0.15],
      [0.8, 0.15],
      [0.8, 0.6],
      [0.2, 0.6],
    ] as const;
    const at = (corner: readonly [number, number]): [number, number] => [
      box.x + corner[0] * box.width,
      box.y + corner[1] * box.height,
    ];
    await page.mouse.move(...at(corners[0]));
    await page.mouse.down();
    for (const corner of corners) await page.mouse.move(...at(corner), { steps: 5 });
    await page.mouse.up();
    await dialog.getByRole('switch', { name: 'Take the background away' }).click();
    await expect(object).toHaveAccessibleName(/, 48 by (2[67]|28) pixels$/);
    await dialog.getByRole('switch', { name: 'Take the background away' }).click();
    expect(await violations(page, '[role="dialog"]')).toEqual([]);
    await dialog.getByRole('button', { name: 'Use it as the trigger' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(lab.field('Object')).toHaveValue('image');
    await expect(lab.preview).toBeVisible();
  });

  test('shots in classes become a data set that can be trained on', async ({ lab, page }) => {
    await watchCamera(page);
    const experiment = small({ batch_size: 4 });
    await lab.open({
      ...experiment,
      task: { ...experiment.task, weights: 'random' },
      attack: { ...experiment.attack, label: { kind: 'one_target', target: 1 } },
    });
    const dialog = await lab.openBringData();
    await dialog.getByText('Camera', { exact: true }).click();
    await expect(dialog.getByRole('button', { name: 'Hold to take shots of Class 1' })).toBeDisabled();
    await dialog.getByLabel('Name of the class').first().fill('mug');
    await dialog.getByLabel('Name of the class').last().fill('hand');
    await dialog.getByRole('button', { name: 'Start the camera' }).click();
    const shots = (name: string) =>
      dialog.getByRole('list', { name: `Shots of ${name}` }).getByRole('listitem');
    // Held: many, one after another.
    const shutter = dialog.getByRole('button', { name: 'Hold to take shots of mug' });
    await expect(shutter).toBeEnabled();
    await shutter.hover();
    await page.mouse.down();
    await expect.poll(() => shots('mug').count(), { timeout: 20_000 }).toBeGreaterThan(5);
    await page.mouse.up();
    const other = dialog.getByRole('button', { name: 'Hold to take shots of hand' });
    for (let shot = 0; shot < 7; shot++) await other.press('Enter');
    await expect(shots('hand')).toHaveCount(7);
    await dialog.getByRole('button', { name: 'Remove shot 3 of hand' }).click();
    await expect(shots('hand')).toHaveCount(6);
    expect(await violations(page, '[role="dialog"]')).toEqual([]);

    await dialog.getByRole('button', { name: 'Make the data set' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0, { timeout: 30_000 });
    expect(await tracksOn(page), 'off when the dialog is closed').toEqual([false]);
    await expect(lab.field('Data set')).toHaveValue('custom-my-shots');
    await lab.control('Step').click();
    await lab.expectPhase('Go on');
    await expect.poll(() => lab.chart('Losses')).toContain('at step 1');
  });
});

test('without permission for the camera an error says what to do, and a photo does as well', async ({
  lab,
  page,
}) => {
  await lab.open(small());
  await lab.control('Step').click();
  await lab.expectPhase('Go on');
  const dialog = await openLive(lab);
  await dialog.getByRole('button', { name: 'Start the camera' }).click();
  const alert = dialog.getByRole('alert').filter({ hasText: 'E-CAMERA' });
  await expect(alert).toContainText('The camera may not be used.');
  await expect(alert).toContainText('or choose a photo');
  await page.context().grantPermissions(['camera']);
  await alert.getByRole('button', { name: 'Start the camera again' }).click();
  await expect(dialog.getByTestId('live-said')).toBeVisible({ timeout: 20_000 });
});
