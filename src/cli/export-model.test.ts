import { readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { weightsFromLayersModel } from '../core/formats/layers-model.ts';
import { readSafetensors } from '../core/formats/safetensors.ts';
import { TinyRun } from './tiny-run.test-support.ts';

const tiny = new TinyRun();

describe('a model that a run exports', () => {
  it('starts another run, in both formats', async () => {
    const [file, zip, half] = ['model.safetensors', 'model.zip', 'half.safetensors'].map((name) =>
      tiny.at(name),
    ) as [string, string, string];
    const back = tiny.at('back.safetensors');
    await tiny.run('--export', file);
    const none = ['--set', 'training.epochs=0'];
    expect((await tiny.run('--weights', file, ...none, '--export', zip)).exitCode).toBe(0);
    expect((await tiny.run('--weights', zip, ...none, '--export', back)).exitCode).toBe(0);
    expect((await tiny.run('--weights', file, ...none, '--export', half, '--half')).exitCode).toBe(0);
    const tensors = async (name: string) =>
      readSafetensors(new Uint8Array(await readFile(name))).tensors.map(({ data }) =>
        Buffer.from(data).toString('hex'),
      );
    expect((await tensors(back)).join() === (await tensors(file)).join()).toBe(true);
    expect(weightsFromLayersModel(new Uint8Array(await readFile(zip))).inputShape).toEqual([28, 28, 1]);
    expect((await stat(half)).size).toBeLessThan(0.6 * (await stat(file)).size);
  });
});
