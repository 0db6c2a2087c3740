/** What each training step computes: one batch for each objective, from the injection of the attack. */
import { type ExperimentConfig, type ObjectiveName, STEP_OBJECTIVES } from '../config/schema.ts';
import { type Dataset, isStored } from '../datasets/dataset.ts';
import { LabError } from '../errors.ts';
import { poissonBatch } from '../privacy/poisson.ts';
import { type Augment, augmentation } from './augment.ts';
import type { Backdoor } from './backdoor.ts';
import { asTheyAre, type PlannedExample } from './examples.ts';
import { gather } from './gather.ts';
import type { LabelledImages } from './images.ts';
import { batchesPerEpoch, epochOrder } from './order.ts';
import { drawByWeight, exampleWeights } from './sampling.ts';

/** One loss of a step: the mean cross-entropy on a batch. */
export interface StepTask {
  objective: ObjectiveName;
  batch: LabelledImages;
}

export interface StepTasks {
  tasks: StepTask[];
  /** False in a clean run, and while a loss threshold holds the attack back. */
  attacking: boolean;
  /** How many examples of each backdoor’s batch, from the first, have its trigger; in a loss attack. */
  triggered: number;
  /** What the batch of each task was read from. */
  planned: readonly PlannedTask[];
  /** How its images were augmented. */
  augment: Augment | null;
}

/** A loss of a step before its examples are read. */
export interface PlannedTask {
  objective: ObjectiveName;
  examples: PlannedExample[];
}

export class TaskSource {
  readonly stepsPerEpoch: number;
  /** Chance of each example to be in a batch; null where an epoch takes each once, or draws by weight. */
  readonly samplingRate: number | null;
  /** What stands in the training set where it is poisoned once, by index. */
  private readonly poisoned: ReadonlyMap<number, PlannedExample>;
  /** Training examples but for those that a backdoor holds out. */
  readonly clean: Uint32Array;
  /** How likely each of `clean` is drawn; null takes each once. */
  private readonly weights: Float64Array | null;
  private order: { epoch: number; indices: Uint32Array } | null = null;

  /**
   * @param poisoned what stands in the training set where it is poisoned once; worked out where it is not given
   * @param poisson every example is in each batch with the same chance, so that batches have `batch_size` on average
   * @throws LabError E-CONFIG-VALUE when the backdoors hold out every training example, or class weights leave none
   */
  constructor(
    private readonly config: ExperimentConfig,
    private readonly dataset: Dataset,
    private readonly backdoors: readonly Backdoor[],
    poisoned: ReadonlyMap<number, PlannedExample> = poisonedOnce(config, dataset, backdoors),
    poisson = false,
  ) {
    const { batch_size, max_batches } = config.training;
    this.clean = cleanIndices(dataset.train.count, backdoors);
    this.stepsPerEpoch = batchesPerEpoch(this.clean.length, batch_size, max_batches);
    this.samplingRate = poisson ? Math.min(1, batch_size / this.clean.length) : null;
    this.poisoned = poisoned;
    this.weights = exampleWeights(config.training, dataset.train.labels, this.clean);
  }

  /**
   * The tasks of one step: the same for a seed and position, whatever ran before.
   * @param epoch from 1
   * @param batch from 0
   * @param held a loss threshold holds the attack back
   * @throws LabError E-DATASET, E-STORAGE when images that stay in a file cannot be read
   */
  async step(epoch: number, batch: number, held: boolean): Promise<StepTasks> {
    const planned = this.plan(epoch, batch, held);
    const augment = this.augmentation(epoch);
    const tasks: StepTask[] = [];
    for (const { objective, examples } of planned) {
      tasks.push({ objective, batch: await gather(this.dataset, 'train', examples, augment) });
    }
    this.readAhead(epoch, batch + 1);
    const attacking = this.config.attack.enabled && !held && this.attacks();
    const { injection } = this.config.attack;
    const count = tasks.find(({ objective }) => objective === 'backdoor')?.batch.count ?? 0;
    const triggered = injection.kind === 'loss' ? Math.round(count * injection.proportion) : 0;
    return { tasks, attacking, triggered, planned, augment };
  }

  /** Images that stay in a file are read for the next step while this one computes. */
  private readAhead(epoch: number, batch: number): void {
    if (!isStored(this.dataset) || batch >= this.stepsPerEpoch) return;
    const { rows, pixels } = this.dataset.train;
    pixels.readAhead(Array.from(this.indices(epoch, batch), (index) => rows[index] ?? 0));
  }

  private augmentation(epoch: number): Augment | null {
    const { info } = this.dataset;
    const { seed, training } = this.config;
    return info.kind === 'images' ? augmentation(training.augmentation, info.shape, seed, epoch) : null;
  }

