import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { nodeAssets } from '../../backend/assets.node.ts';
import { startBackend } from '../../backend/start.ts';
import { Optimizer } from '../../training/optimizer.ts';
import { defend, quick, request } from '../defense.test-support.ts';
import { aroundBound } from './abl.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

describe('ABL', () => {
  it('goes uphill where an example’s loss lies below the bound', async () => {
    const losses = tf.tensor1d([0.1, 0.9, 0.4]);
    const slopes = tf.grad((given: tf.Tensor) => tf.sum(aroundBound(given as tf.Tensor1D, 0.5)))(losses);
    expect([...(await slopes.data())]).toEqual([-1, 1, -1]);
    tf.dispose([losses, slopes]);
  });

  it('sets apart the share that it is told, and gives a model that was trained anew', async () => {
    const asked = request([quick('abl', { isolated: 0.1, epochs: 8 })], { control: null });
    const [result] = (await defend(asked)).results;
    const share = Math.round(0.1 * asked.dataset.train.count);
    expect(result?.flagged).toHaveLength(share);
    expect(result?.metrics['isolated']).toBe(share);
    expect(result?.metrics['clean_accuracy_after']).toBeGreaterThan(0.7);
    expect(result?.metrics['clean_accuracy_before']).toBeLessThan(0.7);
  });

  it('counts the steps of an optimizer over all stages that it serves, for the bias correction of Adam', async () => {
    const asked = request([quick('abl', { isolation_epochs: 2, epochs: 3, unlearning_epochs: 1 })], {
      control: null,
    });
    const applied = vi.spyOn(Optimizer.prototype, 'applyWeighted');
    try {
      await defend(asked);
      const steps = new Map<unknown, number[]>();
      applied.mock.contexts.forEach((optimizer, call) => {
        steps.set(optimizer, [...(steps.get(optimizer) ?? []), applied.mock.calls[call]?.[3] ?? NaN]);
      });
      expect(steps.size).toBe(2); // unlearning has one of its own
      for (const counted of steps.values()) expect(counted).toEqual(counted.map((_, at) => at + 1));
    } finally {
      applied.mockRestore();
    }
  });
});
