import { LabError } from '../errors.ts';
import { pixelsPerImage, type ImageShape } from '../datasets/dataset.ts';
import type { PlacedTrigger } from './trigger.ts';

/**
 * Lays a trigger over image `index` of `images` ([count, height, width, channels] row-major), in place:
 * out = opacity * value + (1 - opacity) * pixel; opacity 1 replaces exactly. A Float32Array holds pixels in [0, 1], a
 * Uint8Array bytes from 0 to 255 (rounded to the nearest). Throws E-SHAPE or E-TRIGGER when shapes do not fit.
 */
export function stampPixels(
  images: Float32Array | Uint8Array,
  index: number,
  shape: ImageShape,
  placed: PlacedTrigger,
): void {
  const bytes = images instanceof Uint8Array;
  const scale = bytes ? 255 : 1;
  stampWith(images, index, shape, placed, (value, opacity, pixel) => {
    const blended = opacity === 1 ? value * scale : opacity * value * scale + (1 - opacity) * pixel;
    return bytes ? Math.round(blended) : blended;
  });
}

/**
 * The same on normalised images, (pixel - mean) / deviation for each channel: the trigger's values are normalised, then
 * blended. As normalisation is affine, this equals blending the pixels and normalising after.
 * `mean` and `deviation` are [channels]. Throws E-SHAPE or E-TRIGGER when shapes do not fit.
 */
export function stampNormalized(
  images: Float32Array,
  index: number,
  shape: ImageShape,
  placed: PlacedTrigger,
  mean: readonly number[],
  deviation: readonly number[],
): void {
  if (mean.length !== shape.channels || deviation.length !== shape.channels) {
    throw new LabError({
      code: 'E-SHAPE',
      what: `The images have ${shape.channels} channels, but there are ${mean.length} means and ${deviation.length} deviations.`,
      why: 'Each channel is normalised with its own mean and deviation.',
      fix: 'Give one mean and one deviation for each channel.',
    });
  }
  stampWith(images, index, shape, placed, (value, opacity, pixel, channel) => {
    const normalized = (value - (mean[channel] ?? 0)) / (deviation[channel] ?? 1);
    return opacity === 1 ? normalized : opacity * normalized + (1 - opacity) * pixel;
  });
}

type Blend = (value: number, opacity: number, pixel: number, channel: number) => number;

function stampWith(
  images: Float32Array | Uint8Array,
  index: number,
  shape: ImageShape,
  placed: PlacedTrigger,
  blend: Blend,
): void {
  checkFit(images, index, shape, placed);
  const { trigger, row, column } = placed;
  const { channels } = shape;
  const start = index * pixelsPerImage(shape);
  for (let r = 0; r < trigger.height; r++) {
    for (let c = 0; c < trigger.width; c++) {
      const from = r * trigger.width + c;
      const opacity = trigger.opacity[from] ?? 0;
      if (opacity === 0) continue;
      const to = start + ((row + r) * shape.width + column + c) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const value = trigger.values[from * channels + channel] ?? 0;
        images[to + channel] = blend(value, opacity, images[to + channel] ?? 0, channel);
      }
    }
  }
}

function checkFit(
  images: Float32Array | Uint8Array,
  index: number,
  shape: ImageShape,
  { trigger, row, column }: PlacedTrigger,
): void {
  const size = pixelsPerImage(shape);
  if (!Number.isInteger(index) || index < 0 || (index + 1) * size > images.length) {
    throw new LabError({
      code: 'E-SHAPE',
      what: `There is no image ${index} of ${shape.height}x${shape.width}x${shape.channels} in ${images.length} values.`,
      why: `Each image holds ${size} values.`,
      fix: 'Pass images of the shape of the data set.',
    });
  }
  const outside =
    row < 0 ||
    column < 0 ||
    row + trigger.height > shape.height ||
    column + trigger.width > shape.width ||
    trigger.channels !== shape.channels;
  if (outside) {
    throw new LabError({
      code: 'E-TRIGGER',
      what: `A trigger of ${trigger.height}x${trigger.width}x${trigger.channels} at row ${row}, column ${column} does not fit images of ${shape.height}x${shape.width}x${shape.channels}.`,
      why: 'A trigger lies wholly inside an image and has its channels.',
      fix: 'Compile and place the trigger for the shape of these images.',
    });
  }
}
