import { beforeAll, describe, expect, it } from 'vitest';
import { nodeAssets } from '../../backend/assets.node.ts';
import { startBackend } from '../../backend/start.ts';
import { defend, quick, request } from '../defense.test-support.ts';
import { brighter, standardized } from './scale-up.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

describe('SCALE-UP', () => {
  it('multiplies pixels and cuts at white, each channel in its own scale', () => {
    // Pixels 0.5, 0.2 | 0, 0.4 of two channels.
    const scale = { mean: [0.5, 0.2], deviation: [0.25, 0.5] };
    const images = Float32Array.of(0, 0, -2, 0.4);
    // 1, 0.6 | 0, 1.2, which is cut.
    const found = brighter(images, 3, scale);
    [2, 0.8, -2, 1.6].forEach((value, at) => expect(found[at]).toBeCloseTo(value, 5));
  });

  it('measures consistency in the deviations of the class that is said', () => {
    const clean = { said: [0, 0, 1, 1, 2], values: Float64Array.of(0.2, 0.4, 0.6, 0.8, 0.5) };
    const standard = standardized(clean, 3);
    const [first, second, rare] = standard({ said: [0, 1, 2], values: Float64Array.of(0.4, 0.6, 0.5) });
    const spread = Math.SQRT2 * 0.1;
    expect(first).toBeCloseTo(0.1 / spread, 9);
    expect(second).toBeCloseTo(-0.1 / spread, 9);
    // One example says nothing of its class: by all five, whose mean is 0.5.
    expect(rare).toBeCloseTo(0, 9);
  });

  it('judges without clean images by the consistency as it is', async () => {
    const asked = [
      quick('scale_up', { setting: 'data_free', threshold: 0.99, factors: [2, 3, 4, 5] }),
      quick('scale_up'),
    ];
    const [free, limited] = (await defend(request(asked, { control: null }))).results;
    const scores = free?.evidence.find(({ kind }) => kind === 'scores');
    const shares = scores?.kind === 'scores' ? [...(scores.populations[1]?.values ?? [])] : [];
    expect(shares.length).toBe(free?.metrics['inputs']);
    expect(shares.every((share) => [0, 0.25, 0.5, 0.75, 1].includes(share))).toBe(true);
    expect(free?.flagged.length).toBe(shares.filter((share) => share === 1).length);
    expect(limited?.metrics['calibration_n']).toBe(10);
  });
});
