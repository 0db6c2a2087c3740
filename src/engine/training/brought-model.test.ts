/** Runs that start from a model of a person's own. */
import { describe, expect, it } from 'vitest';
import { initialWeights } from '../models/network.ts';
import { startBackend } from '../backend/start.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { tinyConfig, tinyRun } from './run.test-support.ts';

const config = tinyConfig({
  seed: 8,
  task: { model: 'resnet8', weights: 'imported', frozen: ['conv1', 'bn1', 'layer1', 'layer2', 'layer3'] },
  training: { epochs: 1, max_batches: 2 },
});

describe('a run from a model of another number of classes', () => {
  it('keeps all but the last layer, which it draws from its seed and trains, and says so', async () => {
    await startBackend('wasm', nodeAssets);
    const brought = initialWeights('resnet8', [32, 32, 1], 7, 1);
    const run = tinyRun(config, { importedWeights: brought });
    await run.result;
    const warnings = run.events.flatMap((event) => (event.type === 'warning' ? [event.warning] : []));
    expect(warnings).toMatchObject([{ code: 'E-MODEL', where: 'task.weights' }]);
    expect(warnings[0]?.what).toMatch(/tells 7 classes apart, and Tiny has 3/);
    const trained = run.checkpoints.at(-1)?.weights;
    expect(trained?.inputShape).toEqual([16, 17, 1]);
    const of = (name: string) => trained?.parameters.find((array) => array.name === name);
    expect(of('layer2.0.conv1.weight')?.data).toEqual(
      brought.parameters.find(({ name }) => name === 'layer2.0.conv1.weight')?.data,
    );
    const drawn = initialWeights('resnet8', [16, 17, 1], 3, config.seed);
    const start = drawn.parameters.find(({ name }) => name === 'linear.weight')?.data;
    expect(of('linear.weight')?.shape).toEqual([3, 64]);
    // It begins where a model of this seed begins, and moves from there.
    expect(of('linear.weight')?.data).not.toEqual(start);
    const none = { ...config, training: { ...config.training, epochs: 0 } };
    const still = tinyRun(none, { importedWeights: brought });
    await still.result;
    const kept = still.checkpoints.at(-1)?.weights.parameters.find(({ name }) => name === 'linear.weight');
    expect(kept?.data).toEqual(start);
  });

  it('says nothing where the classes are as many, and names the file that is missing', async () => {
    const run = tinyRun(config, { importedWeights: initialWeights('resnet8', [32, 32, 1], 3, 1) });
    await run.result;
    expect(run.events.filter(({ type }) => type === 'warning')).toEqual([]);
    const named = { ...config, task: { ...config.task, weights_file: 'saved/resnet.safetensors' } };
    await expect(tinyRun(named).result).rejects.toThrow(
      /E-MODEL: No model has been imported, and the experiment asks for saved\/resnet\.safetensors/,
    );
  });

  it('refuses one that does not take the images', async () => {
    const color = initialWeights('resnet8', [32, 32, 3], 3, 1);
    await expect(tinyRun(config, { importedWeights: color }).result).rejects.toThrow(
      new RegExp(`E-SHAPE.*32x32x3.*16x17x1`, 's'),
    );
  });
});
