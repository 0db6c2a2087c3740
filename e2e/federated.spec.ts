import type { ExperimentInput } from '../src/core/config/schema.ts';
import type { LabPage } from './support/lab-page.ts';
import { violations } from './support/axe.ts';
import { expect, test } from './support/test.ts';

/** Clients of few examples each, on the shipped clean model. */
const clients = (federated: ExperimentInput['federated'], rounds = 2): ExperimentInput => ({
  name: 'Small federated',
  seed: 7,
  task: { weights: 'pretrained', train_examples: 600, test_examples: 200 },
  training: { epochs: rounds, batch_size: 32, optimizer: { kind: 'sgd', learning_rate: 0.01 } },
  evaluation: { batch_size: 100, live_every: 0, live_examples: 60 },
  attack: { injection: { kind: 'batch', fraction: 0.5 } },
  federated: {
    enabled: true,
    clients: 6,
    per_round: 5,
    local_epochs: 1,
    client_test_examples: 20,
    compromised: { clients: 1, always_present: true, scale: 5 },
    ...federated,
  },
});

const panel = (lab: LabPage) => lab.page.getByRole('region', { name: 'Federated training' });
const cards = (lab: LabPage) => panel(lab).getByRole('list', { name: 'Clients of the round' });

test('a federated run shows its clients, both curves, and what another rule makes of a round', async ({
  lab,
  page,
}) => {
  await lab.open(clients({}));
  await expect(panel(lab)).toContainText('6 clients, 5 a round');
  await panel(lab).getByRole('button', { name: 'One round' }).click();
  await lab.expectPhase('Go on');
  await expect(panel(lab).getByTestId('round-sentence')).toContainText(
    'Round 1. 5 clients: 5 done; 1 attacks',
  );
  await expect(cards(lab).getByRole('button')).toHaveCount(5);
  await expect(cards(lab).getByRole('button', { name: /attacks ?done.*share 20\.0 %/ })).toHaveCount(1);
  await expect.poll(() => lab.chart('Global model')).toMatch(/Clean accuracy.*Attack success/);
  expect(await lab.chart('Plane of updates')).toContain('Honest: 4 with a mean cosine');

  // Arrow keys go from client to client, and show each.
  await cards(lab).getByRole('button').first().focus();
  await page.keyboard.press('End');
  await expect(cards(lab).getByRole('button').last()).toBeFocused();
  await expect(cards(lab).getByRole('button').last()).toHaveAttribute('aria-pressed', 'true');

  const replay = panel(lab).getByRole('region', { name: 'Replay' });
  await replay.getByRole('button', { name: 'Replay' }).click();
  const table = replay.getByRole('table');
  await expect(table.getByRole('row', { name: /^Mean .*\(taken\)/ })).toBeVisible({ timeout: 30_000 });
  const median = table.getByRole('row', { name: /^Median/ });
  await expect(median).toContainText(/[\d.]+ %/);
  expect(await violations(page), 'paused, with a replay').toEqual([]);

  // Nothing of the run changed; it goes on to its end, and its rounds can still be replayed.
  await lab.control('Go on').click();
  await lab.expectPhase('Run again');
  await expect(panel(lab).getByTestId('round-sentence')).toContainText('Round 2.');
  await replay.getByRole('button', { name: 'Replay' }).click();
  await expect(table).toContainText('Round 2, on 60 test examples', { timeout: 30_000 });
  const run = await lab.runJson();
  expect(run.epochs).toHaveLength(2);
});

test('one client at a time, and one taken by hand from the next round on', async ({ lab }) => {
  await lab.open(clients({ per_round: 3, compromised: { clients: 0 } }, 3));
  await panel(lab).getByRole('button', { name: 'One client' }).click();
  await lab.expectPhase('Go on');
  await expect(panel(lab).getByTestId('round-sentence')).toContainText(
    'Round 1 is under way. 3 clients: 2 waiting, 1 done',
  );
  await panel(lab).getByRole('button', { name: 'One client' }).click();
  await expect(panel(lab).getByTestId('round-sentence')).toContainText('1 waiting, 2 done');
  await lab.expectPhase('Go on');

  const waiting = cards(lab).getByRole('button', { name: /waiting/ });
  const number = /^Client (\d+)/.exec((await waiting.textContent()) ?? '')?.[1] ?? '';
  await waiting.click();
  const hand = panel(lab).getByRole('region', { name: `Client ${number}` });
  await hand.getByText('Attacks', { exact: true }).click();
  await hand.getByRole('switch', { name: 'In every round' }).press('Space');
  await hand.getByLabel('Scale of its update').fill('7');
  await hand.getByRole('button', { name: 'Use from the next round' }).click();
  await expect(hand.getByRole('status')).toContainText('Taken by hand');

  await panel(lab).getByRole('button', { name: 'One round' }).click();
  await expect(panel(lab).getByTestId('round-sentence')).toContainText(
    'Round 1. 3 clients: 3 done; nobody attacks',
  );
  await lab.expectPhase('Go on');
  await panel(lab).getByRole('button', { name: 'One round' }).click();
  await expect(panel(lab).getByTestId('round-sentence')).toContainText(
    'Round 2. 3 clients: 3 done; 1 attacks',
  );
  await panel(lab).getByText('Round 2 as a table').click();
  const row = panel(lab).getByRole('row', { name: new RegExp(`^${number} ▲ attacks done`) });
  await expect(row).toContainText('7.00');
});

test('a hundred clients can be read on a phone, and the form tells the scale of full replacement', async ({
  lab,
  page,
}) => {
  test.slow(); // axe takes its time over a hundred buttons
  await page.setViewportSize({ width: 390, height: 844 });
  await lab.open(clients({ clients: 100, per_round: 100, client_test_examples: 0 }, 1));
  await lab.openSection('Federated');
  await expect(
    lab.setup.getByText('Full replacement takes 100, with 1 of 100 clients attacking.'),
  ).toBeVisible();
  await lab.control('Run').click();
  await lab.expectPhase('Run again', 80_000);
  await expect(cards(lab).getByRole('button')).toHaveCount(100);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await violations(page, 'section[aria-label="Federated training"]')).toEqual([]);
});
