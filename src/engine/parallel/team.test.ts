import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../core/rng/random.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { initialWeights, Network } from '../models/network.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import { sameBits } from '../kernels/wasm/test-support.ts';
import { relativeError } from '../reference/compare.ts';
import { predictAll } from './predictions.ts';
import { shardCount, shardedGradients, shards } from './sharded-gradients.ts';
import { Team } from './team.ts';
import { type LocalHelper, localHelper } from './team.test-support.ts';

const SHAPE = [16, 18, 1] as const;
const CLASSES = 4;

function noise(count: number, purpose: string): LabelledImages {
  const random = randomStream(0, purpose);
  return {
    count,
    images: Float32Array.from({ length: count * 16 * 18 }, () => random.normal()),
    labels: Int32Array.from({ length: count }, (_, index) => index % CLASSES),
  };
}

const clean = noise(70, 'clean');
const poisoned = noise(65, 'poisoned');

const network = () => new Network(initialWeights('simplenet', SHAPE, CLASSES, 0));

/** Two rounds of gradients with a change of the weights between them, then predictions: everything as numbers. */
async function work(team: Team, between: () => void = () => undefined): Promise<Float32Array[]> {
  const trained = network();
  await team.take(trained);
  await team.assembled();
  const values: Float32Array[] = [];
  for (let round = 0; round < 2; round++) {
    const results = await shardedGradients(team, [clean, poisoned]);
    for (const { loss, gradient } of results) {
      values.push(loss.dataSync() as Float32Array, ...gradient.map((g) => g.dataSync() as Float32Array));
    }
    trained.variables.forEach((variable, index) =>
      tf.tidy(() => variable.assign(tf.sub(variable, results[0]?.gradient[index] ?? 0))),
    );
    team.changed();
    tf.dispose(results.map(({ loss, gradient }) => [loss, ...gradient]));
    between();
  }
  values.push(...(await predictAll(trained, team, [noise(300, 'test'), clean])));
  trained.dispose();
  return values;
}

function same(values: readonly Float32Array[], others: readonly Float32Array[]): boolean {
  return values.length === others.length && values.every((value, index) => sameBits(value, others[index]));
}

describe('a team', () => {
  let team = Team.alone();
  const helpers: LocalHelper[] = [];
  const withHelpers = (count: number) =>
    new Team(() => {
      const helper = localHelper();
      helpers.push(helper);
      return helper.line;
    }, count);

  beforeAll(() => startBackend('wasm', nodeAssets));
  afterEach(() => {
    team.dispose();
    helpers.length = 0;
  });

  it('computes what one thread computes without shards, up to rounding', async () => {
    team = Team.alone();
    const [first] = await work(team);
    const plain = network();
    const { loss, gradient } = lossAndGradient(plain, clean);
    expect(relativeError([...(first ?? [])], [...loss.dataSync()])).toBeLessThan(1e-5);
    tf.dispose([loss, [...gradient]]);
    plain.dispose();
  });

  it.each([1, 2, 3])('gives the same bits with %i helpers as alone', async (count) => {
    const alone = await work(Team.alone());
    team = withHelpers(count);
    expect(same(await work(team), alone)).toBe(true);
    expect(team.size).toBe(count + 1);
    for (const { asked } of helpers) expect(asked.filter(({ type }) => type === 'work')).toHaveLength(3);
  });

  it('does the work of a helper that crashes, and says why it was left out', async () => {
    const alone = await work(Team.alone());
    team = withHelpers(2);
    const values = await work(team, () => helpers[0]?.crash('out of memory'));
    expect(same(values, alone)).toBe(true);
    expect(team.size).toBe(2);
    expect(team.takeLosses()).toEqual(['out of memory']);
  });

  it('works without helpers where none can be started', async () => {
    const alone = await work(Team.alone());
    team = new Team(() => {
      throw new Error('no more threads');
    }, 2);
    expect(same(await work(team), alone)).toBe(true);
    expect(team.takeLosses()).toEqual(['no more threads', 'no more threads']);
  });

  it('leaves out a helper that hangs', async () => {
    const alone = await work(Team.alone());
    team = withHelpers(1);
    team.patience = 200;
    const values = await work(team, () => helpers[0]?.hang());
    expect(same(values, alone)).toBe(true);
    expect(team.takeLosses()).toEqual(['It gave no answer.']);
  });

  it('frees everything', async () => {
    await work(Team.alone());
    const before = tf.memory().numTensors;
    team = withHelpers(1);
    await work(team);
    const held = network();
    const ofHelper = held.variables.length;
    held.dispose();
    expect(tf.memory().numTensors).toBe(before + ofHelper); // the helper shares this thread here
  });
});

describe('shards', () => {
  it.each([
    [1, 1],
    [63, 1],
    [64, 2],
    [128, 4],
    [1000, 4],
  ])('cuts %i examples into %i', (examples, count) => {
    expect(shardCount(examples)).toBe(count);
  });

  it('keeps each example once, in order', () => {
    const parts = shards(clean);
    expect(parts.map(({ count }) => count)).toEqual([35, 35]);
    expect(parts.flatMap(({ labels }) => [...labels])).toEqual([...clean.labels]);
    expect(parts.flatMap(({ images }) => [...images])).toEqual([...clean.images]);
  });
});
