/** What each training step computes: one batch for each objective, from the injection of the attack. */
import type { ExperimentConfig, ObjectiveName } from '../config/schema.ts';
import type { ImageDataset } from '../datasets/dataset.ts';
import { randomStream } from '../rng/random.ts';
import type { PlacedTrigger } from '../triggers/trigger.ts';
import { type Backdoor, choosePoisoned } from './backdoor.ts';
import { firstExamples, gatherImages, type LabelledImages } from './images.ts';
import { batchesPerEpoch, epochOrder } from './order.ts';

/** One loss of a step: the mean cross-entropy on a batch. */
export interface StepTask {
  objective: ObjectiveName;
  batch: LabelledImages;
}

export interface StepTasks {
  tasks: StepTask[];
  /** False in a clean run, and while a loss threshold holds the attack back. */
  attacking: boolean;
}

export class TaskSource {
  readonly stepsPerEpoch: number;
  private readonly poisoned: ReadonlyMap<number, PlacedTrigger>;
  private order: { epoch: number; indices: Uint32Array } | null = null;

  constructor(
    private readonly config: ExperimentConfig,
    private readonly dataset: ImageDataset,
    private readonly backdoor: Backdoor,
  ) {
    const { batch_size, max_batches } = config.training;
    const { injection, enabled } = config.attack;
    this.stepsPerEpoch = batchesPerEpoch(dataset.train.count, batch_size, max_batches);
    this.poisoned =
      enabled && injection.kind === 'data'
        ? choosePoisoned(backdoor, dataset.train, injection.fraction, config.seed)
        : new Map();
  }

  /**
   * The tasks of one step: the same for a seed and position, whatever ran before.
   * @param epoch from 1
   * @param batch from 0
   * @param held a loss threshold holds the attack back
   */
  step(epoch: number, batch: number, held: boolean): StepTasks {
    const indices = this.indices(epoch, batch);
    const clean = gatherImages(this.dataset.info, this.dataset.train, indices);
    const { injection, enabled } = this.config.attack;
    if (!enabled) return { tasks: [{ objective: 'normal', batch: clean }], attacking: false };
    const random = randomStream(this.config.seed, 'trigger', epoch, batch);
    switch (injection.kind) {
      case 'data': {
        indices.forEach((index, position) => {
          const placed = this.poisoned.get(index);
          if (placed) this.backdoor.poison(clean, position, placed);
        });
        return { tasks: [{ objective: 'normal', batch: clean }], attacking: true };
      }
      case 'batch': {
        const poisoned = this.backdoor.poisonedCopy(
          clean,
          Math.round(clean.count * injection.fraction),
          random,
        );
        return { tasks: [{ objective: 'normal', batch: poisoned }], attacking: true };
      }
      case 'loss': {
        const used = firstExamples(clean, injection.clip_batch ?? clean.count);
        if (held) return { tasks: [{ objective: 'normal', batch: used }], attacking: false };
        const poisoned = this.backdoor.poisonedCopy(
          used,
          Math.round(used.count * injection.proportion),
          random,
        );
        const batches = { normal: used, backdoor: poisoned };
        return {
          tasks: injection.objectives.map((objective) => ({ objective, batch: batches[objective] })),
          attacking: injection.objectives.includes('backdoor'),
        };
      }
    }
  }

  private indices(epoch: number, batch: number): Uint32Array {
    if (this.order?.epoch !== epoch) {
      this.order = { epoch, indices: epochOrder(this.config.seed, epoch, this.dataset.train.count) };
    }
    const { batch_size } = this.config.training;
    return this.order.indices.subarray(batch * batch_size, (batch + 1) * batch_size);
  }
}
