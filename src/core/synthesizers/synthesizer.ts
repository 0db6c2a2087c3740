/** What every trigger definition offers: how a drawn trigger changes an input. One file for each method. */
import type { z } from 'zod';
import type { ImageShape } from '../datasets/dataset.ts';
import type { MethodDefinition } from '../method.ts';
import type { Random } from '../rng/random.ts';
import type { TextStamp } from '../text/text-stamp.ts';
import type { PlacedTrigger } from '../triggers/trigger.ts';
import type { LearnedTrigger } from './generator/learned-trigger.ts';

/**
 * What a trigger is drawn for: to teach the backdoor (`attack`), to teach that a likeness of the trigger alone is
 * nothing (`cover`: the example keeps its label), or to measure (`test`).
 */
export type StampRole = 'attack' | 'cover' | 'test';

/** One drawn trigger for an image. */
export interface ImageStamp {
  /**
   * Puts it into one image of pixel values in [0, 1], [height, width, channels], in place; the result stays in [0, 1].
   * @param other the image that a learned trigger is made from, where that is another one
   * @throws LabError E-TRIGGER for a learned trigger before training
   */
  apply(pixels: Float32Array, other?: Float32Array): void;
  /** Of a trigger that is a picture laid over a part of the image and nothing else: which and where. */
  placed?: PlacedTrigger;
  /** What else was drawn for it, by name, for people. */
  drawn?: Readonly<Record<string, number | string>>;
}

/** One drawn trigger. */
export type Stamp = ImageStamp | TextStamp;

/** The triggers of one experiment, for images of one shape or texts of one length. */
export interface Synthesizer<S extends Stamp = Stamp> {
  draw(random: Random, role: StampRole): S;
  /** One for each of `count` examples of a batch, which may share a draw. */
  drawBatch(count: number, random: Random, role: StampRole): S[];
}

export interface ImageSynthesizer extends Synthesizer<ImageStamp> {
  /** What is learned along with the network, of a trigger that is made from the image; covers get that of another image. */
  readonly learned?: LearnedTrigger;
}

export interface SynthesizerDefinition<P extends z.ZodObject = z.ZodObject> extends MethodDefinition<P> {
  /**
   * @param seed of the experiment: what is fixed for a whole run, such as a warp, is drawn from it
   * @throws LabError E-TRIGGER when the trigger does not fit the images
   */
  create(params: z.output<P>, shape: ImageShape, seed: number): ImageSynthesizer;
}

/** A synthesizer that draws for each example by itself. */
export function eachByItself<S extends Stamp>(draw: Synthesizer<S>['draw']): Synthesizer<S> {
  return {
    draw,
    drawBatch: (count, random, role) => Array.from({ length: count }, () => draw(random, role)),
  };
}
