/**
 * The evasion of Spectral Signatures: latents are to stay where a clean model, which is never changed, has them. Source:
 * Bagdasaryan and Shmatikov, Blind Backdoors, USENIX Security 2021, section 6.4, and Backdoors 101.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { EvasionsConfig } from '../../core/config/schema.ts';
import type { ModelWeights, NamedArray } from '../../core/experiment/weights.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import { latents, latentWidth } from '../models/features.ts';
import { Network } from '../models/network.ts';
import { type Evasion, type EvasionBatch, type EvasionTerm, numbersOf } from './evasion.ts';
import { spectralDistance } from './spectral-distance.ts';

export class SpectralEvasion implements Evasion {
  private fixed: Network | null = null;
  private kept: readonly NamedArray[] = [];

  /** @param cleanModel makes the clean model, which takes as long as its training */
  constructor(
    private readonly config: EvasionsConfig['spectral_evasion'],
    private readonly cleanModel: (epochs: number) => Promise<ModelWeights>,
  ) {}

  async term(network: Network, { clean, triggered }: EvasionBatch): Promise<EvasionTerm> {
    this.fixed ??= await this.begin(network);
    const { fixed } = this;
    const { similarity, inputs } = this.config;
    const batch: LabelledImages = inputs === 'clean' ? clean : triggered;
    const latentsOf = (of: Network) => latents(of, of.batchOf(batch.images, batch.count));
    const target = await numbersOf(() => latentsOf(fixed));
    const shape: [number, number] = [batch.count, latentWidth(network)];
    return {
      objective: 'spectral_evasion',
      loss: (current) => spectralDistance(latentsOf(current), tf.tensor2d(target, shape), similarity),
    };
  }

  async state(): Promise<NamedArray[]> {
    return this.fixed ? (await this.fixed.weights()).parameters : [...this.kept];
  }

  restore(arrays: readonly NamedArray[]): void {
    this.kept = arrays;
  }

  dispose(): void {
    this.fixed?.dispose();
    this.fixed = null;
  }

  private async begin({ model, inputShape, classes }: Network): Promise<Network> {
    const { kept } = this;
    if (kept.length === 0) return new Network(await this.cleanModel(this.config.clean_epochs));
    return new Network({ model, inputShape, classes, parameters: [...kept] });
  }
}
