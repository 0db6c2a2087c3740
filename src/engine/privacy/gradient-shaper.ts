/**
 * What private training and gradient shaping do to the gradients of a step: clip those of single examples, or that of the
 * whole step, and add noise. Sources: Abadi et al., Deep Learning with Differential Privacy, CCS 2016, algorithm 1; Hong
 * et al., On the Effectiveness of Mitigating Data Poisoning Attacks with Gradient Shaping, 2020.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { PrivacyConfig } from '../../core/config/schema-privacy.ts';
import { normalValues } from '../../core/rng/normal-values.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import type { Network } from '../models/network.ts';
import type { MeanGradient } from '../objectives/loss-gradient.ts';
import { tensorsLike } from '../parallel/flat-values.ts';
import { clippedGradient } from './clipped-gradient.ts';

interface Shape {
  /** Whose gradients are clipped. */
  each: 'example' | 'batch';
  /** Longest gradient, above 0. */
  clip: number;
  /** Deviation of the noise on each value of the sum of examples’ gradients, or of the step where that is clipped whole. */
  deviation: number;
  /** What sums are divided by; null takes the size of the batch. */
  divisor: number | null;
}

export class GradientShaper {
  constructor(
    private readonly seed: number,
    private readonly shape: Shape,
  ) {}

  /**
   * Private training: sums are divided by the size that a batch is expected to have, for the true one would tell of examples.
   * @param noiseMultiplier deviation of the noise, in clips
   */
  static private(seed: number, clip: number, noiseMultiplier: number, expected: number): GradientShaper {
    return new GradientShaper(seed, {
      each: 'example',
      clip,
      deviation: noiseMultiplier * clip,
      divisor: expected,
    });
  }

  static withoutGuarantee(
    seed: number,
    { each, clip, sigma }: Extract<PrivacyConfig, { kind: 'gradient_shaping' }>,
  ): GradientShaper {
    return new GradientShaper(seed, { each, clip, deviation: sigma, divisor: null });
  }

  /** Whether gradients come from `gradientOf`; else the step is clipped whole, by `factor`. */
  get perExample(): boolean {
    return this.shape.each === 'example';
  }

  /** The clipped gradients of a batch’s examples, added and divided; 0 of an empty batch. All tensors belong to the caller. */
  gradientOf(network: Network, batch: LabelledImages): MeanGradient {
    const { clip, divisor } = this.shape;
    if (batch.count === 0)
      return {
        loss: tf.scalar(0),
        gradient: network.variables.map((variable) => tf.zerosLike(variable)),
        statistics: [],
      };
    const { loss, gradient, lengths } = clippedGradient(network, batch, clip);
    lengths.dispose();
    const scaled = tf.tidy(() => gradient.map((sum) => tf.mul(sum, 1 / (divisor ?? batch.count))));
    tf.dispose(gradient);
    return { loss, gradient: scaled, statistics: [] };
  }

  /**
   * What the step is multiplied by so that it is no longer than the clip; 1 where examples were clipped.
   * @param weights of the objectives
   * @param gram inner products of their gradients
   */
  factor(weights: readonly number[], gram: readonly (readonly number[])[]): number {
    if (this.perExample) return 1;
    let square = 0;
    for (const [row, products] of gram.entries())
      for (const [column, product] of products.entries())
        square += (weights[row] ?? 0) * (weights[column] ?? 0) * product;
    const length = Math.sqrt(Math.max(0, square));
    return length > this.shape.clip ? this.shape.clip / length : 1;
  }

  /**
   * The noise of a step, a tensor for each variable of the network; the caller’s.
   * @param step 1 for the first of the run
   * @param count examples of its batch
   */
  noise(network: Network, step: number, count: number): tf.Tensor[] {
    const { deviation, divisor, each } = this.shape;
    const by = each === 'batch' ? 1 : (divisor ?? Math.max(1, count));
    const values = normalValues(this.seed, network.parameterCount, deviation / by, 'gradient noise', step);
    return tensorsLike(network.variables, values);
  }
}
