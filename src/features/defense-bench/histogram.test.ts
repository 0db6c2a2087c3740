import { describe, expect, it } from 'vitest';
import type { ScoresEvidence } from '../../core/defenses/evidence.ts';
import { binned, flaggedAt } from './histogram.ts';

const evidence = (flagged: 'above' | 'below'): ScoresEvidence => ({
  kind: 'scores',
  id: 'scores',
  title: 'Scores',
  axis: 'bits',
  populations: [
    { name: 'clean', population: 'clean', values: Float64Array.of(1, 2, 3, NaN) },
    { name: 'triggered', population: 'backdoor', values: Float64Array.of(0, 0.5, 2) },
  ],
  threshold: 1,
  flagged,
});

describe('scores with a threshold', () => {
  it('are binned together, each population as shares of its own', () => {
    const { low, high, shares } = binned(evidence('below').populations, 3);
    expect([low, high]).toEqual([0, 3]);
    expect(shares[0]?.map((share) => Math.round(3 * share))).toEqual([0, 1, 2]);
    expect(shares[1]?.map((share) => Math.round(3 * share))).toEqual([2, 0, 1]);
  });

  it('flag the side that is suspicious, without what lies on the line or was not judged', () => {
    expect(flaggedAt(evidence('below'), 1).map(({ flagged, n }) => [flagged, n])).toEqual([
      [0, 3],
      [2, 3],
    ]);
    expect(flaggedAt(evidence('above'), 1).map(({ flagged }) => flagged)).toEqual([2, 1]);
  });

  it('have bins even where there is nothing, or one value alone', () => {
    expect(binned([], 2)).toEqual({ low: 0, high: 1, shares: [] });
    const same = [{ name: 'a', population: 'clean' as const, values: Float64Array.of(2, 2) }];
    const { low, high, shares } = binned(same, 2);
    expect(low).toBeLessThan(2);
    expect(high).toBeGreaterThan(2);
    expect(shares[0]?.reduce((sum, share) => sum + share)).toBe(1);
  });
});
