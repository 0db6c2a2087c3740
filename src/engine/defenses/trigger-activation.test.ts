import { beforeAll, describe, expect, it } from 'vitest';
import { arrayOf, unitGroups } from '../../core/models/units.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { defend, quick, request } from './defense.test-support.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

describe('trigger-activation change', () => {
  it('names the channel that the trigger moves, by as much as it moves it', async () => {
    const asked = request([quick('trigger_activation')], { control: null });
    // The first filter is the pixel at row 1, column 2 of its window, where the trigger is; the others are hardly anything.
    const { data } = arrayOf(asked.weights, 'conv1.weight');
    data.forEach((value, at) => (data[at] = value / 1000));
    data.fill(0, 0, 25);
    data[7] = 1;
    const [result] = (await defend(asked)).results;
    const [conv1] = unitGroups(asked.weights);
    expect(result?.flagged).toContain(conv1?.first);
    expect(result?.verdict).toBe('undecided');
    const bars = result?.evidence.find(({ id }) => id === 'conv1');
    const values = bars?.kind === 'bars' ? bars.bars.map(({ value }) => value) : [];
    // White is 4 normalised, and the dark pixels around it at most 0.2.
    expect(values[0]).toBeGreaterThan(3);
    expect(values[0]).toBeLessThan(5);
    expect(Math.max(...values.slice(1))).toBeLessThan(0.1);
  });
});
