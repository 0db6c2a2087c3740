/**
 * The evasion of Neural Cleanse: the trigger that it would find on the target label is sought beside the training, and the
 * network learns to read inputs under it as what they are, so that no small one is left to find. Source: Bagdasaryan and
 * Shmatikov, Blind Backdoors, USENIX Security 2021, section 6.2, and Backdoors 101 for the numbers.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { EvasionsConfig } from '../../core/config/schema.ts';
import type { NamedArray } from '../../core/experiment/weights.ts';
import { randomStream } from '../../core/rng/random.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import type { Network } from '../models/network.ts';
import { AdamSearch } from './adam-search.ts';
import type { Evasion, EvasionBatch, EvasionTerm } from './evasion.ts';
import { masked } from './mask-and-pattern.ts';
import { searchPoint } from './trigger-search.ts';

export class NeuralCleanseEvasion implements Evasion {
  /** Of the mask, at the last step of the search. */
  maskNorm = NaN;
  private raw: { mask: Float32Array; pattern: Float32Array } | null = null;
  private search: AdamSearch | null = null;
  private kept: readonly NamedArray[] = [];

  constructor(
    private readonly config: EvasionsConfig['neural_cleanse'],
    private readonly seed: number,
  ) {}

  async term(network: Network, { clean, triggered, step }: EvasionBatch): Promise<EvasionTerm | null> {
    const { search_steps: steps, restart_every: restart, mask_norm: weight } = this.config;
    const anew = restart !== null && (step - 1) % restart === 0;
    if (anew || !this.search) this.begin(network, anew ? step : null);
    const { raw, search } = this;
    if (!raw || !search) throw new Error('a search has begun');
    const wanted = { ...clean, labels: triggered.labels };
    for (let done = 0; done < steps; done++) {
      const point = await searchPoint(network, wanted, raw, {
        weight,
        p: this.config.p === 2 ? 2 : 1,
      });
      this.maskNorm = point.maskNorm;
      // What is not finite comes from the network, whose own losses tell.
      if (Number.isFinite(point.total)) search.step([point.maskGradient, point.patternGradient]);
    }
    return { objective: 'neural_cleanse', batch: await underMask(network, clean, raw) };
  }

  state(): Promise<NamedArray[]> {
    return Promise.resolve(this.search?.state() ?? [...this.kept]);
  }

  restore(arrays: readonly NamedArray[]): void {
    this.kept = arrays;
  }

  dispose(): void {
    this.search = null;
  }

  /** Mask and pattern from uniform numbers in [0, 1), as in Backdoors 101; or those of a checkpoint. */
  private begin({ inputShape }: Network, anewAt: number | null): void {
    const [height = 0, width = 0, channels = 1] = inputShape;
    const random = randomStream(this.seed, 'trigger search', anewAt ?? 0);
    const uniform = (length: number): Float32Array => Float32Array.from({ length }, () => random.next());
    this.raw = { mask: uniform(height * width), pattern: uniform(height * width * channels) };
    this.search = new AdamSearch([this.raw.mask, this.raw.pattern], this.config.search_rate);
    if (anewAt === null) this.search.restore(this.kept);
    this.kept = [];
  }
}

/** The batch under the mask, with its own labels. */
async function underMask(
  network: Network,
  batch: LabelledImages,
  raw: { mask: Float32Array; pattern: Float32Array },
): Promise<LabelledImages> {
  const [height = 0, width = 0, channels = 1] = network.inputShape;
  const found = tf.tidy(() =>
    masked(
      network.batchOf(batch.images, batch.count),
      tf.tensor(raw.mask, [height, width]),
      tf.tensor(raw.pattern, [height, width, channels]),
    ),
  );
  const images = (await found.data()) as Float32Array;
  found.dispose();
  return { ...batch, images };
}
