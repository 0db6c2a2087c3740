/**
 * Batch normalisation in training (Ioffe and Szegedy, Batch Normalization, ICML 2015) as one operation with a gradient
 * of its own, so that a backend can put one kernel a direction in its place: see {@link BatchNormKernel}.
 */
import * as tf from '@tensorflow/tfjs-core';

export interface BatchNormOutput {
  /** In the shape of x. */
  y: tf.Tensor;
  /** [channels] mean of the batch. */
  mean: tf.Tensor1D;
  /** [channels] biased variance of the batch (divided by the count). */
  variance: tf.Tensor1D;
}

export interface BatchNormGradient {
  /** In the shape of x. */
  dx: tf.Tensor;
  /** [channels] */
  dGamma: tf.Tensor1D;
  /** [channels] */
  dBeta: tf.Tensor1D;
}

/**
 * The seam: both directions on one backend. x and dy are [..., channels], everything else [channels]. The tensors given
 * back are new and belong to the caller; the ones given are left as they are; what is made in between is disposed.
 */
export interface BatchNormKernel {
  /** y = gamma (x - mean) / sqrt(variance + epsilon) + beta. */
  forward(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): BatchNormOutput;
  /** The gradient through y alone, with the mean and variance that `forward` gave. */
  backward(
    dy: tf.Tensor,
    x: tf.Tensor,
    gamma: tf.Tensor,
    mean: tf.Tensor,
    variance: tf.Tensor,
    epsilon: number,
  ): BatchNormGradient;
}

/** Kernels by the name of their backend; {@link plainBatchNorm} where there is none. */
const kernels = new Map<string, () => BatchNormKernel | null>();

/**
 * Takes a kernel into use on a backend, in the place of the one before.
 * @param kernel asked at each use; null falls back on the plain one
 */
export function useBatchNormKernel(backend: string, kernel: () => BatchNormKernel | null): void {
  kernels.set(backend, kernel);
}

/**
 * Normalises each channel by the batch's own mean and variance. Differentiable in x, gamma and beta; mean and variance
 * are plain numbers for running statistics.
 * @param x [..., channels] float32
 * @param gamma [channels], beta [channels]
 * @param epsilon added to the variance, above 0
 * @returns y, a tensor as any other; `mean` and `variance`, which outlive every tidy scope: the caller disposes them
 */
export function batchNormTraining(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
): BatchNormOutput {
  const kernel = kernels.get(tf.getBackend())?.() ?? plainBatchNorm;
  const aside: { statistics: Omit<BatchNormOutput, 'y'> | null } = { statistics: null };
  const operation = tf.customGrad((...given) => {
    const [values, scale, shift, save] = given as unknown as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.GradSaveFunc,
    ];
    const { y, mean, variance } = kernel.forward(values, scale, shift, epsilon);
    aside.statistics = { mean: tf.keep(mean), variance: tf.keep(variance) };
    save([values, scale, mean, variance]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [input, factor, center, spread] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const { dx, dGamma, dBeta } = kernel.backward(dy, input, factor, center, spread, epsilon);
      return [dx, dGamma, dBeta];
    };
    return { value: y, gradFunc };
  });
  const y = operation(x, gamma, beta);
  if (!aside.statistics) throw new Error('batch normalisation without a forward pass');
  return { y, ...aside.statistics };
}

/** [1, channels] sum over the rows [n, channels], as a product: a reduction would first transpose on some backends. */
function columnSums(rows: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(tf.ones<tf.Rank.R2>([1, rows.shape[0]]), rows);
}

/** The twin for every backend, composed of stock operations. */
export const plainBatchNorm: BatchNormKernel = {
  forward: (x, gamma, beta, epsilon) =>
    tf.tidy(() => {
      const rows = asRows(x);
      const share = 1 / rows.shape[0];
      const mean = tf.mul(columnSums(rows), share);
      const centred = tf.sub<tf.Tensor2D>(rows, mean);
      const variance = tf.mul(columnSums(tf.square(centred)), share);
      const scale = tf.div(gamma, tf.sqrt(tf.add(variance, epsilon)));
      const y = tf.add(tf.mul(centred, scale), beta);
      return { y: tf.reshape(y, x.shape), mean: flat(mean), variance: flat(variance) };
    }),
  // With z the normalised x and n rows: dx = gamma / sd (dy - sum(dy) / n - z sum(dy z) / n).
  backward: (dy, x, gamma, mean, variance, epsilon) =>
    tf.tidy(() => {
      const gradient = asRows(dy);
      const share = 1 / gradient.shape[0];
      const deviation = tf.sqrt(tf.add(variance, epsilon));
      const normal = tf.div<tf.Tensor2D>(tf.sub(asRows(x), mean), deviation);
      const dBeta = columnSums(gradient);
      const dGamma = columnSums(tf.mul(gradient, normal));
      const away = tf.add(tf.mul(dBeta, share), tf.mul(normal, tf.mul(dGamma, share)));
      const dx = tf.mul(tf.sub(gradient, away), tf.div(gamma, deviation));
      return { dx: tf.reshape(dx, x.shape), dGamma: flat(dGamma), dBeta: flat(dBeta) };
    }),
};

function asRows(x: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape.at(-1) ?? 1]);
}

function flat(row: tf.Tensor): tf.Tensor1D {
  return tf.reshape(row, [row.size]);
}
