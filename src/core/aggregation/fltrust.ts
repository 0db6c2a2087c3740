/**
 * Updates count by how far they point where the server’s own update points. Source: Cao, Fang, Liu and Gong, FLTrust,
 * NDSS 2021, equations 2 to 4.
 */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import { LabError } from '../errors.ts';
import type { AggregatorDefinition } from './aggregator.ts';
import { combined, dot, lengthOf } from './vectors.ts';

export const params = z.strictObject({
  kind: kind('fltrust', 'FLTrust'),
  root_examples: field(z.int().min(1).max(100000).default(100), {
    title: 'Server’s examples',
    description: 'How many clean training examples the server holds itself. The paper uses 100.',
    unit: 'examples',
  }),
});

export const flTrust: AggregatorDefinition<typeof params> = {
  id: 'fltrust',
  title: 'FLTrust',
  description:
    'The server trains on a few clean examples too; updates that point elsewhere than its own are left out.',
  paper: {
    title: 'FLTrust: Byzantine-robust Federated Learning via Trust Bootstrapping',
    authors: 'Cao, Fang, Liu, Gong',
    year: 2021,
    url: 'https://arxiv.org/abs/2012.13995',
  },
  params,
  needsServerUpdate: true,
  // Whatever the clients send, the result is no longer than the server’s own update.
  tolerates: (_, clients) => clients,
  aggregate: (_, { updates, server }) => {
    if (!server) throw withoutServer();
    const length = lengthOf(server);
    const lengths = updates.map(({ delta }) => lengthOf(delta));
    const trusts = updates.map(({ delta }, index) => {
      const lengthsOfBoth = (lengths[index] ?? 0) * length;
      return lengthsOfBoth > 0 ? Math.max(0, dot(delta, server) / lengthsOfBoth) : 0;
    });
    const all = trusts.reduce((sum, trust) => sum + trust, 0);
    const shares = trusts.map((trust) => (all > 0 ? trust / all : 0));
    const weights = shares.map((share, index) => (share > 0 ? (share * length) / (lengths[index] ?? 1) : 0));
    return { delta: combined(updates, weights), shares, memory: {} };
  },
};

function withoutServer(): LabError {
  return new LabError({
    code: 'E-AGGREGATION',
    what: 'FLTrust cannot judge these updates.',
    why: 'It compares them with an update of the server’s own, and the server trained none in this round.',
    fix: 'Give the server clean examples (federated.aggregator.root_examples), or take another rule.',
  });
}
