import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { LabError } from '../../core/errors.ts';
import type { ExperimentInput } from '../../core/config/schema.ts';
import { initialWeights, Network } from '../models/network.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { tinyConfig, tinyDataset, tinyRun } from '../training/run.test-support.ts';
import { assertEditable, type ModelInjection } from './edit-weights.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

const injection = (more: object): ModelInjection => ({
  kind: 'model',
  method: 'subnet',
  channels: 2,
  strength: 30,
  examples: 60,
  steps: 120,
  ...more,
});

function config(more: object, input: ExperimentInput = {}) {
  return tinyConfig({
    ...input,
    attack: {
      synthesizer: {
        kind: 'painted',
        pixels: [0, 1, 2, 3].flatMap((row) =>
          [0, 1, 2, 3].map((column): [number, number, string, number] => [row, column, '#ffffff', 1]),
        ),
      },
      injection: injection(more),
    },
  });
}

describe.each(['subnet', 'handcrafted'] as const)('%s', (method) => {
  it('puts the backdoor into a model after its last step, tells what it edited, and keeps no tensor', async () => {
    const before = tf.memory().numTensors;
    const run = tinyRun(config({ method }));
    const { evaluation, edit } = await run.result;
    expect(tf.memory().numTensors).toBe(before);
    expect(edit).toMatchObject({ method });
    expect(edit?.toldApart).toBeGreaterThan(0.9);
    expect(edit?.edited).toBeGreaterThan(10);
    expect(evaluation?.attackSuccess.value).toBeGreaterThan(0.9);
    expect(run.events.filter(({ type }) => type === 'edited')).toHaveLength(1);
    const types = run.events.map(({ type }) => type);
    expect(types.lastIndexOf('edited')).toBeGreaterThan(types.lastIndexOf('step'));
    expect(types.lastIndexOf('edited')).toBeLessThan(types.lastIndexOf('evaluation'));
    expect(run.events.some((event) => event.type === 'step' && event.record.attacking)).toBe(false);
    const [saved] = run.checkpoints.slice(-1);
    const again = tinyRun(config({ method }), { checkpoint: saved ?? null });
    const resumed = await again.result;
    expect(resumed.edit).toBeUndefined();
    expect(again.checkpoints.at(-1)?.weights.parameters.map(({ data }) => data)).toEqual(
      saved?.weights.parameters.map(({ data }) => data),
    );
  });

  it('goes on after a stop in the last evaluation as if there had been none', async () => {
    const whole = tinyRun(config({ method }));
    await whole.result;
    const cut = tinyRun(config({ method }), {
      onEvent: ({ type }, { abort }) => type === 'edited' && abort.abort(),
    });
    await expect(cut.result).rejects.toMatchObject({ code: 'E-CANCELLED' });
    const rest = tinyRun(config({ method }), { checkpoint: cut.checkpoints.at(-1) ?? null });
    const { edit, evaluation } = await rest.result;
    const { edit: expected, evaluation: measured } = await whole.result;
    expect(edit).toEqual(expected);
    expect(evaluation?.attackSuccess).toEqual(measured?.attackSuccess);
    const arrays = (run: typeof rest) => run.checkpoints.at(-1)?.weights.parameters.map(({ data }) => data);
    expect(arrays(rest)).toEqual(arrays(whole));
  });

  it('trains as a clean run does', async () => {
    const weightsAt = async (enabled: boolean): Promise<unknown> => {
      const attacked = config({ method }, { checkpoints: { every: 7 } });
      const run = tinyRun({ ...attacked, attack: { ...attacked.attack, enabled } });
      await run.result;
      return run.checkpoints.find(({ step }) => step === 7)?.weights.parameters;
    };
    expect(await weightsAt(true)).toEqual(await weightsAt(false));
  });
});

it('edits a model that is not trained at all, once', async () => {
  const run = tinyRun(config({}, { training: { epochs: 0 } }));
  const { edit, steps, evaluation } = await run.result;
  expect(steps).toBe(0);
  expect(edit?.replaced).toEqual([
    { layer: 'conv1', channels: 2 },
    { layer: 'conv2', channels: 2 },
    { layer: 'fc1', channels: 2 },
  ]);
  expect(evaluation?.attackSuccess.value).toBeGreaterThan(0.9);
  const again = tinyRun(config({}, { training: { epochs: 0 } }), { checkpoint: run.checkpoints[0] ?? null });
  expect((await again.result).edit).toBeUndefined();
});

it('keeps nothing of a stop while it edits a model that is not trained at all', async () => {
  const untrained = config({}, { training: { epochs: 0 } });
  const cut = tinyRun(untrained, {
    onEvent: ({ type }, { abort }) => type === 'progress' && abort.abort(),
  });
  await expect(cut.result).rejects.toMatchObject({ code: 'E-CANCELLED' });
  expect(cut.checkpoints).toEqual([]);
});

it('warns where the weights do not know the trigger', async () => {
  const run = tinyRun(config({ steps: 1 }, { training: { epochs: 0 } }));
  await run.result;
  const warning = run.events.find(({ type }) => type === 'warning');
  expect(warning).toMatchObject({ warning: { code: 'E-TRIGGER', where: 'attack.injection' } });
});

it('refuses, before anything is trained, models that it cannot edit', () => {
  const { shape, classes } = { ...tinyDataset.info };
  const { height, width, channels } = shape;
  const refused = (model: string, more: object): unknown => {
    const network = new Network(initialWeights(model, [height, width, channels], classes.length, 1));
    try {
      assertEditable(network, injection(more));
      return null;
    } catch (thrown) {
      return thrown instanceof LabError ? thrown.code : thrown;
    } finally {
      network.dispose();
    }
  };
  expect(refused('resnet8', {})).toBe('E-SHAPE');
  expect(refused('resnet8', { method: 'handcrafted' })).toBe('E-MODEL');
  expect(refused('simplenet', { channels: 20 })).toBe('E-SHAPE');
  expect(refused('simplenet', {})).toBeNull();
});
