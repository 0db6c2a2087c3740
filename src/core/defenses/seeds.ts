/** One defense over several seeds. */
import { median } from '../statistics/moments.ts';
import type { DefenseResult } from './result.ts';

/** What one seed said. */
export interface SeedOfDefense {
  seed: number;
  result: DefenseResult;
}

/** The seed whose score is the (lower) median of all; the first where the method has no score. */
export function middleSeed(runs: readonly SeedOfDefense[]): SeedOfDefense | null {
  const scored = runs.filter(({ result }) => result.score !== null);
  const middle = median(
    scored.map(({ result }) => result.score ?? NaN),
    'lower',
  );
  return scored.find(({ result }) => result.score === middle) ?? runs[0] ?? null;
}

/** A defense for programs: without evidence and weights, which are not text. */
export type DefenseFigures = Omit<DefenseResult, 'evidence' | 'weights'>;

export function figuresOf({ evidence, weights, ...figures }: DefenseResult): DefenseFigures {
  void [evidence, weights];
  return figures;
}

/** With several seeds, the entry is that of the middle one, and `seeds` has what each said. */
export function defenseToJson(
  runs: readonly SeedOfDefense[],
):
  | (DefenseFigures & { seed: number; seeds?: (Omit<DefenseFigures, 'id' | 'metrics'> & { seed: number })[] })
  | null {
  const middle = middleSeed(runs);
  if (!middle) return null;
  const entry = { ...figuresOf(middle.result), seed: middle.seed };
  if (runs.length < 2) return entry;
  return {
    ...entry,
    seeds: runs.map(({ seed, result }) => {
      const { verdict, score, flagged, seconds, control } = result;
      return { seed, verdict, score, flagged, seconds, control };
    }),
  };
}
