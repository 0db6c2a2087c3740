import * as tf from '@tensorflow/tfjs-core';
import { hasWebgpuKernels } from '../kernels/webgpu/api.ts';
import { moveTowards } from '../kernels/webgpu/direct.ts';

/**
 * running = (1 - momentum) running + momentum batch, for each running statistic, in the order of the lists.
 * @param momenta the share of the batch in each, in [0, 1]
 */
export function moveStatistics(
  running: readonly tf.Variable[],
  batches: readonly tf.Tensor[],
  momenta: readonly number[],
): void {
  if (running.length !== batches.length || running.length !== momenta.length) {
    throw new Error('one mean and one variance a batch-norm layer');
  }
  if (hasWebgpuKernels()) {
    moveTowards(running, batches, momenta);
    return;
  }
  running.forEach((variable, index) => {
    const batch = batches[index];
    const momentum = momenta[index];
    if (!batch || momentum === undefined) throw new Error('lists of one length');
    tf.tidy(() => variable.assign(tf.add(tf.mul(variable, 1 - momentum), tf.mul(batch, momentum))));
  });
}
