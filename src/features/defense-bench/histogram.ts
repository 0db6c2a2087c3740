/** Scores as histograms, and what a threshold among them does. */
import type { ScoresEvidence } from '../../core/defenses/evidence.ts';

export interface Bins {
  low: number;
  high: number;
  /** For each population, the share of its values in each bin. */
  shares: number[][];
}

/** Finite values of all populations over the same bins of equal width. */
export function binned(populations: ScoresEvidence['populations'], count: number): Bins {
  let [low, high] = [Infinity, -Infinity];
  for (const { values } of populations) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) [low, high] = [0, 1];
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const shares = populations.map(({ values }) => {
    const bins = new Array<number>(count).fill(0);
    const finite = values.filter(Number.isFinite);
    for (const value of finite) {
      const at = Math.min(count - 1, Math.floor(((value - low) / (high - low)) * count));
      bins[at] = (bins[at] ?? 0) + 1 / finite.length;
    }
    return bins;
  });
  return { low, high, shares };
}

export interface Flagged {
  name: string;
  population: ScoresEvidence['populations'][number]['population'];
  flagged: number;
  n: number;
}

/** How many of each population a threshold flags; a value at the threshold is not flagged, NaN was not judged. */
export function flaggedAt({ populations, flagged }: ScoresEvidence, threshold: number): Flagged[] {
  return populations.map(({ name, population, values }) => {
    const judged = values.filter((value) => !Number.isNaN(value));
    const over = judged.filter((value) => (flagged === 'above' ? value > threshold : value < threshold));
    return { name, population, flagged: over.length, n: judged.length };
  });
}
