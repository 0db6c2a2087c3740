/** Our kernels in the place of the composed batch normalisation in training: see engine/models/batch-norm.ts. */
import * as tf from '@tensorflow/tfjs-core';
import type { BatchNormKernel } from '../../models/batch-norm.ts';
import { batchNormGradient, batchNormTraining } from './batch-norm.ts';
import { biasedVariance } from './channel-moments.ts';

export const wasmBatchNorm: BatchNormKernel = {
  forward(x, gamma, beta, epsilon) {
    const { y, moments } = batchNormTraining(x, { gamma, beta, epsilon, relu: false });
    return {
      y,
      mean: tf.tensor1d(Float32Array.from(moments.mean)),
      variance: tf.tensor1d(Float32Array.from(biasedVariance(moments))),
    };
  },
  backward(dy, x, gamma, mean, variance, epsilon) {
    const count = x.size / gamma.size;
    const moments = {
      count,
      mean: Float64Array.from(mean.dataSync()),
      squares: Float64Array.from(variance.dataSync(), (value) => value * count),
    };
    // Without ReLU the shift does not matter, so any tensor of the channels will do.
    return batchNormGradient(x, dy, moments, { gamma, beta: gamma, epsilon, relu: false });
  },
};
