/** SCAn: its parameters. Source: Tang et al., Demon in the Variant, USENIX Security 2021, section 4. */
import { z } from 'zod';
import { count, field, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';
import { retrain } from './filter-fields.ts';

export const params = z.strictObject({
  kind: kind('scan', 'SCAn'),
  clean: field(count.max(100000).default(2000), {
    title: 'Clean examples',
    description: 'At most so many of the defender’s say how latents vary within a class.',
    unit: 'examples',
  }),
  dimensions: field(count.max(500).default(40), {
    title: 'Dimensions',
    description: 'Latents are reduced to so many principal components before their variation is measured.',
  }),
  index: field(
    z
      .number()
      .min(0)
      .max(1000)
      .default(Math.E ** 2),
    {
      title: 'Anomaly index',
      description: 'Labels over it are taken for poisoned; e² as published.',
    },
  ),
  retrain,
});

export type ScanParams = z.output<typeof params>;

export const scan: DefenseDefinition<typeof params> = {
  id: 'scan',
  title: 'SCAn',
  description:
    'Learns from clean examples how latents vary within any class, and asks of each label whether one group or two explain it better.',
  kind: 'filters_data',
  paper: {
    title: 'Demon in the Variant: Statistical Analysis of DNNs for Robust Backdoor Contamination Detection',
    authors: 'Tang, Wang, Tang, Zhang',
    year: 2021,
    url: 'https://arxiv.org/abs/1908.00686',
  },
  params,
  needs: { input: 'any', cleanExamples: 100, trainingSet: true, convolution: false, classes: 3 },
  variants: [],
  deviations: [
    'The variation within classes is their pooled covariance; the paper refines it by expectation and maximisation, which hardly moves it with hundreds of examples a class.',
    'Latents are reduced to their principal components, since that covariance has no inverse otherwise.',
    'Of the two groups of a label, the poisoned one is that with the smaller share of the defender’s clean examples of this label.',
  ],
  score: { title: 'Anomaly index of the label that two groups explain best', bound: Math.E ** 2 },
  flags: 'examples',
};
