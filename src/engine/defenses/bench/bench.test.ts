import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { inputShapeOf } from '../../../core/models/input-of.ts';
import { unitGroups, withoutUnits } from '../../../core/models/units.ts';
import { nodeAssets } from '../../backend/assets.node.ts';
import { startBackend } from '../../backend/start.ts';
import { initialWeights } from '../../models/network.ts';
import { request } from '../defense.test-support.ts';
import { latentMap } from './latent-map.ts';
import { pruningCurve, steepFirst } from './pruning-curve.ts';

const tools = (signal = new AbortController().signal) => ({ signal, progress: () => undefined, seed: 3 });
const { weights, experiment, dataset } = request([]);

beforeAll(async () => {
  await startBackend('wasm', nodeAssets);
});

describe('a pruning curve', () => {
  it.each(['quiet', 'steep'] as const)(
    'in the %s order begins with the whole model, ends with one channel, and leaves no tensor',
    async (order) => {
      const before = tf.memory().numTensors;
      const { curve, units } = await pruningCurve(weights, experiment, dataset, order, tools());
      expect(tf.memory().numTensors).toBe(before);
      const groups = unitGroups(weights);
      const all = groups.reduce((sum, { channels }) => sum + channels, 0);
      expect(units).toHaveLength(order === 'steep' ? all : (groups.at(-1)?.channels ?? 0));
      expect(new Set(units).size).toBe(units.length);
      expect([curve.x.values[0], curve.x.values.at(-1)]).toEqual([0, units.length - 1]);
      for (const { values } of curve.lines) {
        expect(values).toHaveLength(curve.x.values.length);
        expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
      }
    },
  );

  it('takes the quiet channels of a residual network from its last block, not from the shortcut beside it', async () => {
    const residual = initialWeights('resnet8', inputShapeOf(dataset.info), dataset.info.classes.length, 1);
    const { units } = await pruningCurve(residual, experiment, dataset, 'quiet', tools());
    expect(units).toHaveLength(64);
    expect(units.every((name) => name.startsWith('layer3.0.conv2 '))).toBe(true);
  });

  it('takes the channel with the largest bound of its layer first, and a silent one after those that are not', () => {
    const [first = 0] = steepFirst(weights);
    const rest = steepFirst(withoutUnits(weights, [first]));
    expect(rest[0]).not.toBe(first);
    expect(rest.indexOf(first)).toBeGreaterThan(rest.length / 2);
  });
});

describe('latents in the plane', () => {
  it.each(['pca', 'umap'] as const)(
    'by %s are the same again from the same seed, and tell the triggered',
    async (map) => {
      const before = tf.memory().numTensors;
      const first = await latentMap(weights, experiment, dataset, map, tools());
      const again = await latentMap(weights, experiment, dataset, map, tools());
      expect(tf.memory().numTensors).toBe(before);
      expect(again.points).toEqual(first.points);
      expect(first.points.every(Number.isFinite)).toBe(true);
      expect(first.points).toHaveLength(2 * first.group.length);
      const bad = first.poisoned?.reduce((sum, one) => sum + one, 0) ?? 0;
      expect(bad).toBeGreaterThan(0);
      expect(bad).toBeLessThan(first.group.length);
    },
  );

  it('stop when they are told to', async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(latentMap(weights, experiment, dataset, 'umap', tools(abort.signal))).rejects.toMatchObject({
      code: 'E-CANCELLED',
    });
  });
});
