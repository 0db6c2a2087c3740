import * as tf from '@tensorflow/tfjs-core';
import { hasWasmKernels } from '../kernels/wasm/api.ts';
import { softmaxCrossEntropy } from '../kernels/wasm/direct.ts';
import { hasWebgpuKernels } from '../kernels/webgpu/api.ts';
import * as webgpu from '../kernels/webgpu/direct.ts';
import { crossEntropy, oneHotLabels } from './operations.ts';

/**
 * Cross-entropy of each example [n] from logits [n, classes] and labels in [0, classes)
 * (torch.nn.functional.cross_entropy with reduction 'none'). Differentiable in the logits. One pass gives loss and
 * gradient where the backend has such a kernel; elsewhere it is composed.
 */
export function labelCrossEntropy(logits: tf.Tensor2D, labels: Int32Array): tf.Tensor1D {
  const kernel = hasWasmKernels()
    ? softmaxCrossEntropy
    : hasWebgpuKernels()
      ? webgpu.softmaxCrossEntropy
      : null;
  if (!kernel) return crossEntropy(logits, oneHotLabels(labels, logits.shape[1]));
  const operation = tf.customGrad((z, save) => {
    const wanted = tf.tensor1d(labels, 'int32');
    const { loss, gradient } = kernel(z as tf.Tensor2D, wanted);
    wanted.dispose();
    (save as tf.GradSaveFunc)([gradient]);
    return {
      value: loss,
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(tf.reshape(dy, [-1, 1]), saved as tf.Tensor),
    };
  });
  return operation(logits);
}
