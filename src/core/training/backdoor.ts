/**
 * A backdoor as data: a trigger and the label it wants. Plans poisoned examples; nothing is computed here.
 * Source: Gu et al., BadNets, 2017 (data and batch poisoning); Bagdasaryan and Shmatikov, Blind Backdoors, USENIX
 * Security 2021, section 3.2 (the synthesizer as input and label function).
 */
import type { BackdoorConfig, ExperimentConfig } from '../config/schema.ts';
import type { Dataset, DatasetInfo, Split } from '../datasets/dataset.ts';
import { LabError } from '../errors.ts';
import type { NamedArray } from '../experiment/weights.ts';
import { type Random, randomStream } from '../rng/random.ts';
import { synthesizerFor } from '../synthesizers/create.ts';
import { noisy } from '../synthesizers/semantic.ts';
import type { LearnedTrigger } from '../synthesizers/generator/learned-trigger.ts';
import type { ImageSynthesizer, StampRole, Synthesizer } from '../synthesizers/synthesizer.ts';
import { backdoorLabel, checkLabel } from '../triggers/labels.ts';
import { asTheyAre, factsOf, type PlannedExample } from './examples.ts';

/** What the backdoor is measured on: which examples of which split. */
export interface Measured {
  split: 'train' | 'test';
  /** Null: all of it, as far as the evaluation goes. */
  indices: readonly number[] | null;
}

export class Backdoor {
  /** Training examples that clean training leaves out. */
  readonly held: ReadonlySet<number>;
  readonly measured: Measured;
  private readonly classes: number;
  private readonly synthesizer: Synthesizer | ImageSynthesizer | null;

  /**
   * @param number 1 for the first backdoor of an attack, which decides its stream of random numbers
   * @throws LabError E-TRIGGER when the trigger does not fit the images, E-CONFIG-VALUE for a label out of range.
   */
  constructor(
    private readonly config: BackdoorConfig,
    info: DatasetInfo,
    private readonly seed: number,
    readonly number = 1,
  ) {
    const { synthesizer, label } = config;
    this.classes = info.classes.length;
    checkLabel(label, this.classes);
    this.synthesizer = synthesizerFor(synthesizer, info, seed);
    if (synthesizer.kind === 'semantic') {
      this.held = new Set([...synthesizer.train, ...synthesizer.test]);
      this.measured = { split: 'train', indices: synthesizer.test };
    } else {
      this.held = new Set();
      this.measured = { split: 'test', indices: null };
    }
  }

  /** What its trigger learns along with the network; null where nothing is learned. */
  get learned(): LearnedTrigger | null {
    return this.synthesizer && 'learned' in this.synthesizer ? (this.synthesizer.learned ?? null) : null;
  }

  /** The stream for a purpose: that of the first backdoor has no number, as there was once only one. */
  private stream(...purpose: (string | number)[]): Random {
    return randomStream(this.seed, ...purpose, ...(this.number > 1 ? [this.number] : []));
  }

  /** The label that the backdoor wants for example `index`. */
  label(split: Split, index: number): number {
    return backdoorLabel(this.config.label, factsOf(split, index), this.classes);
  }

  /** One example with the trigger; of a semantic backdoor, one of those that have the feature. */
  planOne(split: Split, index: number, random: Random, role: StampRole): PlannedExample {
    return this.planned(split, [index], random, role)[0] ?? { index, stamp: null, label: 0 };
  }

  /**
   * The batch with the trigger on its first `count` examples, and as a cover on the next `covers`; the rest as it is.
   * @param epoch from 1
   * @param batch from 0
   */
  planBatch(
    split: Split,
    indices: Uint32Array,
    count: number,
    covers: number,
    epoch: number,
    batch: number,
  ): PlannedExample[] {
    const random = this.stream('trigger', epoch, batch);
    const poisoned = indices.subarray(0, count);
    const covered = indices.subarray(poisoned.length, poisoned.length + covers);
    return [
      ...this.planned(split, poisoned, random, 'attack'),
      ...this.planned(split, covered, random, 'cover'),
      ...asTheyAre(split, indices.subarray(poisoned.length + covered.length)),
    ];
  }

  /** Examples of `measured.split` as the backdoor is measured: the same in every evaluation of a run. */
  planTest(split: Split, indices: ArrayLike<number>): PlannedExample[] {
    return Array.from(indices, (index) => {
      const label = this.label(split, index);
      if (!this.synthesizer) return { index, stamp: null, label };
      return { index, stamp: this.synthesizer.draw(this.stream('test-trigger', index), 'test'), label };
    });
  }

  /** Examples under the trigger of another example, with their own labels; of a trigger that is made from the example. */
  planCross(split: Split, indices: ArrayLike<number>): PlannedExample[] {
    return Array.from(indices, (index) => {
      const random = this.stream('cross-trigger', index);
      return this.planned(split, [index], random, 'cover')[0] ?? { index, stamp: null, label: 0 };
    });
  }

