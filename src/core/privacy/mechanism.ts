/**
 * What each step of private training does: every example is in the batch with the same chance (Poisson sampling), each
 * example’s gradient is clipped to a length, and Gaussian noise is added to their sum. Two data sets are neighbours when one
 * has one example more.
 */
export interface SampledGaussian {
  /** Chance of an example to be in a batch, (0, 1]. */
  samplingRate: number;
  /** Standard deviation of the noise, as a multiple of the clipping length, above 0. */
  noiseMultiplier: number;
}

/** An (ε, δ) guarantee: ε for the δ that was asked for. */
export interface Guarantee {
  epsilon: number;
  delta: number;
}
