import type { ImageShape } from '../datasets/dataset.ts';

/**
 * A small picture to lay over images.
 * `values` is [height, width, channels] in [0, 1] (pixel space, before normalisation), `opacity` is [height, width] in
 * [0, 1]: 0 leaves the pixel of the image, 1 replaces it, between blends: out = opacity * value + (1 - opacity) * pixel.
 */
export interface Trigger extends ImageShape {
  values: Float32Array;
  opacity: Float32Array;
  /** Where a painted trigger was painted: its top left corner, in pixels. Absent for the other kinds. */
  origin?: { row: number; column: number };
}

/** A trigger with its top left corner in an image, in pixels. */
export interface PlacedTrigger {
  trigger: Trigger;
  row: number;
  column: number;
}
