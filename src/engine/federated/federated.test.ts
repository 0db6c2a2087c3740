import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../../core/config/schema.ts';
import type { Checkpoint } from '../../core/experiment/checkpoint.ts';
import type { RoundRecord } from '../../core/experiment/round.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { localHelper } from '../parallel/team.test-support.ts';
import { tinyConfig, tinyRun, type TinyRun } from '../training/run.test-support.ts';

type Federated = NonNullable<ExperimentInput['federated']>;

// Helpers of a test share its thread, and so its backend.
beforeAll(() => startBackend('wasm', nodeAssets));

const federated = (more: Federated = {}, attack: ExperimentInput['attack'] = {}) =>
  tinyConfig({
    training: { epochs: 2, batch_size: 4 },
    attack: { injection: { kind: 'batch', fraction: 0.5 }, ...attack },
    federated: {
      enabled: true,
      clients: 6,
      per_round: 4,
      local_epochs: 1,
      compromised: { clients: 2, always_present: true },
      client_test_examples: 8,
      ...more,
    },
  });

const roundsOf = (run: TinyRun): RoundRecord[] =>
  run.events.flatMap((event) => (event.type === 'round' ? [event.record] : []));

/** The last checkpoint’s weights, and the rounds without times. */
async function ended(config: ReturnType<typeof federated>, context: Parameters<typeof tinyRun>[1] = {}) {
  let last: Checkpoint | null = null;
  const storage = {
    save: (checkpoint: Checkpoint) => ((last = checkpoint), Promise.resolve()),
    load: () => Promise.resolve(null),
  };
  const run = tinyRun(config, { storage, ...context });
  await run.result;
  const kept = last as Checkpoint | null;
  const rounds = roundsOf(run).map((record) => ({
    ...record,
    seconds: 0,
    clients: record.clients.map((client) => ({ ...client, milliseconds: 0 })),
  }));
  return { run, rounds, weights: kept?.weights.parameters.map(({ data }) => data), checkpoint: kept };
}

const helpers = (count: number) => ({ helpers: { spawn: () => localHelper().line, count } });

