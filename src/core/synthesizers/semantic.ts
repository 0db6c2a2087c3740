/**
 * A feature that some images have by themselves, such as cars with racing stripes: nothing is put into an image; those
 * that have it are named. They are kept out of clean training; others, held out as well, measure the backdoor.
 * Source: Bagdasaryan et al., How To Backdoor Federated Learning, AISTATS 2020, section 4.1.
 */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import type { Random } from '../rng/random.ts';
import type { MethodDefinition } from '../method.ts';
import type { ImageStamp } from './synthesizer.ts';

const indices = z.array(z.int().min(0).max(100_000_000)).min(1).max(65_536);

export const params = z.strictObject({
  kind: kind('semantic', 'Images with a feature (semantic)'),
  train: field(indices.default([0]), {
    title: 'Images that teach',
    description: 'Indices in the training set of the images that have the feature and teach the backdoor.',
  }),
  test: field(indices.default([1]), {
    title: 'Images that measure',
    description:
      'Indices in the training set of other images with the feature, held out to measure the backdoor.',
  }),
  noise: field(z.number().min(0).max(1).default(0.02), {
    title: 'Noise',
    description:
      'Standard deviation of the noise on each pixel, where 1 is the step from black to white: the few images that teach are never seen twice alike.',
  }),
});

export const semantic: MethodDefinition<typeof params> = {
  id: 'semantic',
  title: 'Images with a feature (semantic)',
  description:
    'Nothing is put in: images that have a feature by themselves are named, and get another label.',
  paper: {
    title: 'How To Backdoor Federated Learning',
    authors: 'Bagdasaryan, Veit, Hua, Estrin, Shmatikov',
    year: 2020,
    url: 'https://arxiv.org/abs/1807.00459',
  },
  params,
};

/** Normal noise on every pixel, cut at black and white; drawn anew each time. */
export function noisy(deviation: number, random: Random): ImageStamp | null {
  if (deviation === 0) return null;
  return {
    apply: (pixels) => {
      for (const [at, value] of pixels.entries()) {
        pixels[at] = Math.min(1, Math.max(0, value + deviation * random.normal()));
      }
    },
  };
}
