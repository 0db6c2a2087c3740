/** The update that its neighbours are nearest to. Source: Blanchard et al., NeurIPS 2017, section 4. */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import type { Paper } from '../paper.ts';
import type { AggregatorDefinition, Update } from './aggregator.ts';
import { combined, gramOf, squaredDistances } from './vectors.ts';

export const KRUM_PAPER: Paper = {
  title: 'Machine Learning with Adversaries: Byzantine Tolerant Gradient Descent',
  authors: 'Blanchard, El Mhamdi, Guerraoui, Stainer',
  year: 2017,
  url: 'https://papers.nips.cc/paper/6617-machine-learning-with-adversaries-byzantine-tolerant-gradient-descent',
};

export const assumed = field(z.int().min(0).max(10000).default(1), {
  title: 'Assumed adversaries',
  description:
    'How many updates of a round may be hostile. The paper’s proof wants more than twice as many clients plus two; with fewer it is lowered.',
  unit: 'clients',
});

export const params = z.strictObject({ kind: kind('krum', 'Krum'), adversaries: assumed });

export const krum: AggregatorDefinition<typeof params> = {
  id: 'krum',
  title: 'Krum',
  description: 'One update alone: the one that is nearest to those around it.',
  paper: KRUM_PAPER,
  params,
  needsServerUpdate: false,
  tolerates: ({ adversaries }, clients) => adversariesAmong(adversaries, clients),
  aggregate: ({ adversaries }, { updates }) => {
    const best = byKrumScore(updates, adversaries)[0] ?? 0;
    const shares = updates.map((_, index) => (index === best ? 1 : 0));
    return { delta: combined(updates, shares), shares, memory: {} };
  },
};

/** As many as the proof allows: 2 f + 2 < n. */
export function adversariesAmong(assumedOnes: number, clients: number): number {
  return Math.max(0, Math.min(assumedOnes, Math.floor((clients - 3) / 2)));
}

/** Places of the updates, best first: the sum of squared distances to the n - f - 2 nearest others; earlier ones first. */
export function byKrumScore(updates: readonly Update[], adversaries: number): number[] {
  const count = updates.length;
  const neighbours = Math.max(1, count - adversariesAmong(adversaries, count) - 2);
  const scores = squaredDistances(gramOf(updates)).map((row, i) =>
    row
      .filter((_, j) => j !== i)
      .sort((a, b) => a - b)
      .slice(0, neighbours)
      .reduce((sum, distance) => sum + distance, 0),
  );
  return updates.map((_, index) => index).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b);
}
