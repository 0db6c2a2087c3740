/** Masks of channels that a gradient can move: each multiplies its filter, or the scale of the normalisation behind it. */
import * as tf from '@tensorflow/tfjs-core';
import { type UnitGroup, unitGroups } from '../../../core/models/units.ts';
import type { Network } from '../../models/network.ts';

export class ChannelMasks {
  readonly groups: readonly UnitGroup[];
  readonly units: number;

  constructor(private readonly network: Network) {
    this.groups = unitGroups(network);
    this.units = this.groups.reduce((sum, { channels }) => sum + channels, 0);
  }

  /**
   * Logits with each channel's weight times `scales`, and its shift times `shifts`: a tensor [channels] for each group,
   * differentiable.
   * @param shifts null leaves the shifts
   */
  forward(
    inputs: tf.Tensor,
    scales: readonly tf.Tensor[],
    shifts: readonly tf.Tensor[] | null = null,
  ): tf.Tensor2D {
    const instead = new Map<string, tf.Tensor>();
    const put = (name: string, by: tf.Tensor | undefined): void => {
      if (by && this.has(name)) instead.set(name, tf.mul(this.network.arrayNamed(name), by));
    };
    this.groups.forEach(({ norm, layer }, at) => {
      put(`${norm ?? layer}.weight`, scales[at]);
      put(`${norm ?? layer}.bias`, shifts?.[at]);
    });
    return this.network.forwardWith(inputs, instead);
  }

  /** A value for each unit, as a tensor for each group. */
  parts(values: Float32Array): tf.Tensor1D[] {
    return this.groups.map(({ first, channels }) => tf.tensor1d(values.subarray(first, first + channels)));
  }

  /** A convolution without a bias has none to shift. */
  private has(name: string): boolean {
    return this.network.parameters.some(({ layout }) => layout.name === name);
  }
}

/** SGD with momentum on one array that is kept in [0, 1]. */
export class MaskDescent {
  readonly values: Float32Array;
  private readonly velocity: Float32Array;

  constructor(
    units: number,
    private readonly rate: number,
    private readonly momentum: number,
  ) {
    this.values = new Float32Array(units).fill(1);
    this.velocity = new Float32Array(units);
  }

  step(gradient: Float32Array): void {
    gradient.forEach((slope, unit) => {
      const next = this.momentum * (this.velocity[unit] ?? 0) + slope;
      this.velocity[unit] = next;
      this.values[unit] = Math.min(1, Math.max(0, (this.values[unit] ?? 0) - this.rate * next));
    });
  }
}

/** Units whose mask is at or below a threshold, the smallest first. */
export function belowThreshold(values: Float32Array, threshold: number): number[] {
  return [...values.keys()]
    .filter((unit) => (values[unit] ?? 1) <= threshold)
    .sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
}
