/** The mean of the updates with the best Krum scores. Source: Blanchard et al., NeurIPS 2017, section 5 (m-Krum). */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import type { AggregatorDefinition } from './aggregator.ts';
import { adversariesAmong, assumed, byKrumScore, KRUM_PAPER } from './krum.ts';
import { combined } from './vectors.ts';

export const params = z.strictObject({
  kind: kind('multi_krum', 'Multi-Krum'),
  adversaries: assumed,
  selected: field(z.int().min(1).max(10000).nullable().default(null), {
    title: 'Taken',
    description: 'How many updates are averaged; empty takes all but the assumed adversaries.',
    unit: 'clients',
  }),
});

export const multiKrum: AggregatorDefinition<typeof params> = {
  id: 'multi_krum',
  title: 'Multi-Krum',
  description: 'The mean of the updates that are nearest to those around them.',
  paper: KRUM_PAPER,
  params,
  needsServerUpdate: false,
  tolerates: ({ adversaries, selected }, clients) =>
    selected === null || selected <= clients - adversaries ? adversariesAmong(adversaries, clients) : 0,
  aggregate: ({ adversaries, selected }, { updates }) => {
    const count = updates.length;
    const wanted = selected ?? count - adversariesAmong(adversaries, count);
    const taken = byKrumScore(updates, adversaries).slice(0, Math.max(1, wanted));
    const shares = updates.map((_, index) => (taken.includes(index) ? 1 / taken.length : 0));
    return { delta: combined(updates, shares), shares, memory: {} };
  },
};
