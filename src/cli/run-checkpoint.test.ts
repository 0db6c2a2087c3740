/** What `lab run` does with the file at its checkpoint's place. */
import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../core/config/parse.ts';
import { defaultCheckpointPath } from './checkpoint-path.ts';
import { lab } from './terminal.test-support.ts';
import { readJson, TINY, TinyRun, withoutTimes } from './tiny-run.test-support.ts';

const tiny = new TinyRun();
const NO_EPOCHS = ['--set', 'training.epochs=0'];

describe('the checkpoint of a run', () => {
  it('is named by the experiment and its seed', () => {
    expect(defaultCheckpointPath(parseConfig({ name: 'My Run: 2/3', seed: 4 }))).toBe(
      path.join('runs', 'my-run-2-3-seed-4.checkpoint'),
    );
  });

  it('adds epochs to a finished run, and refuses another experiment by its keys', async () => {
    await tiny.run('--set', 'training.epochs=1');
    const longer = await tiny.run('--resume', '--json', tiny.at('longer.json'));
    expect(longer.exitCode).toBe(0);
    expect((await readJson(tiny.at('longer.json'))).epochs).toHaveLength(2);
    const other = await tiny.run('--resume', '--set', 'seed=6', '--set', 'training.batch_size=8');
    expect(other.exitCode).toBe(1);
    expect(other.err).toContain(
      'E-CHECKPOINT: The checkpoint was made by another experiment: seed, training.batch_size',
    );
  });

  it('goes on with federated training, and what its server remembers', async () => {
    const federated =
      'federated={enabled: true, clients: 4, per_round: 2, local_epochs: 1, aggregator: {kind: foolsgold}}';
    const rounds = (count: number) => ['--set', federated, '--set', `training.epochs=${count}`];
    await tiny.run(...rounds(1));
    const more = await tiny.run(...rounds(2), '--resume', '--json', tiny.at('more.json'));
    expect([more.exitCode, more.err]).toEqual([0, '']);
    await tiny.run(...rounds(2), '--json', tiny.at('whole.json'), '--checkpoint', tiny.at('other'));
    const [resumed, whole] = [await readJson(tiny.at('more.json')), await readJson(tiny.at('whole.json'))];
    expect(withoutTimes(resumed)).toEqual(withoutTimes(whole));
  });

  it('is refused when it is cut short, and left', async () => {
    await tiny.run(...NO_EPOCHS);
    const { size } = await stat(tiny.checkpoint);
    await truncate(tiny.checkpoint, size - 1);
    const { exitCode, err } = await tiny.run('--resume');
    expect([exitCode, err]).toEqual([1, expect.stringContaining('error E-CHECKPOINT')]);
    expect((await stat(tiny.checkpoint)).size).toBe(size - 1);
    const none = await lab('run', tiny.experiment, '--resume', '--checkpoint', tiny.at('nowhere'));
    expect([none.exitCode, none.err]).toEqual([1, expect.stringContaining('error E-CHECKPOINT')]);
  });

  it('is moved out of the way of a new run when its own is unfinished', async () => {
    await tiny.interrupt(2);
    const kept = await readFile(tiny.checkpoint);
    const { exitCode, err } = await tiny.run(...NO_EPOCHS);
    expect([exitCode, err]).toEqual([0, expect.stringContaining('an unfinished run at step 2')]);
    expect((await readFile(`${tiny.checkpoint}.previous`)).equals(kept)).toBe(true);
    await tiny.interrupt(1);
    const again = await tiny.run(...NO_EPOCHS);
    expect(again.err).toContain(`it is now ${tiny.checkpoint}.previous-2.`);
    expect((await readFile(`${tiny.checkpoint}.previous`)).equals(kept)).toBe(true);
  });

  it('never moves or writes over what is no checkpoint', async () => {
    const notes = tiny.at('notes.txt');
    await writeFile(notes, 'mine');
    const model = tiny.at('mine.safetensors');
    await tiny.run(...NO_EPOCHS, '--export', model);
    const before = await readFile(model);
    for (const [file, code] of [
      [notes, 'E-CHECKPOINT'],
      [model, 'E-CHECKPOINT'],
      ['/dev/null', 'E-CHECKPOINT'],
      [tiny.at('.'), 'E-STORAGE'],
      [path.join(notes, 'x/y'), 'E-STORAGE'],
    ] as const) {
      const { exitCode, err } = await lab('run', tiny.experiment, '--checkpoint', file);
      expect([file, exitCode, err]).toEqual([file, 1, expect.stringContaining(`error ${code}`)]);
    }
    expect(await readFile(notes, 'utf8')).toBe('mine');
    expect((await readFile(model)).equals(before)).toBe(true);
    expect((await stat(tiny.at('.'))).isDirectory()).toBe(true);
  });

  it.each<[string, (name: (file: string) => string) => string[]]>([
    ['the experiment as checkpoint', (file) => ['--checkpoint', file('tiny.yaml')]],
    ['the experiment as numbers', (file) => ['--json', file('none/../tiny.yaml')]],
    ['one file for two', (file) => ['--json', file('new/x.zip'), '--export', file('./new/x.zip')]],
  ])('and the other files of a run must differ: refuses %s', async (_, args) => {
    const { exitCode, err } = await tiny.run(...args((file) => `${tiny.at('.')}/${file}`));
    expect([exitCode, err]).toEqual([1, expect.stringMatching(/error E-STORAGE: .* cannot be both/)]);
    expect(await readFile(tiny.experiment, 'utf8')).toBe(TINY);
  });
});
