import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { spectralDistance, type SpectralSimilarity } from '../objectives/spectral-distance.ts';
import { type Comparison, compared } from './compare.ts';
import { waveSpec } from './nested.ts';
import { wave, type WaveSpec } from './wave.ts';

const schema = z.object({
  latent: waveSpec,
  fixed_latent: waveSpec,
  norm: z.number(),
  cosine: z.number(),
});

/** The distance of latents to fixed ones, both kinds, and that latents have none to themselves. */
export function checkSpectralEvasion(document: unknown): Comparison[] {
  const reference = schema.parse(document);
  const distance = (a: WaveSpec, b: WaveSpec, kind: SpectralSimilarity): Float32Array =>
    tf.tidy(() =>
      spectralDistance(tf.tensor(wave(a), a.shape), tf.tensor(wave(b), b.shape), kind).dataSync<'float32'>(),
    );
  const { latent, fixed_latent: fixed } = reference;
  return [
    compared('norm', distance(latent, fixed, 'norm'), [reference.norm]),
    compared('cosine', distance(latent, fixed, 'cosine'), [reference.cosine]),
    compared('cosine with itself', distance(latent, latent, 'cosine'), [0]),
  ];
}
