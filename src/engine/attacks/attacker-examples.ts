/** Training examples that an attacker on the weights looks at, as they are and with the trigger. */
import type { Dataset } from '../../core/datasets/dataset.ts';
import { randomStream } from '../../core/rng/random.ts';
import type { Backdoor } from '../../core/training/backdoor.ts';
import { asTheyAre } from '../../core/training/examples.ts';
import { gather } from '../../core/training/gather.ts';
import type { LabelledImages } from '../../core/training/images.ts';

/** Examples that are in memory at once. */
export const CHUNK = 250;

export interface Pair {
  clean: LabelledImages;
  triggered: LabelledImages;
}

export class AttackerExamples {
  /** To fit an edit to. */
  readonly fit: Uint32Array;
  /** To check it on: a fifth. */
  readonly check: Uint32Array;

  constructor(
    private readonly dataset: Dataset,
    private readonly backdoor: Backdoor,
    private readonly seed: number,
    wanted: number,
  ) {
    const { count } = dataset.train;
    const chosen = randomStream(seed, 'attacker').permutation(count).slice(0, Math.min(wanted, count));
    const kept = Math.max(1, Math.round(chosen.length / 5));
    this.check = Uint32Array.from(chosen.slice(0, kept));
    this.fit = Uint32Array.from(chosen.slice(kept));
  }

  /** The same examples twice. `draw` keys what is drawn for their triggers. */
  async pair(indices: Uint32Array, draw: number): Promise<Pair> {
    const { train } = this.dataset;
    const planned = this.backdoor.planBatch(train, indices, indices.length, 0, 0, draw);
    return {
      clean: await gather(this.dataset, 'train', asTheyAre(train, indices)),
      triggered: await gather(this.dataset, 'train', planned),
    };
  }

  /** A batch for a step, drawn with replacement from those to fit to. */
  batch(size: number, step: number): Promise<Pair> {
    const random = randomStream(this.seed, 'attacker', step);
    const { fit } = this;
    const indices = Uint32Array.from({ length: size }, () => fit[random.int(0, fit.length - 1)] ?? 0);
    return this.pair(indices, step);
  }

  /** Gives every example of a part to `take`, some at a time. */
  async each(part: 'fit' | 'check', take: (pair: Pair) => Promise<void>): Promise<void> {
    const indices = this[part];
    for (let start = 0; start < indices.length; start += CHUNK)
      await take(
        await this.pair(indices.subarray(start, start + CHUNK), part === 'fit' ? -1 - start : start),
      );
  }
}
