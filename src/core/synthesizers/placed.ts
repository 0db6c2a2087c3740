/**
 * A small picture at a place: the pattern of Backdoors 101, a single pixel, or what a person painted.
 * Source: Gu, Dolan-Gavitt and Garg, BadNets, 2017; Bagdasaryan and Shmatikov, Blind Backdoors, USENIX Security 2021.
 */
import type { PlacedSynthesizerConfig } from '../config/schema.ts';
import type { ImageShape } from '../datasets/dataset.ts';
import { randomStream } from '../rng/random.ts';
import { compileTrigger } from '../triggers/compile.ts';
import { placeBatch, placeTrigger } from '../triggers/place.ts';
import { stampPixels } from '../triggers/stamp.ts';
import type { PlacedTrigger } from '../triggers/trigger.ts';
import type { ImageSynthesizer, Stamp } from './synthesizer.ts';

/** @throws LabError E-TRIGGER when the trigger is empty or does not fit the images */
export function placedSynthesizer(config: PlacedSynthesizerConfig, shape: ImageShape): ImageSynthesizer {
  const trigger = compileTrigger(config, shape);
  placeTrigger(trigger, config.placement, shape, randomStream(0, 'fits'));
  const stamp = (placed: PlacedTrigger): Stamp => ({
    placed,
    apply: (pixels) => stampPixels(pixels, 0, shape, placed),
  });
  return {
    draw: (random) => stamp(placeTrigger(trigger, config.placement, shape, random)),
    drawBatch: (count, random) => placeBatch(trigger, config.placement, shape, count, random).map(stamp),
  };
}
