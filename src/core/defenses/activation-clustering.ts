/** Activation Clustering: its parameters. Source: Chen et al., SafeAI 2019 (arXiv 2018), sections 4 and 5. */
import { z } from 'zod';
import { count, field, fraction, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';
import { retrain } from './filter-fields.ts';

export const params = z.strictObject({
  kind: kind('activation_clustering', 'Activation Clustering'),
  reduction: field(z.enum(['ica', 'pca']).default('pca'), {
    title: 'Reduction',
    description:
      'Latents are reduced to their independent components, or to their principal ones, before they are clustered.',
  }),
  dimensions: field(count.max(100).default(10), {
    title: 'Dimensions',
    description: 'How many components remain.',
  }),
  analysis: field(
    z
      .enum(['silhouette_and_size', 'silhouette', 'size', 'smaller', 'reclassify'])
      .default('silhouette_and_size'),
    {
      title: 'Which cluster is poisoned',
      description:
        'The smaller of the two, where they are well apart and of unlike size; where one of the two holds; in every label (ART’s default); or where a model trained without it says that it is of another label (exclusionary reclassification).',
    },
  ),
  silhouette: field(z.number().min(-1).max(1).default(0.1), {
    title: 'Silhouette',
    description: 'Two clusters are well apart over this mean silhouette. The paper finds 0.10 to 0.15.',
  }),
  size: field(fraction.default(0.4), {
    title: 'Relative size',
    description: 'Clusters are of unlike size where the smaller holds less than this share of the label.',
  }),
  reclassification: field(z.number().min(0).max(1000).default(1), {
    title: 'Reclassification',
    description:
      'A cluster is poisoned where a model trained without it gives its own label to fewer of it than so many times the commonest other one.',
  }),
  retrain,
});

export type ActivationClusteringParams = z.output<typeof params>;

export const activationClustering: DefenseDefinition<typeof params> = {
  id: 'activation_clustering',
  title: 'Activation Clustering',
  description:
    'Splits the latents of each label into two clusters: where some are there for their own look and others for a trigger, the two lie apart.',
  kind: 'filters_data',
  paper: {
    title: 'Detecting Backdoor Attacks on Deep Neural Networks by Activation Clustering',
    authors: 'Chen, Carvalho, Baracaldo, Ludwig, Edwards, Lee, Molloy, Srivastava',
    year: 2018,
    url: 'https://arxiv.org/abs/1811.03728',
  },
  params,
  needs: { input: 'any', cleanExamples: 0, trainingSet: true, convolution: false, classes: 2 },
  variants: [
    {
      id: 'paper',
      title: 'Independent components',
      description: 'The reduction that the paper found the better one.',
      params: { reduction: 'ica' },
    },
    {
      id: 'art',
      title: 'ART',
      description: 'The smaller cluster of every label is taken for poisoned.',
      params: { analysis: 'smaller' },
    },
    {
      id: 'reclassification',
      title: 'Exclusionary reclassification',
      description: 'Trains a model without the smaller clusters, and asks it what they are.',
      params: { analysis: 'reclassify' },
    },
  ],
  deviations: [
    'Latents are reduced to principal components: independent ones are all scaled alike, so that those of nothing weigh as much as those of the trigger.',
    'A cluster is flagged where silhouette and relative size both say so; the paper looks at each of them by itself.',
    'The silhouette is that of at most 1,000 examples of a label.',
    'Exclusionary reclassification leaves out the smaller cluster of every label at once, and trains one model instead of one for each.',
  ],
  score: { title: 'Largest silhouette of a label whose smaller cluster is flagged', bound: null },
  flags: 'examples',
};
