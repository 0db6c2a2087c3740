import { describe, expect, it } from 'vitest';

import { decimate } from './decimate.ts';

const wave = (rows: number, speed: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => Math.sin(i * speed) + i / rows);

describe('decimate', () => {
  it('keeps every row of a short series', () => {
    expect([...decimate([wave(40, 0.3)], 250)]).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it('keeps about the asked number of rows, ascending, the first and the last among them', () => {
    const rows = decimate([wave(10_007, 0.3), wave(10_007, 0.05)], 250);
    expect(rows.length).toBeGreaterThan(150);
    expect(rows.length).toBeLessThanOrEqual(250);
    expect(rows[0]).toBe(0);
    expect(rows.at(-1)).toBe(10_006);
    expect([...rows]).toEqual([...new Set(rows)].sort((a, b) => a - b));
  });

  it('never loses a single spike, in any column', () => {
    const calm = new Float64Array(5000);
    const spiky = new Float64Array(5000);
    spiky[3217] = 8;
    calm[4001] = -3;
    const rows = [...decimate([calm, spiky], 60)];
    expect(rows).toContain(3217);
    expect(rows).toContain(4001);
  });

  it('keeps a gap a gap', () => {
    const values = wave(3000, 0.2).fill(Number.NaN, 1200, 1800);
    values[2500] = Number.NaN;
    const rows = decimate([values], 100);
    const missing = [...rows].filter((row) => Number.isNaN(values[row]));
    expect(missing.some((row) => row >= 1200 && row < 1800)).toBe(true);
    expect(missing).toContain(2500);
    expect(rows.length).toBeLessThanOrEqual(150);
  });

  it('keeps the ends of a series that is missing throughout', () => {
    const rows = decimate([new Float64Array(1000).fill(Number.NaN)], 50);
    expect(rows[0]).toBe(0);
    expect(rows.at(-1)).toBe(999);
  });

  it('takes no rows for none, and refuses what has no answer', () => {
    expect(decimate([], 10)).toHaveLength(0);
    expect(decimate([new Float64Array(0)], 10)).toHaveLength(0);
    expect(() => decimate([wave(3, 1), wave(4, 1)], 10)).toThrow(/one length/);
    expect(() => decimate([wave(3, 1)], 1)).toThrow(RangeError);
  });
});