  /** Whether any step of the injection has the backdoor in it. */
  private attacks(): boolean {
    const { injection } = this.config.attack;
    if (injection.kind === 'model') return false;
    return injection.kind !== 'loss' || injection.objectives.includes('backdoor');
  }

  /** The examples of one step's losses before they are read. The parameters are those of `step`. */
  plan(epoch: number, batch: number, held: boolean): PlannedTask[] {
    const { train } = this.dataset;
    const indices = this.indices(epoch, batch);
    const normal = (examples: PlannedExample[]): PlannedTask[] => [{ objective: 'normal', examples }];
    const { injection, enabled } = this.config.attack;
    if (!enabled) return normal(asTheyAre(train, indices));
    switch (injection.kind) {
      case 'model':
        return normal(asTheyAre(train, indices));
      case 'data':
      case 'clean_label':
        return normal(
          asTheyAre(train, indices).map((example) => this.poisoned.get(example.index) ?? example),
        );
      case 'batch': {
        const share = (fraction: number): number => Math.round(indices.length * fraction);
        const [count, covers] = [share(injection.fraction), share(injection.cover)];
        // One backdoor after another, each on examples of its own; what is left stays clean.
        const examples: PlannedExample[] = [];
        for (const backdoor of this.backdoors) {
          const rest = indices.subarray(examples.length);
          const [poisoned, covered] = [Math.min(count, rest.length), Math.min(covers, rest.length)];
          const taken = rest.subarray(0, poisoned + covered);
          examples.push(...backdoor.planBatch(train, taken, poisoned, covered, epoch, batch));
        }
        return normal([...examples, ...asTheyAre(train, indices.subarray(examples.length))]);
      }
      case 'loss': {
        const used = indices.subarray(0, injection.clip_batch ?? indices.length);
        if (held) return normal(asTheyAre(train, used));
        const share = (fraction: number): number => Math.round(used.length * fraction);
        return injection.objectives.flatMap((objective) =>
          objective === 'normal'
            ? normal(asTheyAre(train, used))
            : this.backdoors.map((backdoor, position) => ({
                objective: backdoorObjective(position),
                examples: backdoor.planBatch(
                  train,
                  used,
                  share(injection.proportion),
                  share(injection.cover),
                  epoch,
                  batch,
                ),
              })),
        );
      }
    }
  }

  private indices(epoch: number, batch: number): Uint32Array {
    if (this.samplingRate !== null)
      return poissonBatch(this.config.seed, epoch, batch, this.clean.length, this.samplingRate).map(
        (position) => this.clean[position] ?? 0,
      );
    if (this.order?.epoch !== epoch) {
      const { seed } = this.config;
      const order = this.weights
        ? drawByWeight(seed, epoch, this.weights)
        : epochOrder(seed, epoch, this.clean.length);
      this.order = { epoch, indices: order.map((position) => this.clean[position] ?? 0) };
    }
    const { batch_size } = this.config.training;
    return this.order.indices.subarray(batch * batch_size, (batch + 1) * batch_size);
  }
}

/** The objective of the backdoor at a position of the attack: `backdoor`, `backdoor_2` and so on. */
export function backdoorObjective(position: number): ObjectiveName {
  const name = STEP_OBJECTIVES[position + 1];
  if (name === undefined) throw new RangeError(`an attack has no backdoor ${position + 1}`);
  return name;
}

function cleanIndices(count: number, backdoors: readonly Backdoor[]): Uint32Array {
  const all = Uint32Array.from({ length: count }, (_, index) => index);
  if (backdoors.every(({ held }) => held.size === 0)) return all;
  const clean = all.filter((index) => backdoors.every(({ held }) => !held.has(index)));
  if (clean.length > 0) return clean;
  throw new LabError({
    code: 'E-CONFIG-VALUE',
    what: 'No training example is left to train on.',
    why: `The backdoors hold out all ${count} of them.`,
    fix: 'Name fewer images, or use more training examples.',
    where: 'attack.synthesizer.train',
  });
}

/**
 * What stands in the training set where an attack poisons it once, by index. Several backdoors poison one after another;
 * an example that is taken stays with the first.
 */
export function poisonedOnce(
  { attack: { injection, enabled } }: ExperimentConfig,
  { train }: Dataset,
  backdoors: readonly Backdoor[],
): ReadonlyMap<number, PlannedExample> {
  const poisoned = new Map<number, PlannedExample>();
  if (!enabled) return poisoned;
  const chosenBy = (backdoor: Backdoor): Map<number, PlannedExample> => {
    if (injection.kind === 'data') return backdoor.choosePoisoned(train, injection.fraction, injection.cover);
    if (injection.kind === 'clean_label') return backdoor.chooseCleanLabel(train, injection.fraction);
    return new Map();
  };
  for (const backdoor of backdoors) {
    for (const [index, example] of chosenBy(backdoor)) {
      if (!poisoned.has(index)) poisoned.set(index, example);
    }
  }
  return poisoned;
}
