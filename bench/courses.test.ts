import { describe, expect, it } from 'vitest';
import { isFlat } from './courses.ts';

const state = (tensors: number, tensorBytes = 80, heapBytes: number | null = 1000) => ({
  tensors,
  tensorBytes,
  heapBytes,
  scriptBytes: null,
});

describe('memory over a long run', () => {
  it('is flat when nothing grows after the first state', () => {
    expect(isFlat([state(9), state(9), state(8)])).toBe(true);
    expect(isFlat([state(9, 80, null), state(9, 80, null)])).toBe(true);
  });

  it.each([
    ['tensors', [state(9), state(9), state(10)]],
    ['bytes', [state(9, 80), state(9, 84)]],
    ['heap', [state(9, 80, 1000), state(9, 80, 1064)]],
    ['nothing to compare', [state(9)]],
  ])('is not with more %s', (_, states) => {
    expect(isFlat(states)).toBe(false);
  });
});
