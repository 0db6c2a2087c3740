/** A run that starts from a file: the command line's, the experiment's, a checkpoint. */
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from '../core/formats/safetensors.ts';
import { TinyRun } from './tiny-run.test-support.ts';

const tiny = new TinyRun();

const conv1 = async (file: string): Promise<string> => {
  const { tensors } = readSafetensors(new Uint8Array(await readFile(file)));
  return Buffer.from(tensors.find(({ name }) => name === 'conv1.weight')?.data ?? []).toString('hex');
};

describe('a run from a file', () => {
  it('takes the weights of a checkpoint, and those that the experiment names', async () => {
    const [model, fromCheckpoint, fromKey] = ['model', 'a', 'b'].map((name) =>
      tiny.at(`${name}.safetensors`),
    ) as [string, string, string];
    await tiny.run('--export', model);
    const { checkpoint } = tiny;
    tiny.checkpoint = tiny.at('second.checkpoint');
    const still = ['--set', 'training.epochs=0'];
    const taken = await tiny.run('--weights', checkpoint, ...still, '--export', fromCheckpoint);
    expect([taken.exitCode, taken.err]).toEqual([0, '']);
    expect(await conv1(fromCheckpoint)).toBe(await conv1(model));
    const keys = ['--set', 'task.weights=imported', '--set', `task.weights_file=${model}`];
    expect((await tiny.run(...keys, ...still, '--export', fromKey)).exitCode).toBe(0);
    expect(await conv1(fromKey)).toBe(await conv1(model));
  });

  it('says which file is not there, or is no model', async () => {
    const keys = (file: string) => ['--set', 'task.weights=imported', '--set', `task.weights_file=${file}`];
    const missing = await tiny.run(...keys(tiny.at('gone.safetensors')));
    expect(missing.exitCode).toBe(1);
    expect(missing.err).toMatch(/E-MODEL: The model cannot be read from .*gone\.safetensors/);
    await writeFile(tiny.at('model.pt'), Uint8Array.of(0x80, 0x02, 0x8a, 0x0a, 0, 0, 0, 0, 0));
    const pickle = await tiny.run(...keys(tiny.at('model.pt')));
    expect(pickle.exitCode).toBe(1);
    expect(pickle.err).toMatch(/E-MODEL: .*is a pickle of PyTorch/);
  });
});
