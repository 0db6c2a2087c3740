import { beforeAll, describe, expect, it } from 'vitest';
import { safeParseConfig } from '../../core/config/parse.ts';
import type { ExperimentInput } from '../../core/config/schema.ts';
import type { Checkpoint } from '../../core/experiment/checkpoint.ts';
import { modelFromFile } from '../../core/formats/model-file.ts';
import { weightsToSafetensors } from '../../core/formats/model-safetensors.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { localHelper } from '../parallel/team.test-support.ts';
import { evaluateWeights } from '../training/evaluate.ts';
import { tinyConfig, tinyDataset, tinyRun } from '../training/run.test-support.ts';

const attack = {
  synthesizer: { kind: 'input_aware', mask_steps: 4 },
  injection: { kind: 'batch', fraction: 0.25, cover: 0.25 },
} as const;
const config = tinyConfig({ attack, training: { max_batches: 4 }, checkpoints: { every: 2 } });

/** All numbers, as text that compares quickly. */
function kept(checkpoint: Checkpoint | undefined): string[] {
  const { parameters = [], trigger = [] } = checkpoint?.weights ?? {};
  return [...parameters, ...trigger, ...(checkpoint?.optimizer ?? [])].map(
    ({ name, data }) =>
      `${name} ${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')}`,
  );
}

// Helpers of a test share its thread, and so its backend.
beforeAll(() => startBackend('wasm', nodeAssets));

describe('a trigger that is learned along', () => {
  it('is the same with one thread and with two, goes on from a checkpoint with the same bits, and works from the model’s file', async () => {
    const run = tinyRun(config);
    const { evaluation } = await run.result;
    const helper = localHelper();
    const again = tinyRun(config, { helpers: { spawn: () => helper.line, count: 1 } });
    await again.result;
    expect(again.events.some((event) => event.type === 'status' && event.threads === 2)).toBe(true);
    const last = run.checkpoints.at(-1);
    const first = run.checkpoints[0]?.weights.trigger;
    if (!last || !first) throw new Error('checkpoints hold the trigger');
    expect(kept(again.checkpoints.at(-1))).toEqual(kept(last));
    // The pattern has learned, the mask is as it was before training.
    const of = (name: string, arrays = last.weights.trigger) => arrays?.find((array) => array.name === name);
    expect(of('1/mask')).toEqual(of('1/mask', first));
    expect(of('1/pattern')).not.toEqual(of('1/pattern', first));
    expect(evaluation?.crossTrigger?.n).toBe(30);

    const middle = run.checkpoints.find(({ step }) => step === 2);
    if (!middle) throw new Error('there is one in the middle');
    const resumed = tinyRun(config, { checkpoint: structuredClone(middle) });
    await resumed.result;
    expect(kept(resumed.checkpoints.at(-1))).toEqual(kept(last));

    const request = {
      scope: 'full',
      step: 0,
      epoch: 1,
      signal: new AbortController().signal,
    } as const;
    const model = modelFromFile('m', weightsToSafetensors(last.weights));
    const measured = await evaluateWeights(model, config, tinyDataset, request);
    expect(measured.attackSuccess).toEqual(evaluation?.attackSuccess);
    expect(measured.samples).toEqual(evaluation?.samples);
    const { trigger, ...bare } = last.weights;
    expect(trigger).toBeDefined();
    await expect(evaluateWeights(bare, config, tinyDataset, request)).rejects.toThrow('E-TRIGGER');
  });

  it.each<[string, ExperimentInput, string]>([
    ['poisoned data', { attack: { ...attack, injection: { kind: 'data' } } }, 'attack.injection.kind'],
    ['clean labels', { attack: { ...attack, injection: { kind: 'clean_label' } } }, 'attack.injection.kind'],
    ['edited weights', { attack: { ...attack, injection: { kind: 'model' } } }, 'attack.injection.kind'],
    ['clients', { attack, federated: { enabled: true } }, 'federated.enabled'],
    ['DP-SGD', { attack, training: { privacy: { kind: 'dp_sgd' } } }, 'training.privacy.kind'],
  ])('is refused with %s, and says what to do', (_, input, where) => {
    const result = safeParseConfig(input);
    const found = result.ok ? [] : result.problems.filter((problem) => problem.where === where);
    expect(found.map(({ code }) => code)).toEqual(['E-CONFIG-VALUE']);
    expect(found[0]?.fix).toContain('choose another trigger');
  });
});
