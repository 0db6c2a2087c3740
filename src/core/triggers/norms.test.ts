import { describe, expect, it } from 'vitest';
import type { ImageShape } from '../datasets/dataset.ts';
import { perturbationNorms, summarizeNorms } from './norms.ts';

const SHAPE: ImageShape = { height: 1, width: 2, channels: 3 };

describe('perturbationNorms', () => {
  it('counts a pixel once whatever its channels, and measures each channel', () => {
    const original = new Float32Array(12);
    const changed = Float32Array.of(0.5, -0.25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    expect(perturbationNorms(original, changed, SHAPE)).toEqual([
      { l0: 1, l2: Math.sqrt(0.3125), lInfinity: 0.5 },
      { l0: 1, l2: 1, lInfinity: 1 },
    ]);
  });

  it('measures bytes in units of full brightness', () => {
    const original = Uint8Array.of(0, 0, 0, 200, 200, 200);
    const changed = Uint8Array.of(51, 0, 0, 200, 98, 200);
    const [norms] = perturbationNorms(original, changed, SHAPE);
    expect(norms?.l0).toBe(2);
    expect(norms?.l2).toBeCloseTo(Math.hypot(0.2, 0.4), 12);
    expect(norms?.lInfinity).toBeCloseTo(0.4, 12);
  });

  it('refuses lengths or types that differ, and part of an image', () => {
    expect(() => perturbationNorms(new Uint8Array(6), new Uint8Array(12), SHAPE)).toThrow('E-SHAPE');
    expect(() => perturbationNorms(new Uint8Array(5), new Uint8Array(5), SHAPE)).toThrow('E-SHAPE');
    expect(() => perturbationNorms(new Uint8Array(6), new Float32Array(6), SHAPE)).toThrow('E-SHAPE');
  });
});

describe('summarizeNorms', () => {
  it('takes the mean of L0 and L2 and the largest L-infinity', () => {
    const summary = summarizeNorms([
      { l0: 2, l2: 1, lInfinity: 0.5 },
      { l0: 5, l2: 2, lInfinity: 0.25 },
    ]);
    expect(summary).toEqual({ l0: 3.5, l2: 1.5, lInfinity: 0.5 });
  });

  it('is 0 for no images', () => {
    expect(summarizeNorms([])).toEqual({ l0: 0, l2: 0, lInfinity: 0 });
  });
});
