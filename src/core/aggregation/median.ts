/** The middle of each value. Source: Yin et al., ICML 2018, definition 1. */
import { z } from 'zod';
import { kind } from '../config/schema-field.ts';
import type { AggregatorDefinition } from './aggregator.ts';
import { trimmedMeans } from './coordinates.ts';

export const params = z.strictObject({ kind: kind('median', 'Median') });

export const coordinateMedian: AggregatorDefinition<typeof params> = {
  id: 'median',
  title: 'Median',
  description:
    'For each value, the middle one of the updates; the mean of the two middle ones of an even count.',
  paper: {
    title: 'Byzantine-Robust Distributed Learning: Towards Optimal Statistical Rates',
    authors: 'Yin, Chen, Ramchandran, Bartlett',
    year: 2018,
    url: 'https://arxiv.org/abs/1803.01498',
  },
  params,
  needsServerUpdate: false,
  tolerates: (_, clients) => Math.floor((clients - 1) / 2),
  aggregate: (_, { updates }) => ({
    ...trimmedMeans(updates, Math.floor((updates.length - 1) / 2)),
    memory: {},
  }),
};
