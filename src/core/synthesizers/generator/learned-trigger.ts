/**
 * A trigger that is made from the image itself: a generator for the mask, one for the pattern.
 * Source: Nguyen and Tran, Input-Aware Dynamic Backdoor Attack, NeurIPS 2020, section 3, and their code for the numbers.
 */
import type { ImageShape } from '../../datasets/dataset.ts';
import { LabError } from '../../errors.ts';
import type { NamedArray } from '../../experiment/weights.ts';
import type { Random } from '../../rng/random.ts';
import { diversity } from './diversity.ts';
import { Generator } from './generator.ts';

/** How hard a mask is: the authors' tanh(20 x - 10) of a tanh. */
const HARDNESS = 20;

/** The authors take images in [-1, 1] beside masks in [0, 1], where those here are in [0, 1] both. */
const IMAGE_RANGE = 2;

export interface LearnedTriggerConfig {
  /** Values of the mask below this one cost nothing. */
  density: number;
  density_weight: number;
  diversity: number;
}

/** An image that a trigger was laid over in a step, for the derivative. */
export interface LaidTrigger {
  /** The image that the trigger was made from: [height, width, channels] in [0, 1]. */
  source: Float32Array;
  /** Of the loss in the image with its trigger, values as in `source`. */
  slope: Float32Array;
}

export class LearnedTrigger {
  private readonly mask: Generator;
  private readonly pattern: Generator;
  private ready = false;

  constructor(
    private readonly shape: ImageShape,
    private readonly config: LearnedTriggerConfig,
  ) {
    this.mask = new Generator(shape, 1);
    this.pattern = new Generator(shape, shape.channels);
  }

  /** What is learned before training, and along with it; changed in place. */
  get values(): { mask: Float32Array; pattern: Float32Array } {
    return { mask: this.mask.values, pattern: this.pattern.values };
  }

  /** Begins anew. */
  draw(random: Random): void {
    this.mask.draw(random);
    this.pattern.draw(random);
    this.ready = true;
  }

  /** Copies of what it has learned. */
  arrays(): NamedArray[] {
    return Object.entries(this.values).map(([name, data]) => ({
      name,
      shape: [data.length],
      data: data.slice(),
    }));
  }

  /** @throws LabError E-TRIGGER for arrays of a trigger for other images, or none */
  restore(arrays: readonly NamedArray[]): void {
    for (const [name, data] of Object.entries(this.values)) {
      const found = arrays.find((array) => array.name === name);
      if (found?.data.length !== data.length || !found.data.every(Number.isFinite)) throw notThere();
      data.set(found.data);
    }
    this.ready = true;
  }

  /**
   * Lays the trigger made from `source` over an image, in place: x + (pattern - x) mask.
   * @param pixels [height, width, channels] in [0, 1]
   * @throws LabError E-TRIGGER before there is anything learned
   */
  lay(pixels: Float32Array, source: Float32Array = pixels): void {
    if (!this.ready) throw notThere();
    const mask = this.mask.pass(source).output.map(hard);
    const pattern = this.pattern.pass(source).output.map(soft);
    const { channels } = this.shape;
    for (let at = 0; at < pixels.length; at++) {
      const value = pixels[at] ?? 0;
      pixels[at] = value + ((pattern[at] ?? 0) - value) * (mask[Math.floor(at / channels)] ?? 0);
    }
  }

  /** Loss of the mask on images, its slope in what the mask has learned, and how much of an image it covers. */
  maskSlope(images: readonly Float32Array[]): { loss: number; covered: number; slope: Float32Array } {
    const { density, density_weight: weight } = this.config;
    const wanted = IMAGE_RANGE * this.config.diversity;
    const passes = images.map((image) => this.mask.pass(image));
    const masks = passes.map(({ output }) => output.map(hard));
    const apart = diversity(images, masks);
    const slope = new Float32Array(this.mask.values.length);
    const numbers = images.length * this.shape.height * this.shape.width;
    let [excess, covered] = [0, 0];
    passes.forEach((pass, image) => {
      const [mask, apartOne] = [masks[image] ?? new Float32Array(), apart.slopes[image]];
      const own = mask.map((value, at) => {
        covered += value / numbers;
        excess += Math.max(0, value - density) / numbers;
        const inMask = (value > density ? weight / numbers : 0) + wanted * (apartOne?.[at] ?? 0);
        const bend = Math.tanh(pass.output[at] ?? 0);
        return inMask * value * (1 - value) * HARDNESS * (1 - bend * bend);
      });
      this.mask.back(pass, own, slope);
    });
    return { loss: weight * excess + wanted * apart.loss, covered, slope };
  }

  /**
   * The slope of a step's loss and of the diversity in what the pattern has learned; the mask stays as it is.
   * @returns the weighed loss of diversity too
   */
  patternSlope(laid: readonly LaidTrigger[]): { diversity: number; slope: Float32Array } {
    const { diversity: wanted } = this.config;
    const { channels } = this.shape;
    const passes = laid.map(({ source }) => this.pattern.pass(source));
    const patterns = passes.map(({ output }) => output.map(soft));
    const apart = diversity(
      laid.map(({ source }) => source),
      patterns,
    );
    const slope = new Float32Array(this.pattern.values.length);
    laid.forEach(({ source, slope: inImage }, image) => {
      const [pass, pattern, apartOne] = [passes[image], patterns[image], apart.slopes[image]];
      if (!pass || !pattern || !apartOne) throw new RangeError('one pass an image');
      const mask = this.mask.pass(source).output.map(hard);
      const own = pattern.map((value, at) => {
        const inPattern =
          (inImage[at] ?? 0) * (mask[Math.floor(at / channels)] ?? 0) + wanted * (apartOne[at] ?? 0);
        return inPattern * 2 * value * (1 - value);
      });
      this.pattern.back(pass, own, slope);
    });
    return { diversity: wanted * apart.loss, slope };
  }
}

/** tanh(v) / 2 + 1/2, as a colour. */
function soft(value: number): number {
  return Math.tanh(value) / 2 + 0.5;
}

/** tanh(20 soft(v) - 10) / 2 + 1/2, nearly black or white. */
function hard(value: number): number {
  return soft((HARDNESS / 2) * Math.tanh(value));
}

function notThere(): LabError {
  return new LabError({
    code: 'E-TRIGGER',
    what: 'The trigger does not exist before training.',
    why: 'A generator makes it from each image, and learns along with the network.',
    fix: 'Train the experiment first, or give the model that such a run kept: its trigger is in the same file.',
    where: 'attack.synthesizer',
  });
}