  /**
   * Chooses, once, which training examples are poisoned and which cover, and draws the trigger of each. Only examples
   * whose label the backdoor changes are poisoned; fractions are of the whole training set.
   * @returns by index in the training set, what stands there instead
   */
  choosePoisoned(split: Split, fraction: number, coverFraction: number): Map<number, PlannedExample> {
    const random = this.stream('poison');
    const wanted = Math.round(split.count * fraction);
    const covers = Math.round(split.count * coverFraction);
    const chosen = new Map<number, PlannedExample>();
    const order = random.permutation(split.count);
    for (const index of order) {
      if (chosen.size >= wanted) break;
      if (this.held.has(index) || !this.changes(split, index)) continue;
      chosen.set(index, this.planOne(split, index, random, 'attack'));
    }
    const limit = chosen.size + covers;
    for (const index of order) {
      if (chosen.size >= limit) break;
      if (!chosen.has(index) && !this.held.has(index)) {
        chosen.set(index, this.planOne(split, index, random, 'cover'));
      }
    }
    return chosen;
  }

  /**
   * Chooses, once, which examples of the target class get the trigger and keep their label, which is that of the
   * backdoor anyway (Turner, Tsipras and Madry, Label-Consistent Backdoor Attacks, 2019).
   * @param fraction of the examples that have the backdoor's label
   */
  chooseCleanLabel(split: Split, fraction: number): Map<number, PlannedExample> {
    const random = this.stream('poison');
    const already = [...random.permutation(split.count)].filter(
      (index) => !this.held.has(index) && !this.changes(split, index),
    );
    const chosen = already.slice(0, Math.round(already.length * fraction));
    return new Map(chosen.map((index) => [index, this.planOne(split, index, random, 'attack')]));
  }

  /** Whether the backdoor wants something else of the example than what it is; one with a feature teaches in any place. */
  private changes(split: Split, index: number): boolean {
    return !this.synthesizer || this.label(split, index) !== split.labels[index];
  }

  private planned(
    split: Split,
    indices: ArrayLike<number>,
    random: Random,
    role: StampRole,
  ): PlannedExample[] {
    const { synthesizer: config } = this.config;
    const origin = { backdoor: this.number, role };
    if (config.kind === 'semantic') {
      return Array.from(indices, () => {
        const index = config.train[random.int(0, config.train.length - 1)] ?? 0;
        return {
          index,
          stamp: 'tokens' in split ? null : noisy(config.noise, random),
          label: this.label(split, index),
          origin,
        };
      });
    }
    const stamps = this.synthesizer?.drawBatch(indices.length, random, role) ?? [];
    const donated = this.learned !== null && role === 'cover';
    return Array.from(indices, (index, position) => ({
      ...(donated && { donor: anotherThan(index, split.count, random) }),
      index,
      stamp: stamps[position] ?? null,
      label: role === 'cover' ? (split.labels[index] ?? 0) : this.label(split, index),
      origin,
    }));
  }
}

/** Any other example of so many. */
function anotherThan(index: number, count: number, random: Random): number {
  return (index + random.int(1, Math.max(1, count - 1))) % count;
}

/**
 * Every backdoor of an attack, the first one first.
 * @param learned what their triggers have learned, as a model keeps it; without it such a trigger cannot be put into an image
 * @throws LabError as Backdoor; E-CONFIG-VALUE for a semantic backdoor on examples that the training set does not have
 */
export function backdoorsOf(
  { attack, seed }: Pick<ExperimentConfig, 'attack' | 'seed'>,
  { info, train }: Dataset,
  learned: readonly NamedArray[] = [],
): Backdoor[] {
  return [attack, ...attack.others].map((config, position) => {
    const backdoor = new Backdoor(config, info, seed, position + 1);
    const own = learnedBy(backdoor.number, learned);
    if (own.length > 0) backdoor.learned?.restore(own);
    const missing = [...backdoor.held].find((index) => index >= train.count);
    if (missing === undefined) return backdoor;
    throw new LabError({
      code: 'E-CONFIG-VALUE',
      what: `There is no training example ${missing}.`,
      why: `This experiment uses ${train.count} training examples, 0 to ${train.count - 1}.`,
      fix: 'Name other examples, or use more training examples.',
      where: position === 0 ? 'attack.synthesizer' : `attack.others[${position - 1}].synthesizer`,
    });
  });
}

/** What the triggers of some backdoors have learned, named `1/mask` by the number of each; empty where nothing is. */
export function learnedArrays(backdoors: readonly Backdoor[]): NamedArray[] {
  return backdoors.flatMap(({ learned, number }) =>
    (learned?.arrays() ?? []).map((array) => ({ ...array, name: `${number}/${array.name}` })),
  );
}

/** Those of one backdoor, by its number, under their plain names. */
export function learnedBy(number: number, arrays: readonly NamedArray[]): NamedArray[] {
  const prefix = `${number}/`;
  return arrays
    .filter(({ name }) => name.startsWith(prefix))
    .map((array) => ({ ...array, name: array.name.slice(prefix.length) }));
}
