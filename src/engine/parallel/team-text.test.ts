import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../core/rng/random.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { sameBits } from '../kernels/wasm/test-support.ts';
import { initialWeights, Network } from '../models/network.ts';
import { relativeError } from '../reference/compare.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import { predictAll } from './predictions.ts';
import { shardedGradients } from './sharded-gradients.ts';
import { Team } from './team.ts';
import { localHelper } from './team.test-support.ts';

const SHAPE = [12, 50] as const;
const CLASSES = 3;

function texts(count: number): LabelledImages {
  const random = randomStream(0, 'texts', count);
  return {
    count,
    images: Float32Array.from({ length: count * 12 }, (_, at) => (at % 12 < 9 ? random.int(1, 49) : 0)),
    labels: Int32Array.from({ length: count }, (_, index) => index % CLASSES),
  };
}

/** Gradients and predictions, as numbers. */
async function work(team: Team, network: Network): Promise<Float32Array[]> {
  await team.take(network);
  await team.assembled();
  const [result] = await shardedGradients(team, [texts(70)]);
  if (!result) throw new Error('one batch, one gradient');
  const values = [result.loss, ...result.gradient].map((tensor) => tensor.dataSync<'float32'>());
  tf.dispose([result.loss, ...result.gradient]);
  return [...values, ...(await predictAll(network, team, [texts(130)]))];
}

describe('a team on texts', () => {
  let team = Team.alone();
  beforeAll(() => startBackend('wasm', nodeAssets));
  afterEach(() => team.dispose());

  it.each(['text_cnn', 'text_gru', 'text_transformer', 'lstm'])(
    'gives the same bits with a helper as alone, and what a whole batch gives up to rounding: %s',
    async (model) => {
      const network = new Network(initialWeights(model, SHAPE, CLASSES, 0));
      const alone = await work(Team.alone(), network);
      const { loss, gradient } = lossAndGradient(network, texts(70));
      for (const [index, tensor] of [loss, ...gradient].entries())
        expect(relativeError(alone[index] ?? [], tensor.dataSync()), `tensor ${index}`).toBeLessThan(1e-4);
      tf.dispose([loss, ...gradient]);
      const before = tf.memory().numTensors;
      await work(Team.alone(), network);
      expect(tf.memory().numTensors).toBe(before);
      team = new Team(() => localHelper().line, 1);
      const shared = await work(team, network);
      expect(shared.every((value, index) => sameBits(value, alone[index]))).toBe(true);
      network.dispose();
    },
  );

  it('leaves the same layers frozen on every thread', async () => {
    const weights = initialWeights('text_cnn', SHAPE, CLASSES, 0);
    const network = new Network(weights, ['embedding', 'convs.1']);
    const alone = await work(Team.alone(), network);
    expect(alone).toHaveLength(1 + 6 + 1);
    team = new Team(() => localHelper().line, 1);
    const shared = await work(team, network);
    expect(shared.every((value, index) => sameBits(value, alone[index]))).toBe(true);
    network.dispose();
  });
});
