/**
 * A small picture at a place: the pattern of Backdoors 101, a single pixel, or what a person painted.
 * Source: Gu, Dolan-Gavitt and Garg, BadNets, 2017; Bagdasaryan and Shmatikov, Blind Backdoors, USENIX Security 2021.
 */
import type { PlacedSynthesizerConfig } from '../config/schema.ts';
import { placedSynthesizer as placedSynthesizerSchema } from '../config/schema-synthesizer.ts';
import type { ImageShape } from '../datasets/dataset.ts';
import type { Paper } from '../paper.ts';
import { randomStream } from '../rng/random.ts';
import { compileTrigger } from '../triggers/compile.ts';
import { placeBatch, placeTrigger } from '../triggers/place.ts';
import { stampPixels } from '../triggers/stamp.ts';
import type { PlacedTrigger } from '../triggers/trigger.ts';
import type { ImageSynthesizer, ImageStamp, SynthesizerDefinition } from './synthesizer.ts';

/** @throws LabError E-TRIGGER when the trigger is empty or does not fit the images */
function placedSynthesizer(config: PlacedSynthesizerConfig, shape: ImageShape): ImageSynthesizer {
  const trigger = compileTrigger(config, shape);
  placeTrigger(trigger, config.placement, shape, randomStream(0, 'fits'));
  const stamp = (placed: PlacedTrigger): ImageStamp => ({
    placed,
    apply: (pixels) => stampPixels(pixels, 0, shape, placed),
  });
  return {
    draw: (random) => stamp(placeTrigger(trigger, config.placement, shape, random)),
    drawBatch: (count, random) => placeBatch(trigger, config.placement, shape, count, random).map(stamp),
  };
}

const BADNETS: Paper = {
  title: 'BadNets: Identifying Vulnerabilities in the Machine Learning Model Supply Chain',
  authors: 'Gu, Dolan-Gavitt, Garg',
  year: 2017,
  url: 'https://arxiv.org/abs/1708.06733',
};

const [patternParams, pixelParams, paintedParams] = placedSynthesizerSchema.options;

export const pattern: SynthesizerDefinition<typeof patternParams> = {
  id: 'pattern',
  title: 'Pattern',
  description: 'A small pattern of black and white pixels; the one of Backdoors 101 unless told otherwise.',
  paper: {
    title: 'Blind Backdoors in Deep Learning Models',
    authors: 'Bagdasaryan, Shmatikov',
    year: 2021,
    url: 'https://arxiv.org/abs/2005.03823',
  },
  params: patternParams,
  create: placedSynthesizer,
};

export const singlePixel: SynthesizerDefinition<typeof pixelParams> = {
  id: 'single_pixel',
  title: 'Single pixel',
  description: 'One pixel of one brightness.',
  paper: BADNETS,
  params: pixelParams,
  create: placedSynthesizer,
};

export const painted: SynthesizerDefinition<typeof paintedParams> = {
  id: 'painted',
  title: 'Painted',
  description: 'Any pixels in any colour, more or less opaque, painted by hand.',
  paper: BADNETS,
  params: paintedParams,
  create: placedSynthesizer,
};
