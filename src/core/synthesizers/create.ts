import type { SynthesizerConfig } from '../config/schema.ts';
import type { ImageShape } from '../datasets/dataset.ts';
import { adaptiveBlend } from './adaptive-blend.ts';
import { blend } from './blend.ts';
import { object } from './object.ts';
import { placedSynthesizer } from './placed.ts';
import { sinusoid } from './sinusoid.ts';
import type { ImageSynthesizer } from './synthesizer.ts';
import { warp } from './warp.ts';

/**
 * What puts the trigger of an experiment into an image, ready for the images of a data set.
 * @param seed of the experiment, integer in [0, 2^32)
 * @throws LabError E-TRIGGER when the trigger is empty or does not fit the images
 */
export function createSynthesizer(
  config: Exclude<SynthesizerConfig, { kind: 'semantic' }>,
  shape: ImageShape,
  seed: number,
): ImageSynthesizer {
  switch (config.kind) {
    case 'pattern':
    case 'single_pixel':
    case 'painted':
      return placedSynthesizer(config, shape);
    case 'blend':
      return blend.create(config, shape, seed);
    case 'sinusoid':
      return sinusoid.create(config, shape, seed);
    case 'warp':
      return warp.create(config, shape, seed);
    case 'object':
      return object.create(config, shape, seed);
    case 'adaptive_blend':
      return adaptiveBlend.create(config, shape, seed);
  }
}
