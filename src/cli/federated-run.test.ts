/** A federated run in a terminal: what it says of each round, and what it writes down. */
import { expect, it } from 'vitest';
import { readJson, TinyRun } from './tiny-run.test-support.ts';

const tiny = new TinyRun();

it('tells each round, and writes what each client did and what came of it', async () => {
  const { exitCode, out } = await tiny.run(
    '--set',
    'federated={enabled: true, clients: 5, per_round: 4, local_epochs: 1, compromised: {clients: 1, always_present: true}}',
    '--json',
    tiny.at('run.json'),
  );
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^round 1\/2: 4 of 4 clients, 1 attacking, fedavg, update [\d.]+ long$/m);
  const { rounds } = await readJson(tiny.at('run.json'));
  expect(rounds?.map(({ round }) => round)).toEqual([1, 2]);
  for (const { clients, bytes, steps } of rounds ?? []) {
    expect(clients).toHaveLength(4);
    expect(clients.filter(({ attacking }) => attacking)).toHaveLength(1);
    expect(clients.reduce((sum, client) => sum + client.steps, 0)).toBe(steps);
    expect(bytes.up).toBeGreaterThan(0);
  }
});

it('writes no rounds of a run in one place', async () => {
  await tiny.run('--set', 'training.epochs=1', '--json', tiny.at('plain.json'));
  expect(await readJson(tiny.at('plain.json'))).not.toHaveProperty('rounds');
});
