import { LabError } from '../errors.ts';
import { pixelsPerImage, type ImageShape } from '../datasets/dataset.ts';

/** How far a perturbation moves an image; pixels in [0, 1] whatever the type of the arrays. */
export interface PerturbationNorms {
  /** Pixels of which any channel changed. */
  l0: number;
  /** Root of the sum of squared changes over all pixels and channels. */
  l2: number;
  /** Largest change of a single channel. */
  lInfinity: number;
}

/**
 * The norms of `changed - original` for each image; both are [count, height, width, channels] of one
 * type: bytes are divided by 255, floats are taken as they are. Throws E-SHAPE for types or lengths that differ, or when
 * they hold no whole images.
 */
export function perturbationNorms(
  original: Float32Array | Uint8Array,
  changed: Float32Array | Uint8Array,
  shape: ImageShape,
): PerturbationNorms[] {
  const size = pixelsPerImage(shape);
  const bytes = original instanceof Uint8Array;
  if (
    bytes !== changed instanceof Uint8Array ||
    original.length !== changed.length ||
    original.length % size !== 0
  ) {
    throw new LabError({
      code: 'E-SHAPE',
      what: `Images of ${original.length} and ${changed.length} values cannot be compared at ${size} values an image.`,
      why: 'Each original needs its changed image, of the same shape and type.',
      fix: 'Pass the same number of whole images twice, both as bytes or both as floats.',
    });
  }
  const scale = bytes ? 255 : 1;
  const norms: PerturbationNorms[] = [];
  for (let start = 0; start < original.length; start += size) {
    let l0 = 0;
    let squares = 0;
    let lInfinity = 0;
    for (let pixel = start; pixel < start + size; pixel += shape.channels) {
      let moved = false;
      for (let at = pixel; at < pixel + shape.channels; at++) {
        const change = ((changed[at] ?? 0) - (original[at] ?? 0)) / scale;
        if (change === 0) continue;
        moved = true;
        squares += change * change;
        lInfinity = Math.max(lInfinity, Math.abs(change));
      }
      if (moved) l0++;
    }
    norms.push({ l0, l2: Math.sqrt(squares), lInfinity });
  }
  return norms;
}

/** Over several images: the mean of L0 and of L2, the largest L-infinity. All 0 for no images. */
export function summarizeNorms(norms: readonly PerturbationNorms[]): PerturbationNorms {
  const total = { l0: 0, l2: 0, lInfinity: 0 };
  for (const each of norms) {
    total.l0 += each.l0 / norms.length;
    total.l2 += each.l2 / norms.length;
    total.lInfinity = Math.max(total.lInfinity, each.lInfinity);
  }
  return total;
}
