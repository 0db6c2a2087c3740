import { beforeAll, describe, expect, it } from 'vitest';
import { arrayOf, unitGroups } from '../../core/models/units.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { initialWeights } from '../models/network.ts';
import { channelBounds } from './clp.ts';
import { defend, quick, request } from './defense.test-support.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

describe('CLP', () => {
  it('prunes the one channel that amplifies far more than those beside it', async () => {
    const asked = request([quick('clp')], { control: null });
    const filters = arrayOf(asked.weights, 'conv2.weight');
    const size = filters.data.length / (filters.shape[0] ?? 1);
    for (let at = 7 * size; at < 8 * size; at++) filters.data[at] = (filters.data[at] ?? 0) * 10;
    const [result] = (await defend(asked)).results;
    const [conv1, conv2] = unitGroups(asked.weights);
    expect(conv1?.channels).toBe(20);
    expect(result?.flagged).toEqual([(conv2?.first ?? NaN) + 7]);
    expect(result?.verdict).toBe('repaired');
    const after =
      result?.weights && arrayOf(result.weights, 'conv2.weight').data.subarray(7 * size, 8 * size);
    expect(after && [...after].every((value) => value === 0)).toBe(true);
    expect(result?.metrics).toMatchObject({ pruned_units: 1, units: 70 });
    expect(result?.metrics['clean_n']).toBe(120);
  });

  it('counts the scale of the normalisation behind a convolution', () => {
    const weights = initialWeights('resnet8', [16, 16, 3], 4, 2);
    const [group] = unitGroups(weights);
    if (!group?.norm) throw new Error('the first convolution is normalised');
    const before = channelBounds(weights, group);
    arrayOf(weights, `${group.norm}.weight`).data[3] = -2;
    arrayOf(weights, `${group.norm}.running_var`).data[5] = 0.25 - group.epsilon;
    const after = channelBounds(weights, group);
    const growth = after.map((value, channel) => value / (before[channel] ?? NaN));
    expect(growth[3]).toBeCloseTo(2, 5);
    expect(growth[5]).toBeCloseTo(2, 4);
    expect(growth[0]).toBeCloseTo(1, 6);
  });
});
