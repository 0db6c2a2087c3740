import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { aggregator, type AggregatorConfig } from '../../core/config/schema-federated.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { tinyConfig, tinyDataset, tinyRun } from '../training/run.test-support.ts';
import { type RecordedRound, RecordedRounds, roundBytes } from './recorded-round.ts';
import { replayRound } from './replay.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

const rule = (kind: AggregatorConfig['kind']): AggregatorConfig => aggregator.parse({ kind });
const signal = new AbortController().signal;

async function recordedRun(kept: AggregatorConfig = rule('fedavg')) {
  const config = tinyConfig({
    training: { epochs: 2, batch_size: 4 },
    attack: { injection: { kind: 'batch', fraction: 0.5 } },
    evaluation: { live_every: 1 },
    federated: {
      enabled: true,
      clients: 6,
      per_round: 5,
      local_epochs: 1,
      aggregator: kept,
      compromised: { clients: 1, always_present: true, scale: 30 },
      client_test_examples: 0,
    },
  });
  const rounds: RecordedRound[] = [];
  const run = tinyRun(config, { keepRound: (round) => rounds.push(round) });
  const result = await run.result;
  return { rounds, run, result };
}

describe('replay', () => {
  it('gives for the rule that was taken what the run came to', async () => {
    const { rounds, run } = await recordedRun();
    const [, second] = rounds;
    if (!second) throw new Error('no round was kept');
    const live = run.events.flatMap((event) =>
      event.type === 'evaluation' && event.evaluation.epoch === 2 ? [event.evaluation] : [],
    );
    const { rules, clients } = await replayRound(second, tinyDataset, { rules: [rule('fedavg')], signal });
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatchObject({ taken: true, error: null });
    expect(rules[0]?.cosine).toBeCloseTo(1, 6);
    const ended = run.events.findLast((event) => event.type === 'round')?.record;
    expect(rules[0]?.norm).toBeCloseTo(ended?.norm ?? 0, 6);
    expect(rules[0]?.shares).toEqual(ended?.clients.map(({ share }) => share));
    expect(clients.map(({ norm }) => norm)).toEqual(ended?.clients.map(({ norm }) => norm));
    // The run measures the whole test set at the end of a round; replay the live examples among it.
    expect(live.length).toBeGreaterThan(0);
    expect(rules[0]?.clean?.n).toBe(10);
  });

  it('brings the same updates together by other rules, and changes nothing of what is recorded', async () => {
    const { rounds } = await recordedRun();
    const [first] = rounds;
    if (!first) throw new Error('no round was kept');
    const copy = structuredClone(first);
    const tensors = tf.memory().numTensors;
    const rules = [rule('median'), rule('krum'), rule('norm_clipping'), rule('fltrust')];
    const { rules: said } = await replayRound(first, tinyDataset, { rules, signal });
    expect(tf.memory().numTensors).toBe(tensors);
    expect(first).toEqual(copy);
    const [taken, median, krum, clipped, fltrust] = said;
    expect(median?.norm).toBeLessThan((taken?.norm ?? 0) / 3);
    expect(krum?.shares.filter((share) => share > 0)).toHaveLength(1);
    expect(clipped?.cosine).toBeLessThan(1);
    expect(fltrust).toMatchObject({ clean: null, error: { code: 'E-AGGREGATION' } });
    for (const { clean, error } of said) expect(clean === null).toBe(error !== null);
  });

  it('gives a rule with noise the noise of its round, each time the same', async () => {
    const { rounds } = await recordedRun(aggregator.parse({ kind: 'weak_dp', noise: 0.01 }));
    const [first] = rounds;
    if (!first) throw new Error('no round was kept');
    const once = await replayRound(first, tinyDataset, { rules: [], signal });
    expect(once).toEqual(await replayRound(first, tinyDataset, { rules: [], signal }));
  });

  it('leaves the run as it would be without', async () => {
    const { result, run } = await recordedRun();
    const plain = tinyRun(result.config);
    await plain.result;
    expect(run.checkpoints.at(-1)?.weights).toEqual(plain.checkpoints.at(-1)?.weights);
  });

  it('stops when it is told to', async () => {
    const { rounds } = await recordedRun();
    const stop = new AbortController();
    const [first] = rounds;
    if (!first) throw new Error('no round was kept');
    const replayed = replayRound(first, tinyDataset, {
      rules: [rule('median'), rule('krum')],
      signal: stop.signal,
      onProgress: (done) => {
        if (done === 1) stop.abort();
      },
    });
    await expect(replayed).rejects.toThrow('E-CANCELLED');
  });
});

describe('the rounds that are kept', () => {
  it('are the newest that fit, and none that a run went back behind', async () => {
    const { rounds } = await recordedRun();
    const [first] = rounds;
    if (!first) throw new Error('no round was kept');
    const kept = new RecordedRounds(2.5 * roundBytes(first));
    for (const round of [1, 2, 3, 4]) kept.take({ ...first, round });
    expect(kept.numbers).toEqual([3, 4]);
    kept.take({ ...first, round: 3 });
    expect(kept.numbers).toEqual([3]);
    expect(kept.find(4)).toBeNull();
    const small = new RecordedRounds(roundBytes(first) - 1);
    small.take(first);
    expect(small.numbers).toEqual([]);
  });
});
