import { LabError } from '../errors.ts';
import type { ImageShape } from '../datasets/dataset.ts';
import type { PlacementConfig } from '../config/schema.ts';
import type { Trigger } from './trigger.ts';

type RandomPlacement = Extract<PlacementConfig, { kind: 'random' }>;

interface Size {
  height: number;
  width: number;
}

/**
 * The size of a picture whose shorter side becomes `shorterSide` pixels, its aspect kept; the longer side is cut to a
 * whole number, as torchvision's `resize` does (which Backdoors 101 uses).
 */
export function scaledSize({ height, width }: Size, shorterSide: number): Size {
  return height <= width
    ? { height: shorterSide, width: Math.max(1, Math.trunc((shorterSide * width) / height)) }
    : { height: Math.max(1, Math.trunc((shorterSide * height) / width)), width: shorterSide };
}

/**
 * The range of shorter sides of a random placement, in pixels, both ends included. An empty end is the size as drawn.
 * Throws E-TRIGGER when the smallest is above the largest.
 */
export function sizeRange(trigger: Size, placement: RandomPlacement): { min: number; max: number } {
  const drawn = Math.min(trigger.height, trigger.width);
  const { min_size: smallest, max_size: largest } = placement;
  if (smallest !== null && largest !== null && smallest > largest) {
    throw new LabError({
      code: 'E-TRIGGER',
      what: `The smallest trigger size, ${smallest} px, is above the largest, ${largest} px.`,
      why: 'The size of a random placement is drawn between the two.',
      fix: 'Swap them, or leave both empty to keep the size as drawn.',
      where: 'attack.synthesizer.placement.min_size',
    });
  }
  const first = smallest ?? drawn;
  const second = largest ?? drawn;
  return { min: Math.min(first, second), max: Math.max(first, second) };
}

/**
 * The trigger at another size by nearest neighbour. Opacity is resized with the values, so a masked pixel stays masked.
 * (Backdoors 101 resizes through an 8-bit PIL image, where its mask value -10 wraps around and the mask is lost.)
 */
export function resizeTrigger(trigger: Trigger, size: Size): Trigger {
  const { channels } = trigger;
  if (size.height === trigger.height && size.width === trigger.width) return trigger;
  const values = new Float32Array(size.height * size.width * channels);
  const opacity = new Float32Array(size.height * size.width);
  for (let row = 0; row < size.height; row++) {
    const sourceRow = Math.floor(((row + 0.5) * trigger.height) / size.height);
    for (let column = 0; column < size.width; column++) {
      const sourceColumn = Math.floor(((column + 0.5) * trigger.width) / size.width);
      const from = sourceRow * trigger.width + sourceColumn;
      const to = row * size.width + column;
      opacity[to] = trigger.opacity[from] ?? 0;
      for (let c = 0; c < channels; c++) values[to * channels + c] = trigger.values[from * channels + c] ?? 0;
    }
  }
  return { ...trigger, ...size, values, opacity };
}

/** The trigger mirrored left to right. */
export function flipTrigger(trigger: Trigger): Trigger {
  const { height, width, channels } = trigger;
  const values = new Float32Array(trigger.values.length);
  const opacity = new Float32Array(trigger.opacity.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = row * width + column;
      const to = row * width + (width - 1 - column);
      opacity[to] = trigger.opacity[from] ?? 0;
      for (let c = 0; c < channels; c++) values[to * channels + c] = trigger.values[from * channels + c] ?? 0;
    }
  }
  return { ...trigger, values, opacity };
}

/**
 * Refuses, before anything is drawn, a placement for which the trigger could stick out of an image of `shape`.
 * Throws E-TRIGGER naming both sizes.
 */
export function checkPlacement(trigger: Trigger, placement: PlacementConfig, shape: ImageShape): void {
  const size = placement.kind === 'random' ? scaledSize(trigger, sizeRange(trigger, placement).max) : trigger;
  const triggerText = `${size.height}x${size.width} px (rows x columns)`;
  const imageText = `${shape.height}x${shape.width} px`;
  if (size.height > shape.height || size.width > shape.width) {
    const grown = placement.kind === 'random' && size.height * size.width > trigger.height * trigger.width;
    throw new LabError({
      code: 'E-TRIGGER',
      what: `The trigger, ${triggerText}${grown ? ' at its largest' : ''}, is larger than the images, ${imageText}.`,
      why: 'A trigger is laid over an image and cannot stick out of it.',
      fix: grown
        ? 'Lower the largest size, or paint a smaller trigger.'
        : 'Paint a smaller trigger, or take a data set with larger images.',
      where: grown ? 'attack.synthesizer.placement.max_size' : 'attack.synthesizer',
    });
  }
  if (placement.kind === 'random') return;
  const { row, column } = placement.kind === 'fixed' ? placement : (trigger.origin ?? { row: 0, column: 0 });
  if (row < 0 || column < 0 || row + size.height > shape.height || column + size.width > shape.width) {
    throw new LabError({
      code: 'E-TRIGGER',
      what: `The trigger, ${triggerText} at row ${row}, column ${column}, reaches past the edge of the images, ${imageText}.`,
      why: `It ends at row ${row + size.height - 1}, column ${column + size.width - 1}; the last of an image are row ${shape.height - 1}, column ${shape.width - 1}.`,
      fix: `Move it to row ${shape.height - size.height} or above and column ${shape.width - size.width} or left of it.`,
      where: 'attack.synthesizer.placement',
    });
  }
}
