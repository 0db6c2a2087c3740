import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { spectralDistance } from '../objectives/spectral-distance.ts';
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
  return tf.tidy(() => {
    const rows = (spec: WaveSpec): tf.Tensor => tf.tensor(wave(spec), spec.shape);
    const [latent, fixed] = [rows(reference.latent), rows(reference.fixed_latent)];
    const kinds = ['norm', 'cosine'] as const;
    return [
      ...kinds.map((kind) =>
        compared(kind, spectralDistance(latent, fixed, kind).dataSync(), [reference[kind]]),
      ),
      compared('cosine with itself', spectralDistance(latent, latent, 'cosine').dataSync(), [0]),
    ];
  });
}
