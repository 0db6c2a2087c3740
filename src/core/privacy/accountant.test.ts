import { describe, expect, it } from 'vitest';
import { inverse, transform } from './fft.ts';
import { normalCdf } from './normal.ts';
import { prvEpsilon } from './prv.ts';
import { epsilonOfRdp, ORDERS, rdpCurve, rdpOfStep } from './rdp.ts';

const rdpEpsilon = (samplingRate: number, noiseMultiplier: number, steps: number, delta: number): number =>
  epsilonOfRdp(
    rdpCurve({ samplingRate, noiseMultiplier }).map((divergence) => divergence * steps),
    delta,
  ).epsilon;

/**
 * Published figures. TensorFlow Privacy: compute_dp_sgd_privacy_test.py (943ef91). Opacus: tests/accountants_test.py.
 * dp_accounting: rdp_privacy_accountant_test.py (0b109e9).
 */
const PUBLISHED = [
  {
    source: 'TensorFlow Privacy',
    rate: 150 / 60000,
    noise: 1.3,
    steps: 6000,
    delta: 1e-5,
    epsilon: 0.7242234026,
  },
  {
    source: 'TensorFlow Privacy',
    rate: 100 / 100000,
    noise: 1,
    steps: 30000,
    delta: 1e-7,
    epsilon: 1.4154988495,
  },
  { source: 'Opacus', rate: 0.04, noise: 1.5, steps: 2250, delta: 1e-5, epsilon: 7.3291111714 },
  { source: 'dp_accounting', rate: 1, noise: 4.530877117, steps: 1, delta: 1e-6, epsilon: 1 },
];

describe('Rényi accounting', () => {
  it.each(PUBLISHED)('agrees with $source: ε $epsilon', ({ rate, noise, steps, delta, epsilon }) => {
    const found = rdpEpsilon(rate, noise, steps, delta);
    expect(Math.abs(found / epsilon - 1)).toBeLessThan(0.01);
  });

  it('agrees with the divergences that dp_accounting lists for 50 steps at rate 0.01 and noise 2.5', () => {
    const mechanism = { samplingRate: 0.01, noiseMultiplier: 2.5 };
    for (const [order, divergence] of [
      [2.5, 1.0854871e-3],
      [5, 2.18075656e-3],
      [50, 2.38460375e-2],
      [100, 1.67416308e2],
    ] as const)
      expect((50 * rdpOfStep(mechanism, order)) / divergence).toBeCloseTo(1, 3);
  });

  it('is that of the Gaussian mechanism without sampling, and nothing where nobody is sampled', () => {
    expect(rdpOfStep({ samplingRate: 1, noiseMultiplier: 2 }, 3)).toBeCloseTo(3 / 8, 12);
    expect(rdpOfStep({ samplingRate: 0, noiseMultiplier: 2 }, 3)).toBe(0);
    // The integral goes over into the closed form.
    expect(rdpOfStep({ samplingRate: 1 - 1e-9, noiseMultiplier: 2 }, 3)).toBeCloseTo(3 / 8, 6);
  });

  it('holds for tiny noise and large orders', () => {
    for (const order of ORDERS)
      expect(Number.isFinite(rdpOfStep({ samplingRate: 0.01, noiseMultiplier: 0.3 }, order))).toBe(true);
  });
});

describe('accounting by the privacy loss', () => {
  it('of many Gaussian steps is that of one with less noise', () => {
    const [steps, sigma] = [400, 30];
    const one = sigma / Math.sqrt(steps);
    const epsilon = 2;
    const delta =
      normalCdf(0.5 / one - epsilon * one) - Math.exp(epsilon) * normalCdf(-0.5 / one - epsilon * one);
    const found = prvEpsilon({ samplingRate: 1, noiseMultiplier: sigma }, steps, delta);
    expect(Math.abs(found.epsilon - found.error - epsilon)).toBeLessThan(found.error);
  });

  it('of one sampled step is what the two densities say, integrated plainly', () => {
    for (const [q, sigma, epsilon] of [
      [0.3, 1, 0.4],
      [0.05, 0.7, 0.2],
      [0.9, 2, 0.5],
    ] as const) {
      const density = (z: number): number =>
        Math.exp(-(z ** 2) / (2 * sigma ** 2)) / (sigma * Math.sqrt(2 * Math.PI));
      let [removed, added] = [0, 0];
      const step = 1e-3;
      for (let z = -12 * sigma; z < 1 + 12 * sigma; z += step) {
        const without = density(z);
        const withIt = (1 - q) * without + q * density(z - 1);
        removed += Math.max(0, withIt - Math.exp(epsilon) * without) * step;
        added += Math.max(0, without - Math.exp(epsilon) * withIt) * step;
      }
      const found = prvEpsilon({ samplingRate: q, noiseMultiplier: sigma }, 1, Math.max(removed, added));
      expect(Math.abs(found.epsilon - found.error - epsilon)).toBeLessThan(found.error);
    }
  });

  it('is exact for one Gaussian step, where δ is known in closed form (Balle and Wang, 2018)', () => {
    for (const sigma of [0.8, 2, 5]) {
      const epsilon = 1.5 / sigma;
      const delta =
        normalCdf(0.5 / sigma - epsilon * sigma) -
        Math.exp(epsilon) * normalCdf(-0.5 / sigma - epsilon * sigma);
      const found = prvEpsilon({ samplingRate: 1, noiseMultiplier: sigma }, 1, delta);
      expect(Math.abs(found.epsilon - found.error - epsilon)).toBeLessThan(found.error);
    }
  });

  it.each(PUBLISHED)('is never above Rényi accounting by more than its error: $source', (one) => {
    const mechanism = { samplingRate: one.rate, noiseMultiplier: one.noise };
    const { epsilon, error } = prvEpsilon(mechanism, one.steps, one.delta);
    expect(epsilon - error).toBeLessThan(one.epsilon);
    expect(epsilon).toBeGreaterThan(0.6 * one.epsilon);
    expect(error).toBeLessThan(0.021);
  });
});

describe('the parts', () => {
  it('the transform of a shifted point is a wave, and the way back is exact', () => {
    const real = new Float64Array(16);
    const imaginary = new Float64Array(16);
    real[3] = 1;
    transform(real, imaginary);
    for (let k = 0; k < 16; k++) {
      expect(real[k]).toBeCloseTo(Math.cos((2 * Math.PI * 3 * k) / 16), 12);
      expect(imaginary[k]).toBeCloseTo(-Math.sin((2 * Math.PI * 3 * k) / 16), 12);
    }
    inverse(real, imaginary);
    for (const [index, value] of real.entries()) expect(value).toBeCloseTo(index === 3 ? 1 : 0, 12);
  });

  it('the normal distribution is exact in its middle and its tails', () => {
    expect(normalCdf(0)).toBe(0.5);
    expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 13);
    expect(normalCdf(-3.1) / 9.676032132183561e-4).toBeCloseTo(1, 10);
    expect(normalCdf(-10) / 7.619853024160527e-24).toBeCloseTo(1, 10);
    expect(normalCdf(50)).toBe(1);
  });
});
