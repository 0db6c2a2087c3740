/** Neural attention distillation. Source: Li et al., ICLR 2021, section 3, equations 1 to 5. */
import * as tf from '@tensorflow/tfjs-core';
import type { params } from '../../../core/defenses/nad.ts';
import { labelCrossEntropy } from '../../models/label-cross-entropy.ts';
import { Network } from '../../models/network.ts';
import { gradientOfLoss } from '../../objectives/evasion.ts';
import type { DefenseRun } from '../context.ts';
import { stepsOf } from './batches.ts';
import { tuned } from './tune.ts';

export const runNad: DefenseRun<typeof params> = async (context, settings) => {
  const { examples, batch_size, epochs, teacher_epochs, beta, power } = settings;
  const held = context.clean.count;
  const before = stepsOf(held, examples, batch_size, teacher_epochs);
  const total = before + stepsOf(held, examples, batch_size, epochs);
  const taught = await tuned(
    context,
    context.weights,
    { ...settings, epochs: teacher_epochs },
    {
      id: 'nad-teacher',
      title: 'Loss of the teacher while it is tuned',
      onStep: (done) => context.progress(done, total),
    },
  );
  const teacher = new Network(taught);
  try {
    const weights = await tuned(context, context.weights, settings, {
      id: 'nad',
      title: 'Loss of the student, with the difference of attention',
      gradientOf: (network, batch) =>
        gradientOfLoss(network, (student) => {
          const inputs = student.batchOf(batch.images, batch.count);
          const own = attended(student, inputs, power);
          const wanted = attended(teacher, inputs, power).maps;
          const apart = own.maps.map((map, at) => tf.mean(tf.square(tf.sub(map, wanted[at] ?? map))));
          const loss = tf.mean<tf.Scalar>(labelCrossEntropy(own.logits, batch.labels));
          return apart.reduce<tf.Scalar>((sum, one) => tf.add(sum, tf.mul(one, beta)), loss);
        }),
      onStep: (done) => context.progress(before + done, total),
    });
    return { verdict: 'repaired', score: null, flagged: [], metrics: {}, weights };
  } finally {
    teacher.dispose();
  }
};

/**
 * Logits, and where a network looks: for each resolution the last map of the layers of that height and width, as
 * [n, height x width] of length 1 each. Differentiable in the parameters.
 */
export function attended(
  network: Network,
  inputs: tf.Tensor,
  power: number,
): { logits: tf.Tensor2D; maps: tf.Tensor2D[] } {
  const last = new Map<string, tf.Tensor>();
  const outer = new Set(network.layers);
  const logits = network.forwardWith(inputs, new Map(), (layer, output) => {
    const [, height = 0, width = 0] = output.shape;
    if (output.rank === 4 && outer.has(layer)) last.set(`${height} ${width}`, output);
    return output;
  });
  const maps = [...last.values()].map((map) => {
    const count = map.shape[0] ?? 0;
    const raised = power === 2 ? tf.square(map) : tf.pow(tf.abs(map), power);
    const flat = tf.reshape(tf.mean(raised, 3), [count, -1]);
    const length = tf.sqrt(tf.add(tf.sum(tf.square(flat), 1, true), 1e-12));
    return tf.div<tf.Tensor2D>(flat, length);
  });
  return { logits, maps };
}
