/**
 * Clients whose updates have long been alike count less: sybils serve one goal. Source: Fung, Yoon and Beschastnikh, The
 * Limitations of Federated Learning in Sybil Settings, RAID 2020, algorithm 1.
 * Deviations: likeness is judged on the last layer, as the paper advises, so that the memory of a thousand clients stays
 * small; the weighted sum is divided by the number of updates, as a mean is.
 */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import type { AggregatorDefinition, AggregatorMemory, Update } from './aggregator.ts';
import { combined, cosines, gramOf } from './vectors.ts';

export const params = z.strictObject({
  kind: kind('foolsgold', 'FoolsGold'),
  confidence: field(z.number().gt(0).max(100).default(1), {
    title: 'Confidence',
    description: 'How sharply alike clients are told from others (the paper’s κ).',
  }),
});

export const foolsGold: AggregatorDefinition<typeof params> = {
  id: 'foolsgold',
  title: 'FoolsGold',
  description:
    'The more a client’s updates, over all rounds, point where another’s point, the less they count.',
  paper: {
    title: 'The Limitations of Federated Learning in Sybil Settings',
    authors: 'Fung, Yoon, Beschastnikh',
    year: 2020,
    url: 'https://www.usenix.org/conference/raid2020/presentation/fung',
  },
  params,
  needsServerUpdate: false,
  tolerates: () => 0,
  aggregate: ({ confidence }, { updates, lastLayer, memory }) => {
    const kept: AggregatorMemory = { ...memory };
    const histories = updates.map((update): Update => {
      const history = withHistory(update, lastLayer, memory);
      kept[keyOf(update)] = history;
      return { ...update, delta: history };
    });
    const weights = trust(cosines(gramOf(histories)), confidence);
    const shares = weights.map((weight) => weight / updates.length);
    return { delta: combined(updates, shares), shares, memory: kept };
  },
};

const keyOf = ({ client }: Update): string => `client/${client}`;

function withHistory(
  update: Update,
  [from, to]: readonly [number, number],
  memory: AggregatorMemory,
): Float32Array {
  const before = memory[keyOf(update)];
  return update.delta.slice(from, to).map((value, at) => value + (before?.[at] ?? 0));
}

/** How far each is trusted, [0, 1], from how alike they are. One client alone is trusted. */
function trust(alike: readonly (readonly number[])[], confidence: number): number[] {
  if (alike.length < 2) return alike.map(() => 1);
  const most = (row: readonly number[], self: number): number =>
    Math.max(...row.filter((_, other) => other !== self));
  const nearest = alike.map(most);
  // An honest client that resembles a sybil is pardoned: its likeness counts less than that of the sybils.
  const pardoned = alike.map((row, i) =>
    row.map((cosine, j) => {
      const [own, theirs] = [nearest[i] ?? 0, nearest[j] ?? 0];
      return theirs > own && theirs > 0 ? (cosine * own) / theirs : cosine;
    }),
  );
  const raw = pardoned.map((row, i) => clamp(1 - most(row, i)));
  const highest = Math.max(...raw);
  return raw.map((value) => {
    const relative = highest > 0 ? Math.min(value / highest, 0.99) : 0;
    return relative <= 0 ? 0 : clamp(confidence * (Math.log(relative / (1 - relative)) + 0.5));
  });
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));
