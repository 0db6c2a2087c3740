import { readFile, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { CheckpointFile } from './checkpoint-file.ts';
import { TinyRun } from './tiny-run.test-support.ts';

const tiny = new TinyRun();
const HALVE = ['--resume', '--halve-lr'];
const set = (...settings: string[]): string[] => settings.flatMap((setting) => ['--set', setting]);

describe('a run whose loss is not finite', () => {
  it('gets through at last from its starting weights, when the learning rate is far too high', async () => {
    const wild = set(
      'training.optimizer={kind: sgd, learning_rate: 50, momentum: 0.9}',
      'training.epochs=2',
      'training.max_batches=20',
      'training.batch_size=4',
      'checkpoints.every=1',
    );
    const first = await tiny.run(...wild);
    expect(first.exitCode).toBe(1);
    expect(first.err).toContain('error E-NAN: At step');
    // Its losses are absurd: the checkpoint before the failure cannot be saved.
    expect(first.err).toContain('To go on from the starting weights at half the learning rate:');
    let factor = 1;
    for (let attempt = 1; ; attempt++) {
      expect(attempt).toBeLessThan(8);
      const { exitCode, err, out } = await tiny.run(...wild, ...HALVE);
      factor /= 2;
      expect(err).toContain(`goes back to the starting weights, at 1/${1 / factor} of the learning rate.`);
      expect(out).not.toContain('going on after step');
      if (exitCode === 0) break;
    }
    const end = await new CheckpointFile(tiny.checkpoint).load();
    expect(end).toMatchObject({ step: 40, learningRateFactor: factor });
    for (const { data } of end.weights.parameters) expect(data.every(Number.isFinite)).toBe(true);
  }, 120_000);

  it('goes back to the older checkpoint when the newest has exploded, and then to the starting weights', async () => {
    // Two hundred steps until a checkpoint lies far enough behind the newest: cheap ones.
    const long = set(
      'training={epochs: 9, max_batches: 25, batch_size: 2}',
      'attack.enabled=false',
      'checkpoints.every=50',
    );
    await tiny.interrupt(210, { set: long.filter((_, index) => index % 2 === 1) });
    const store = new CheckpointFile(tiny.checkpoint);
    const [whole, older] = [await store.load(), await store.loadOlder()];
    expect([whole.step, older?.step]).toEqual([210, 100]);
    const explode = (factor: number) => ({
      ...whole.weights,
      parameters: whole.weights.parameters.map((array) => ({
        ...array,
        data: array.data.map((value) => value * factor),
      })),
    });
    await store.save({ ...whole, weights: explode(1e12) });
    const first = await tiny.run(...long, '--resume');
    expect([first.exitCode, first.err]).toEqual([1, expect.stringContaining('At step 211 the loss')]);
    expect(first.err).toContain('To go on from the checkpoint of step 210 at half the learning rate:');
    const second = await tiny.run(...long, ...HALVE);
    expect([second.exitCode, second.err]).toEqual([1, expect.stringContaining('At step 211 the loss')]);
    expect(second.err).toContain('To go on from the older checkpoint of step 100 at half the learning rate:');
    // That one fails as well: it does not go there a second time.
    await store.saveOlder({ ...(older ?? whole), weights: explode(1e12) });
    const third = await tiny.run(...long, ...HALVE);
    expect(third.err).toContain(
      'goes back to the older checkpoint of step 100, at 1/4 of the learning rate.',
    );
    expect([third.exitCode, third.err]).toEqual([1, expect.stringContaining('At step 101 the loss')]);
    expect(third.err).toContain('To go on from the starting weights at half the learning rate:');
    const fourth = await tiny.run(...long, ...HALVE);
    expect(fourth.exitCode).toBe(0);
    expect(fourth.err).toContain('goes back to the starting weights, at 1/8 of the learning rate.');
    expect(await store.load()).toMatchObject({ step: 225, learningRateFactor: 0.125, recovery: null });
  }, 120_000);
});

it('keeps the older checkpoint beside a run that is moved away, and never in place of something else', async () => {
  await tiny.interrupt(2);
  const store = new CheckpointFile(tiny.checkpoint);
  await store.saveOlder(await store.load());
  const older = await readFile(store.olderPath);
  await tiny.run('--set', 'training.epochs=0');
  expect((await readFile(`${tiny.checkpoint}.previous.older`)).equals(older)).toBe(true);
  await expect(stat(store.olderPath)).rejects.toThrow();
  await writeFile(store.olderPath, 'mine');
  const next = new CheckpointFile(tiny.checkpoint);
  await expect(next.saveOlder(await next.load())).rejects.toMatchObject({ code: 'E-CHECKPOINT' });
  expect(await readFile(store.olderPath, 'utf8')).toBe('mine');
  expect(await next.loadOlder()).toBeNull();
});
