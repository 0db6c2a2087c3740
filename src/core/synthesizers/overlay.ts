import type { Trigger } from '../triggers/trigger.ts';

/**
 * Blends a picture of the image's size into an image, in place: out = a value + (1 - a) pixel, where a is the opacity of
 * the picture's pixel times `ratio` of it.
 * @param pixels [height, width, channels] in [0, 1]
 * @param ratio by pixel index, in [0, 1]
 */
export function overlay(pixels: Float32Array, picture: Trigger, ratio: (pixel: number) => number): void {
  const { channels, values, opacity } = picture;
  for (let pixel = 0; pixel < opacity.length; pixel++) {
    const share = (opacity[pixel] ?? 0) * ratio(pixel);
    if (share === 0) continue;
    for (let at = pixel * channels; at < (pixel + 1) * channels; at++) {
      pixels[at] = share * (values[at] ?? 0) + (1 - share) * (pixels[at] ?? 0);
    }
  }
}
