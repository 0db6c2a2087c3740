import { describe, expect, it, vi } from 'vitest';
import { chooseDefense } from '../core/defenses/choose.ts';
import type { DefenseEvent } from '../core/defenses/events.ts';
import { nodeAssets } from '../engine/backend/assets.node.ts';
import { startBackend } from '../engine/backend/start.ts';
import { initialWeights } from '../engine/models/network.ts';
import { tinyConfig, tinyDataset } from '../engine/training/run.test-support.ts';
import { type DefendJob, defendJob, rememberedControls } from './defend-job.ts';

const shape: [number, number, number] = [16, 17, 1];

const job = (settings: object = {}): DefendJob => ({
  kind: 'defend',
  weights: initialWeights('simplenet', shape, 3, 1),
  config: tinyConfig({ training: { max_batches: 1 } }),
  knownTraining: true,
  defenses: [chooseDefense('clp')],
  seed: 1,
  control: true,
  threads: 1,
  ...settings,
});

const ground = (changes: object = {}) => {
  const told: DefenseEvent[] = [];
  return {
    told,
    signal: new AbortController().signal,
    tell: (event: DefenseEvent) => void told.push(structuredClone(event)),
    dataset: tinyDataset,
    loadPretrained: () => Promise.reject(new Error('none')),
    cache: rememberedControls(),
    helpers: { spawn: () => expect.unreachable('one thread starts no other'), count: 0 },
    ...changes,
  };
};

describe('a defend job', () => {
  it('tells progress and evidence that cross to the page, and trains the control once', async () => {
    await startBackend('wasm', nodeAssets);
    const cache = rememberedControls();
    const save = vi.spyOn(cache, 'save');
    const first = ground({ cache });
    const [result] = await defendJob(job(), first);
    expect(result).toMatchObject({ id: 'clp', verdict: 'repaired', control: { verdict: 'repaired' } });
    expect(first.told.filter(({ type }) => type === 'defense-evidence')).toHaveLength(2);
    expect(first.told.at(-1)).toMatchObject({ type: 'defense-done', result: { id: 'clp' } });
    expect(first.told.some((event) => event.type === 'defense-progress' && event.stage === 'control')).toBe(
      true,
    );
    await defendJob(job(), ground({ cache }));
    expect(save).toHaveBeenCalledTimes(1);
  });

  it('stops when it is told to', async () => {
    const abort = new AbortController();
    const stopped = defendJob(job(), ground({ signal: abort.signal, tell: () => abort.abort() }));
    await expect(stopped).rejects.toMatchObject({ code: 'E-CANCELLED' });
  });

  it('refuses a model of another size than the data has', async () => {
    const weights = initialWeights('simplenet', [28, 28, 1], 10, 1);
    await expect(defendJob(job({ weights }), ground())).rejects.toMatchObject({ code: 'E-SHAPE' });
  });
});
