import { describe, expect, it } from 'vitest';

import { difference } from './difference.ts';

describe('the difference of two images', () => {
  it('is grey where nothing changed, lighter where brighter, darker where darker', () => {
    const result = difference(Uint8Array.of(10, 200, 30, 90), Uint8Array.of(10, 0, 130, 90), 1);
    expect([...result.pixels]).toEqual([128, 1, 192, 128]);
    expect(result.gain).toBeCloseTo(127 / 200, 12);
    expect(result.changed).toBe(2);
  });

  it('enlarges a faint change until it can be seen', () => {
    const result = difference(Uint8Array.of(50, 50), Uint8Array.of(53, 49), 1);
    expect([...result.pixels]).toEqual([255, 86]);
    expect(result.gain).toBeCloseTo(127 / 3, 12);
  });

  it('counts a pixel once, whatever its channels', () => {
    const result = difference(Uint8Array.of(1, 2, 3, 4, 5, 6), Uint8Array.of(1, 9, 9, 4, 5, 6), 3);
    expect(result.changed).toBe(1);
    expect(difference(Uint8Array.of(7), Uint8Array.of(7), 1)).toMatchObject({ gain: 1, changed: 0 });
  });

  it('refuses images of different sizes', () => {
    expect(() => difference(Uint8Array.of(1), Uint8Array.of(1, 2), 1)).toThrow(/E-SHAPE/);
    expect(() => difference(Uint8Array.of(1, 2), Uint8Array.of(1, 2), 3)).toThrow(/E-SHAPE/);
  });
});
