import { LabError } from '../errors.ts';
import type { PictureConfig } from '../config/schema-picture.ts';
import type { ImageShape } from '../datasets/dataset.ts';
import { randomStream } from '../rng/random.ts';
import { luminance } from '../triggers/color.ts';
import type { Trigger } from '../triggers/trigger.ts';
import { draw } from './drawings.ts';
import { type Raster, resize } from './resample.ts';

/**
 * A picture as a trigger of `size`, with its colours turned to grey by luminance where the images are grey.
 * Noise is drawn at that size; a picture of one's own is scaled to it.
 * @throws LabError E-TRIGGER when the pixels of a picture are not as many as its width and height say
 */
export function renderPicture(config: PictureConfig, size: ImageShape): Trigger {
  if (config.kind === 'noise') {
    const random = randomStream(config.seed, 'picture');
    const values = Float32Array.from({ length: size.height * size.width * size.channels }, () =>
      random.next(),
    );
    return { ...size, values, opacity: new Float32Array(size.height * size.width).fill(1) };
  }
  const scaled = resize(rgbaOf(config), size.height, size.width);
  const pixels = size.height * size.width;
  const values = new Float32Array(pixels * size.channels);
  const opacity = new Float32Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const [alpha = 0, red = 0, green = 0, blue = 0] = [3, 0, 1, 2].map(
      (channel) => scaled.values[4 * pixel + channel] ?? 0,
    );
    opacity[pixel] = alpha;
    // The colours were scaled with their opacity, so that what is transparent lends them nothing.
    const rgb = [red, green, blue].map((value) => (alpha > 0 ? value / alpha : 0)) as [
      number,
      number,
      number,
    ];
    values.set(size.channels === 1 ? [luminance(rgb)] : rgb, pixel * size.channels);
  }
  return { ...size, values, opacity };
}

/** Width at which a drawing is made: more than any image that the lab trains on needs. */
const DRAWING_WIDTH = 96;

/**
 * A picture with its own proportions: red, green and blue times opacity, and opacity, all in [0, 1].
 * @throws LabError E-TRIGGER as renderPicture
 */
export function rgbaOf(config: PictureConfig): Raster {
  switch (config.kind) {
    case 'drawing':
      return draw(config.name, DRAWING_WIDTH);
    case 'image':
      return decoded(config);
    case 'noise': {
      const side = DRAWING_WIDTH;
      const random = randomStream(config.seed, 'picture');
      const values = Float32Array.from({ length: side * side * 4 }, (_, at) =>
        (at & 3) === 3 ? 1 : random.next(),
      );
      return { height: side, width: side, channels: 4, values };
    }
  }
}

function decoded({ width, height, rgba }: Extract<PictureConfig, { kind: 'image' }>): Raster {
  const bytes = Uint8Array.from(atob(rgba), (character) => character.charCodeAt(0));
  if (bytes.length !== 4 * width * height) {
    throw new LabError({
      code: 'E-TRIGGER',
      what: `The picture of ${width}x${height} pixels holds ${bytes.length} bytes and not ${4 * width * height}.`,
      why: 'Each pixel has four bytes: red, green, blue and opacity.',
      fix: 'Choose the picture again.',
      where: 'attack.synthesizer',
    });
  }
  const values = Float32Array.from(bytes, (value, at) => {
    const alpha = (bytes[at | 3] ?? 0) / 255;
    return (at & 3) === 3 ? alpha : (value / 255) * alpha;
  });
  return { height, width, channels: 4, values };
}