describe('federated training', () => {
  it('gives the same model and the same rounds with one slot, two and four', async () => {
    const one = await ended(federated());
    expect(one.rounds).toHaveLength(2);
    for (const count of [1, 3]) {
      const more = await ended(federated(), helpers(count));
      expect(more.weights).toEqual(one.weights);
      expect(more.rounds).toEqual(one.rounds);
    }
  });

  it('gives the same when a helper dies in a round', async () => {
    const one = await ended(federated());
    const helper = localHelper();
    const config = federated();
    const other = await ended(config, {
      helpers: { spawn: () => helper.line, count: 1 },
      onEvent: (event) => {
        if (event.type === 'client' && event.round === 2) helper.crash('killed');
      },
    });
    expect(other.weights).toEqual(one.weights);
    expect(other.rounds).toEqual(one.rounds);
    expect(other.run.events.some(({ type }) => type === 'warning')).toBe(true);
  });

  it('keeps no tensor and goes on from a checkpoint as if it had never stopped', async () => {
    const before = tf.memory().numTensors;
    const config = federated({ aggregator: { kind: 'foolsgold' } });
    const whole = await ended(config);
    expect(tf.memory().numTensors).toBe(before);
    const checkpoints: Checkpoint[] = [];
    const storage = {
      save: (checkpoint: Checkpoint) => (checkpoints.push(structuredClone(checkpoint)), Promise.resolve()),
      load: () => Promise.resolve(null),
    };
    await tinyRun(config, { storage }).result;
    const middle = checkpoints.find(({ epoch, batch }) => epoch === 2 && batch === 0);
    expect(middle?.optimizer.length).toBeGreaterThan(0); // what FoolsGold remembers
    const resumed = await ended(config, { checkpoint: middle ?? null });
    expect(resumed.weights).toEqual(whole.weights);
  });

  it('names what each client did, and what came of it', async () => {
    const { rounds } = await ended(federated());
    const [first] = rounds;
    expect(first?.clients).toHaveLength(4);
    expect(first?.clients.filter(({ attacking }) => attacking)).toHaveLength(2);
    for (const client of first?.clients ?? []) {
      expect(client).toMatchObject({ fate: 'answers', attempts: 1, examples: 10, share: 0.25, scale: 1 });
      expect(client.histogram.reduce((sum, count) => sum + count, 0)).toBe(10);
      expect(client.norm).toBeGreaterThan(0);
      expect(client.cosine).toBeGreaterThan(0);
      expect(client.clean.n).toBe(8);
      expect(client.place).toHaveLength(2);
    }
    expect(first?.bytes.up).toBe(first?.bytes.down);
  });

  it('goes on without clients that drop out, are late or fail, and says so', async () => {
    const faults = { dropout: 0.3, stragglers: 0.2, failures: 0.3, retries: 2 };
    const { rounds } = await ended(federated({ faults, per_round: 6 }));
    const fates = rounds.flatMap(({ clients }) => clients.map(({ fate }) => fate));
    expect(new Set(fates).size).toBeGreaterThan(1);
    for (const { clients } of rounds)
      for (const { fate, norm } of clients) expect(norm === null).toBe(fate !== 'answers');
    const gone = await ended(federated({ faults: { dropout: 1 } }));
    expect(gone.run.events.filter(({ type }) => type === 'warning')).toHaveLength(2);
  });

  it('refuses updates that are absurd, names them, and goes on', async () => {
    const compromised = { clients: 1, always_present: true, scale: 1e8 };
    const { rounds, weights } = await ended(federated({ compromised, longest_update: 1000 }));
    const refused = rounds.map(({ clients }) => clients.filter(({ fate }) => fate === 'refused'));
    expect(refused.map(({ length }) => length)).toEqual([1, 1]);
    expect(refused[0]?.[0]).toMatchObject({ attacking: true, share: null });
    expect(refused[0]?.[0]?.why).toContain('is absurd');
    expect(weights?.every((data) => data.every(Number.isFinite))).toBe(true);
  });

  it('scales for replacement by how many there are and the server’s rate', async () => {
    const compromised = { clients: 1, always_present: true, scale: null };
    const { rounds } = await ended(federated({ compromised, server_rate: 0.5 }));
    const attackers = rounds.flatMap(({ clients }) => clients.filter(({ attacking }) => attacking));
    expect(attackers.map(({ scale }) => scale)).toEqual([8, 8]);
  });

  it.each([
    { behaviour: { kind: 'sign_flip' } },
    { behaviour: { kind: 'gaussian', deviation: 0.01 } },
    { anomaly_weight: 0.5 },
    { norm_bound: 0.01 },
    { avoid_top: 0.2 },
    { local_epochs: 2, learning_rate: 0.05 },
  ] as const)('attackers may %o', async (attack) => {
    const plain = await ended(federated());
    const { rounds, weights } = await ended(
      federated({ compromised: { clients: 2, always_present: true, ...attack } }),
    );
    expect(weights).not.toEqual(plain.weights);
    if ('norm_bound' in attack)
      for (const { attacking, norm } of rounds[0]?.clients ?? [])
        if (attacking) expect(norm).toBeLessThan(0.01001);
  });

  it('has a client do what a person says from the next round on, and goes on so from a checkpoint', async () => {
    const config = federated({ compromised: { clients: 0 } });
    const plain = await ended(config);
    const hand = { client: 3, present: true, trigger: true, scale: 5, learningRate: 0.3 };
    const byHand = await ended(config, {
      onEvent: (event, { controller }) => {
        if (event.type === 'round' && event.record.round === 1) controller.takeClient(hand);
      },
    });
    expect(byHand.rounds[0]).toEqual(plain.rounds[0]);
    expect(byHand.rounds[1]?.clients.find(({ client }) => client === 3)).toMatchObject({
      attacking: true,
      scale: 5,
    });
    expect(byHand.checkpoint?.interventions).toEqual([{ step: 2, client: hand }]);
    expect(byHand.checkpoint?.rounds?.map(({ round }) => round)).toEqual([1, 2]);
    expect((await byHand.run.result).rounds).toHaveLength(2);
    const longer = { ...config, training: { ...config.training, epochs: 3 } };
    const further = await ended(longer, { checkpoint: byHand.checkpoint });
    expect(further.rounds[0]?.clients.some(({ client, scale }) => client === 3 && scale === 5)).toBe(true);
    expect(further.checkpoint?.rounds).toHaveLength(3);
  });

  it('tells who is drawn, and who trains and is done, before the round is over', async () => {
    const { run } = await ended(federated());
    const told = run.events.filter((event) => 'round' in event && event.round === 1);
    const [drawn, ...clients] = told;
    if (drawn?.type !== 'drawn') throw new Error('nobody was drawn');
    expect(drawn.clients).toHaveLength(4);
    const words = clients.map((event) =>
      event.type === 'client' ? `${event.state} ${event.done}/${event.of}` : '',
    );
    expect(words).toEqual([0, 1, 2, 3].flatMap((n) => [`training ${n}/4`, `done ${n + 1}/4`]));
  });

  it('trains an update of the server’s own for FLTrust', async () => {
    const { rounds } = await ended(federated({ aggregator: { kind: 'fltrust', root_examples: 12 } }));
    const shares = rounds[0]?.clients.map(({ share }) => share ?? 0) ?? [];
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  });

  it('tells what clipping and noise promise a client, round by round, also when it goes on', async () => {
    const config = federated({ aggregator: { kind: 'weak_dp', bound: 0.5, noise: 0.2 } });
    const { run, checkpoint } = await ended(config);
    const { privacy, epochs } = await run.result;
    expect(privacy).toMatchObject({ unit: 'client', steps: 2, samplingRate: 4 / 6, noiseMultiplier: 1.6 });
    expect(epochs.at(-1)?.epsilon).toBe(privacy?.epsilon);
    expect(epochs[0]?.epsilon).toBeLessThan(privacy?.epsilon ?? 0);
    const longer = { ...config, training: { ...config.training, epochs: 3 } };
    const more = await tinyRun(longer, { checkpoint }).result;
    expect(more.privacy?.steps).toBe(3);
    expect((await tinyRun(federated()).result).privacy).toBeUndefined();
  });

  it('stops within a step when it is told to', async () => {
    const stop = new AbortController();
    const run = tinyRun(federated({ local_epochs: 50 }), {
      signal: stop.signal,
      onEvent: ({ type }) => {
        if (type === 'client') stop.abort();
      },
    });
    await expect(run.result).rejects.toThrow('E-CANCELLED');
    expect(run.events.filter(({ type }) => type === 'client').length).toBeLessThan(3);
  });
});
