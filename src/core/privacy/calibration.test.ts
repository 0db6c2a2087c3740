import { describe, expect, it } from 'vitest';
import { epsilonAfter, noiseFor } from './accountant.ts';

describe('the noise for a guarantee', () => {
  const setting = { samplingRate: 0.01 };

  it('keeps it, and a little less noise does not', () => {
    const noiseMultiplier = noiseFor('rdp', 2, setting, 1000, 1e-5);
    expect(epsilonAfter('rdp', { ...setting, noiseMultiplier }, 1000, 1e-5)).toBeLessThanOrEqual(2);
    const less = { ...setting, noiseMultiplier: noiseMultiplier * 0.995 };
    expect(epsilonAfter('rdp', less, 1000, 1e-5)).toBeGreaterThan(2);
  });

  it('spends nothing before the first step, and all without noise', () => {
    expect(epsilonAfter('rdp', { ...setting, noiseMultiplier: 1 }, 0, 1e-5)).toBe(0);
    expect(epsilonAfter('rdp', { ...setting, noiseMultiplier: 0 }, 1, 1e-5)).toBe(Infinity);
  });

  it('is refused where none of use is enough', () => {
    expect(() => noiseFor('rdp', 1e-4, { samplingRate: 1 }, 1e9, 1e-9)).toThrow(/ε 0.0001/);
  });
});
