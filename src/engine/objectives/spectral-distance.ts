/** How far latents are from those of a fixed clean model. */
import * as tf from '@tensorflow/tfjs-core';

export type SpectralSimilarity = 'norm' | 'cosine';

/** Keeps the gradient of a length finite where two latents are the same. */
const TINY = 1e-12;

/**
 * For latents [n, width] each: `norm`, the mean L2 distance; `cosine`, 1 - the mean cosine (Backdoors 101,
 * `spectral_evasion`). Differentiable in both.
 */
export function spectralDistance(
  latent: tf.Tensor,
  fixed: tf.Tensor,
  similarity: SpectralSimilarity,
): tf.Scalar {
  if (similarity === 'norm') return tf.mean(lengths(tf.sub(latent, fixed)));
  const cosine = tf.div(tf.sum(tf.mul(latent, fixed), 1), tf.mul(lengths(latent), lengths(fixed)));
  return tf.sub(1, tf.mean(cosine));
}

function lengths(rows: tf.Tensor): tf.Tensor {
  return tf.sqrt(tf.add(tf.sum(tf.square(rows), 1), TINY));
}
