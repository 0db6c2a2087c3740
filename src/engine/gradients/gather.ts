import * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../../core/errors.ts';
import { one, run, saved } from './layers.ts';

/**
 * tf.gather along one axis: each row of dy is added to the row it came from. On the wasm backend in the order of the
 * indices, so the same indices give the same bits.
 */
const gather: tf.GradConfig = {
  kernelName: 'GatherV2',
  inputsToSave: ['x', 'indices'],
  gradFunc: (dy, [x, indices], attributes) => {
    const { axis, batchDims } = attributes as unknown as { axis: number; batchDims: number };
    if (batchDims !== 0) {
      throw new LabError({
        code: 'E-SHAPE',
        what: 'A gather in batches cannot be differentiated.',
        why: `It has ${batchDims} batch dimensions.`,
        fix: 'Gather from one table at a time.',
      });
    }
    return {
      x: () => scatter(one(dy), saved(x).shape, saved(indices), axis),
      indices: () => tf.zerosLike(saved(indices)),
    };
  },
};

/** dy [...before, ...indices, ...after] into zeros [...before, size, ...after]. */
function scatter(dy: tf.Tensor, shape: readonly number[], indices: tf.Tensor, axis: number): tf.Tensor {
  const place = axis < 0 ? axis + shape.length : axis;
  const numSegments = shape[place] ?? 0;
  const before = tf.util.sizeFromShape(shape.slice(0, place));
  const after = tf.util.sizeFromShape(shape.slice(place + 1));
  const segmentIds = tf.reshape(indices, [indices.size]);
  const parts = tf.reshape(dy, [before, indices.size, after]);
  const rows = before === 1 ? parts : tf.transpose(parts, [1, 0, 2]);
  const x = tf.reshape(rows, [indices.size, before * after]);
  const sums = run('UnsortedSegmentSum', { x, segmentIds }, { numSegments });
  if (before === 1) return tf.reshape(sums, [...shape]);
  return tf.reshape(tf.transpose(tf.reshape(sums, [numSegments, before, after]), [1, 0, 2]), [...shape]);
}

export const gatherGradients: tf.GradConfig[] = [gather];
