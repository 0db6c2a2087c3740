/** The slow, obvious twin of batch normalisation, for tests: loops over indices in double precision. */
import { at } from './twin-shapes.ts';

export interface BatchNormValues {
  /** [..., channels]. */
  x: Float32Array;
  dy: Float32Array;
  /** [channels]. */
  gamma: Float32Array;
  beta: Float32Array;
}

/** Calls `each` with every index of the channel. */
function along(values: BatchNormValues, channel: number, each: (index: number) => void): void {
  const channels = values.gamma.length;
  for (let i = channel; i < values.x.length; i += channels) each(i);
}

export function slowBatchNorm(values: BatchNormValues, epsilon: number, relu: boolean) {
  const { x, gamma, beta } = values;
  const count = x.length / gamma.length;
  const mean = new Float64Array(gamma.length);
  const variance = new Float64Array(gamma.length);
  const y = new Float64Array(x.length);
  for (let c = 0; c < gamma.length; c += 1) {
    along(values, c, (i) => (mean[c] = at(mean, c) + at(x, i) / count));
    along(values, c, (i) => (variance[c] = at(variance, c) + (at(x, i) - at(mean, c)) ** 2 / count));
    along(values, c, (i) => {
      const value =
        (at(gamma, c) * (at(x, i) - at(mean, c))) / Math.sqrt(at(variance, c) + epsilon) + at(beta, c);
      y[i] = relu && value < 0 ? 0 : value;
    });
  }
  return { y, mean, variance };
}

/**
 * dy through the batch's own mean and variance: dx = gamma / sd (dz - mean(dz) - z mean(dz z)), z the normalised x.
 * With ReLU, dy counts where `y`, the output under test, is above zero.
 */
export function slowBatchNormGradient(
  values: BatchNormValues,
  epsilon: number,
  y: ArrayLike<number>,
  relu: boolean,
) {
  const { x, dy, gamma } = values;
  const count = x.length / gamma.length;
  const { mean, variance } = slowBatchNorm(values, epsilon, false);
  const dx = new Float64Array(x.length);
  const dGamma = new Float64Array(gamma.length);
  const dBeta = new Float64Array(gamma.length);
  for (let c = 0; c < gamma.length; c += 1) {
    const deviation = Math.sqrt(at(variance, c) + epsilon);
    const z = (i: number) => (at(x, i) - at(mean, c)) / deviation;
    const passed = (i: number) => (relu && at(y, i) <= 0 ? 0 : at(dy, i));
    along(values, c, (i) => {
      dGamma[c] = at(dGamma, c) + passed(i) * z(i);
      dBeta[c] = at(dBeta, c) + passed(i);
    });
    along(values, c, (i) => {
      dx[i] =
        (at(gamma, c) / deviation) * (passed(i) - at(dBeta, c) / count - (z(i) * at(dGamma, c)) / count);
    });
  }
  return { dx, dGamma, dBeta };
}
