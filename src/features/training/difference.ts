import { LabError } from '../../core/errors.ts';

export interface Difference {
  /** Same layout as the images: 128 unchanged, above brighter, below darker. */
  pixels: Uint8Array;
  /** How many times the change was enlarged; 1 when the images are equal. */
  gain: number;
  /** Pixels (all channels together) that changed. */
  changed: number;
}

/**
 * What the trigger changed: after minus before, enlarged so that the greatest change just reaches black or white.
 * Both are [height, width, channels], 0 to 255.
 */
export function difference(before: Uint8Array, after: Uint8Array, channels: number): Difference {
  if (before.length !== after.length || after.length % channels !== 0) {
    throw new LabError({
      code: 'E-SHAPE',
      what: 'The two images do not have one size.',
      why: `They have ${before.length} and ${after.length} values in ${channels} channels.`,
      fix: 'Load the data set again; if it stays, report it.',
    });
  }
  let greatest = 0;
  let changed = 0;
  for (let pixel = 0; pixel < after.length; pixel += channels) {
    let change = 0;
    for (let i = pixel; i < pixel + channels; i++) {
      change = Math.max(change, Math.abs((after[i] ?? 0) - (before[i] ?? 0)));
    }
    if (change > 0) changed += 1;
    greatest = Math.max(greatest, change);
  }
  const gain = greatest === 0 ? 1 : 127 / greatest;
  const pixels = after.map((value, i) => Math.round(128 + gain * (value - (before[i] ?? 0))));
  return { pixels, gain, changed };
}
