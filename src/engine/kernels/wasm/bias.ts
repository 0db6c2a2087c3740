/** A bias along the last axis and a rectifier, each pass over the values doing both. Usable while `hasWasmKernels()`. */
import * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../../../core/errors.ts';
import { currentInstance } from './api.ts';
import type { KernelInstance } from './instance.ts';
import { floatOutput } from './kernel.ts';

/**
 * x + bias, with what is negative set to 0 when `relu`.
 * @param x float32 [..., channels]
 * @param bias float32 [channels]
 * @throws LabError E-SHAPE
 */
export function biased(x: tf.Tensor, bias: tf.Tensor, relu: boolean): tf.Tensor {
  const { rows, channels } = fit(x, bias);
  const instance = currentInstance();
  const y = floatOutput(instance, x.shape);
  instance.kernels.addBias(
    instance.address(x),
    instance.address(bias),
    instance.address(y),
    rows,
    channels,
    relu ? 1 : 0,
  );
  return tensorOf(y, instance);
}

/**
 * The gradients of `biased` from those of its result.
 * @param dy shaped as x
 * @param y the result, when it was rectified; null for a bias alone, whose dx is dy
 * @param channels of the bias
 * @throws LabError E-SHAPE
 */
export function biasedGradients(
  dy: tf.Tensor,
  y: tf.Tensor | null,
  channels: number,
): { dx: tf.Tensor; dBias: tf.Tensor } {
  const rows = dy.size / channels;
  if (!Number.isInteger(rows) || dy.dtype !== 'float32' || (y && y.size !== dy.size))
    throw misfit(dy, channels);
  const instance = currentInstance();
  const dBias = floatOutput(instance, [channels]);
  const dx = y ? floatOutput(instance, dy.shape) : null;
  const sums = instance.scratch(channels * 4);
  instance.kernels.addBiasBackprop(
    instance.address(dy),
    y ? instance.address(y) : 0,
    dx ? instance.address(dx) : 0,
    instance.address(dBias),
    rows,
    channels,
    y ? 1 : 0,
    sums,
  );
  return { dx: dx ? tensorOf(dx, instance) : tf.clone(dy), dBias: tensorOf(dBias, instance) };
}

function tensorOf(info: tf.TensorInfo, { backend }: KernelInstance): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(info, backend);
}

function fit(x: tf.Tensor, bias: tf.Tensor): { rows: number; channels: number } {
  const channels = x.shape.at(-1) ?? 1;
  if (x.dtype !== 'float32' || bias.dtype !== 'float32' || bias.size !== channels) throw misfit(x, bias.size);
  return { rows: channels === 0 ? 0 : x.size / channels, channels };
}

function misfit(x: tf.Tensor, channels: number): LabError {
  return new LabError({
    code: 'E-SHAPE',
    what: 'A bias does not fit what it is added to.',
    why: `The values are ${x.dtype} [${x.shape.join(', ')}], the bias has ${channels} channels.`,
    fix: 'Give float32 values and one bias a channel, the last axis.',
  });
}
