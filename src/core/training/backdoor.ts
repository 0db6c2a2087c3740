/**
 * A backdoor as data: a trigger, where it lands and which label it wants. Stamps normalised images and relabels them.
 * Source: Gu et al., BadNets, 2017 (data and batch poisoning); Bagdasaryan and Shmatikov, Blind Backdoors, USENIX
 * Security 2021, section 3.2 (the synthesizer as input and label function).
 */
import type { ExperimentConfig } from '../config/schema.ts';
import type { ImageInfo, ImageSplit } from '../datasets/dataset.ts';
import { type Random, randomStream } from '../rng/random.ts';
import { compileTrigger } from '../triggers/compile.ts';
import { backdoorLabel, checkLabel } from '../triggers/labels.ts';
import { placeBatch, placeTrigger } from '../triggers/place.ts';
import { stampNormalized } from '../triggers/stamp.ts';
import type { PlacedTrigger, Trigger } from '../triggers/trigger.ts';
import type { LabelledImages } from './images.ts';

export class Backdoor {
  private readonly trigger: Trigger;

  /** @throws LabError E-TRIGGER when the trigger does not fit the images, E-CONFIG-VALUE for a label out of range. */
  constructor(
    private readonly attack: ExperimentConfig['attack'],
    private readonly info: ImageInfo,
  ) {
    this.trigger = compileTrigger(attack.synthesizer, info.shape);
    checkLabel(attack.label, info.classes.length);
    this.placeOne(randomStream(0, 'fits'));
  }

  /** The label that the backdoor wants for an input of class `trueClass`. */
  label(trueClass: number): number {
    return backdoorLabel(this.attack.label, trueClass, this.info.classes.length);
  }

  placeOne(random: Random): PlacedTrigger {
    return placeTrigger(this.trigger, this.attack.synthesizer.placement, this.info.shape, random);
  }

  /** Stamps and relabels example `index` of the batch in place. */
  poison(batch: LabelledImages, index: number, placed: PlacedTrigger): void {
    stampNormalized(batch.images, index, this.info.shape, placed, this.info.mean, this.info.deviation);
    batch.labels[index] = this.label(batch.labels[index] ?? 0);
  }

  /** A copy of the batch whose first `count` examples are stamped and relabelled. */
  poisonedCopy(batch: LabelledImages, count: number, random: Random): LabelledImages {
    const copy = { count: batch.count, images: batch.images.slice(), labels: batch.labels.slice() };
    const { placement } = this.attack.synthesizer;
    placeBatch(this.trigger, placement, this.info.shape, Math.min(count, batch.count), random).forEach(
      (placed, index) => this.poison(copy, index, placed),
    );
    return copy;
  }
}

/**
 * Chooses, once, which training examples are poisoned, and where each gets its trigger. Only examples whose label the
 * backdoor changes are eligible; `fraction` is of the whole training set.
 */
export function choosePoisoned(
  backdoor: Backdoor,
  split: ImageSplit,
  fraction: number,
  seed: number,
): Map<number, PlacedTrigger> {
  const random = randomStream(seed, 'poison');
  const wanted = Math.round(split.count * fraction);
  const poisoned = new Map<number, PlacedTrigger>();
  for (const index of random.permutation(split.count)) {
    if (poisoned.size >= wanted) break;
    const label = split.labels[index] ?? 0;
    if (backdoor.label(label) !== label) poisoned.set(index, backdoor.placeOne(random));
  }
  return poisoned;
}
