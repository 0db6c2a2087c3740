/**
 * Fine-tuning with adaptive sharpness-aware minimisation. Source: Zhu et al., Enhancing Fine-Tuning Based Backdoor Defense,
 * ICCV 2023, section 4, equation 4; the adaptive radius is that of Kwon et al., ASAM, ICML 2021.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { params } from '../../../core/defenses/ft-sam.ts';
import type { LabelledImages } from '../../../core/training/images.ts';
import type { Network } from '../../models/network.ts';
import { lossAndGradient, type MeanGradient } from '../../objectives/loss-gradient.ts';
import type { DefenseRun } from '../context.ts';
import { tuned } from './tune.ts';

export const runFtSam: DefenseRun<typeof params> = async (context, settings) => {
  const weights = await tuned(context, context.weights, settings, {
    id: 'ft_sam',
    title: 'Loss at the worst place nearby',
    gradientOf: (network, batch) => sharpGradient(network, batch, settings.rho),
    onStep: context.progress,
  });
  return { verdict: 'repaired', score: null, flagged: [], metrics: {}, weights };
};

/**
 * The gradient where the loss is worst within a radius: weights w move by rho w² g / |w g|. The weights are as before
 * afterwards, and batch normalisation is told what the first pass saw.
 * @param rho in multiples of the weights' own sizes
 */
export function sharpGradient(network: Network, batch: LabelledImages, rho: number): MeanGradient {
  const first = lossAndGradient(network, batch);
  const before = network.variables.map((variable) => tf.clone(variable));
  tf.tidy(() => {
    const squares = first.gradient.map((slope, at) => tf.sum(tf.square(tf.mul(slope, before[at] ?? slope))));
    const norm = tf.sqrt(tf.addN(squares));
    const factor = tf.div(rho, tf.add(norm, 1e-12));
    network.variables.forEach((variable, at) => {
      const slope = first.gradient[at];
      if (slope) variable.assign(tf.add(variable, tf.mul(tf.mul(tf.square(variable), slope), factor)));
    });
  });
  const second = lossAndGradient(network, batch);
  network.variables.forEach((variable, at) => variable.assign(before[at] ?? variable));
  tf.dispose([...before, first.loss, ...first.gradient, ...second.statistics]);
  return { ...second, statistics: first.statistics };
}
