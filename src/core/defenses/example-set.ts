import type { Dataset } from '../datasets/dataset.ts';
import { asTheyAre, type PlannedExample } from '../training/examples.ts';
import { gather } from '../training/gather.ts';
import type { LabelledImages } from '../training/images.ts';

export type SplitName = 'train' | 'test';

/** An example, and which split it is of. */
export interface HeldExample {
  split: SplitName;
  example: PlannedExample;
}

/** Labelled examples that a defense may read, with whatever stands in their place: a trigger, another label. */
export class ExampleSet {
  /** [count] the labels that the holder of the set believes. */
  readonly labels: Int32Array;

  constructor(
    readonly dataset: Dataset,
    private readonly held: readonly HeldExample[],
  ) {
    this.labels = Int32Array.from(held, ({ example }) => example.label);
  }

  /** Examples as they are, by their index in the split. */
  static of(dataset: Dataset, split: SplitName, indices: ArrayLike<number>): ExampleSet {
    const examples = asTheyAre(dataset[split], indices);
    return new ExampleSet(
      dataset,
      examples.map((example) => ({ split, example })),
    );
  }

  get count(): number {
    return this.held.length;
  }

  /** Which example of its split stands at a place. */
  indexAt(place: number): number {
    return this.held[place]?.example.index ?? 0;
  }

  /**
   * Examples by their place in the set, as a network takes them: images normalised, [n, height, width, channels], or the
   * word numbers of texts, [n, length].
   * @throws LabError E-DATASET, E-STORAGE when images that stay in a file cannot be read
   */
  async read(places: ArrayLike<number>): Promise<LabelledImages> {
    const chosen = Array.from(places, (place) => this.held[place]).filter((one) => one !== undefined);
    const [first] = chosen;
    const split = first?.split ?? 'test';
    if (chosen.every((one) => one.split === split)) {
      return gather(
        this.dataset,
        split,
        chosen.map(({ example }) => example),
      );
    }
    const parts = await Promise.all(chosen.map((one) => gather(this.dataset, one.split, [one.example])));
    const size = parts[0]?.images.length ?? 0;
    const images = new Float32Array(parts.length * size);
    parts.forEach((part, at) => images.set(part.images, at * size));
    return { count: parts.length, images, labels: Int32Array.from(chosen, ({ example }) => example.label) };
  }

  /** The first `count` of them. */
  first(count: number): Promise<LabelledImages> {
    return this.read(Array.from({ length: Math.min(count, this.count) }, (_, place) => place));
  }

  /** Those at some places, as a set. */
  subset(places: ArrayLike<number>): ExampleSet {
    const chosen = Array.from(places, (place) => this.held[place]).filter((one) => one !== undefined);
    return new ExampleSet(this.dataset, chosen);
  }
}
