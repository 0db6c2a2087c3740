import { Geometry } from './geometry';
import { addInto } from './vector';

/** Copies `images` images into the middle of zeroed padded ones. Only the inside is written, so zeroing once is enough. */
export function copyIntoPadded(g: Geometry, source: usize, images: u32, target: usize): void {
  const height = min(g.inHeight, g.paddedHeight() - min(g.padTop, g.paddedHeight()));
  const width = min(g.inWidth, g.paddedWidth() - min(g.padLeft, g.paddedWidth()));
  const bytes = (<usize>width * g.inChannels) << 2;
  for (let image: u32 = 0; image < images; image++) {
    for (let row: u32 = 0; row < height; row++) {
      const from = source + (((<usize>image * g.inHeight + row) * g.inWidth * g.inChannels) << 2);
      memory.copy(target + paddedOffset(g, image, row), from, bytes);
    }
  }
}

/** Adds the middle of padded images into the images themselves. */
export function addFromPadded(g: Geometry, source: usize, images: u32, target: usize): void {
  const height = min(g.inHeight, g.paddedHeight() - min(g.padTop, g.paddedHeight()));
  const width = min(g.inWidth, g.paddedWidth() - min(g.padLeft, g.paddedWidth()));
  const count = width * g.inChannels;
  for (let image: u32 = 0; image < images; image++) {
    for (let row: u32 = 0; row < height; row++) {
      const to = target + (((<usize>image * g.inHeight + row) * g.inWidth * g.inChannels) << 2);
      addInto(to, source + paddedOffset(g, image, row), count);
    }
  }
}

// @ts-ignore: decorator
@inline
function paddedOffset(g: Geometry, image: u32, row: u32): usize {
  return (((<usize>image * g.paddedHeight() + g.padTop + row) * g.paddedWidth() + g.padLeft) * g.inChannels) << 2;
}
