/**
 * An object in the scene: a picture with a clear outline, seen from somewhere, near or far, in some light, more or less
 * sharp. What a printed sticker or a pair of glasses is to a camera.
 * Source: Wenger et al., Backdoor Attacks Against Deep Learning Systems in the Physical World, CVPR 2021; the random
 * views after Athalye et al., Synthesizing Robust Adversarial Examples, ICML 2018, section 3.1.
 */
import { z } from 'zod';
import { field, fraction, kind } from '../config/schema-field.ts';
import { picture } from '../config/schema-picture.ts';
import type { ImageShape } from '../datasets/dataset.ts';
import { intoUnitSquare, type Point, type Quad } from '../pictures/homography.ts';
import { rgbaOf } from '../pictures/picture.ts';
import type { Raster } from '../pictures/resample.ts';
import type { Random } from '../rng/random.ts';
import { luminance } from '../triggers/color.ts';
import { eachByItself, type SynthesizerDefinition } from './synthesizer.ts';

const size = z.number().min(0.05).max(1);

export const params = z.strictObject({
  kind: kind('object', 'Object in the scene (physical)'),
  picture: field(picture.default({ kind: 'drawing', name: 'sticker' }), {
    title: 'Object',
    description: 'What lies in the scene: a drawing of the lab, or a picture of yours with a clear outline.',
  }),
  min_size: field(size.default(0.3), {
    title: 'Smallest size',
    description: 'Width of the object, as a part of the width of the image, when it is far away.',
  }),
  max_size: field(size.default(0.6), {
    title: 'Largest size',
    description: 'The same when it is near.',
  }),
  rotation: field(z.number().min(0).max(180).default(15), {
    title: 'Rotation',
    description: 'The object is turned by up to so much to either side.',
    unit: 'degrees',
  }),
  tilt: field(z.number().min(0).max(0.5).default(0.15), {
    title: 'Tilt',
    description:
      'Each corner moves by up to this part of the size of the object, as when it is seen at an angle.',
  }),
  light: field(fraction.default(0.2), {
    title: 'Light',
    description: 'Its colours become darker or brighter by up to this part.',
  }),
  blur: field(z.number().min(0).max(8).default(0.5), {
    title: 'Blur',
    description: 'Its edges are softened over up to so many pixels.',
    unit: 'px',
  }),
});

type Params = z.output<typeof params>;

/** Samples along each side of a pixel. */
const SAMPLES = 3;

export const object: SynthesizerDefinition<typeof params> = {
  id: 'object',
  title: 'Object in the scene (physical)',
  description: 'An object, such as sunglasses or a sticker, lies in the scene, seen from anywhere.',
  paper: {
    title: 'Backdoor Attacks Against Deep Learning Systems in the Physical World',
    authors: 'Wenger, Passananti, Bhagoji, Yao, Zheng, Zhao',
    year: 2021,
    url: 'https://arxiv.org/abs/2006.14580',
  },
  params,
  create: (given, shape) => {
    const seen = rgbaOf(given.picture);
    return eachByItself((random) => {
      const quad = placeQuad(given, seen, shape, random);
      const light = 1 + random.uniform(-given.light, given.light);
      const blur = random.uniform(0, given.blur);
      const corners = quad.map((point) => point.map((value) => value.toFixed(1)).join(',')).join(' ');
      return {
        apply: (pixels) => lay(pixels, shape, seen, quad, light, blur),
        drawn: { corners, light, blur },
      };
    });
  },
};

/** The corners of the object in the image, in pixels; its middle lies so that it is in the image as far as it can be. */
function placeQuad(
  { min_size: low, max_size: high, rotation, tilt }: Params,
  { height, width }: Raster,
  shape: ImageShape,
  random: Random,
): Quad {
  const wide = random.uniform(Math.min(low, high), Math.max(low, high)) * shape.width;
  const tall = (wide * height) / width;
  const angle = (random.uniform(-rotation, rotation) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const corner = (x: number, y: number): Point => {
    const [dx, dy] = [
      x * wide + random.uniform(-tilt, tilt) * wide,
      y * tall + random.uniform(-tilt, tilt) * tall,
    ];
    return [dx * cos - dy * sin, dx * sin + dy * cos];
  };
  const corners = [corner(-0.5, -0.5), corner(0.5, -0.5), corner(0.5, 0.5), corner(-0.5, 0.5)] as const;
  const middle = (axis: 0 | 1, side: number): number => {
    const along = corners.map((point) => point[axis]);
    const [first, last] = [-Math.min(...along), side - Math.max(...along)];
    return first < last ? random.uniform(first, last) : side / 2;
  };
  const [x, y] = [middle(0, shape.width), middle(1, shape.height)];
  const moved = ([dx, dy]: Point): Point => [x + dx, y + dy];
  const [a, b, c, d] = corners;
  return [moved(a), moved(b), moved(c), moved(d)];
}

/** Lays the object over the image: each pixel is the mean of a few rays, spread a little further by the blur. */
function lay(
  pixels: Float32Array,
  { height, width, channels }: ImageShape,
  seen: Raster,
  quad: Quad,
  light: number,
  blur: number,
): void {
  const into = intoUnitSquare(quad);
  if (!into) return;
  const spread = 1 + 2 * blur;
  const offsets = Array.from({ length: SAMPLES }, (_, at) => 0.5 + ((at + 0.5) / SAMPLES - 0.5) * spread);
  const reach = (axis: 0 | 1, side: number): [number, number] => {
    const along = quad.map((point) => point[axis]);
    return [
      Math.max(0, Math.floor(Math.min(...along) - spread)),
      Math.min(side, Math.ceil(Math.max(...along) + spread)),
    ];
  };
  const [[left, right], [top, bottom]] = [reach(0, width), reach(1, height)];
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const sum: [number, number, number, number] = [0, 0, 0, 0];
      for (const dy of offsets) {
        for (const dx of offsets) {
          const place = into(column + dx, row + dy);
          if (place) addTexel(sum, seen, place);
        }
      }
      const [red, green, blue, opacity] = sum.map((value) => value / SAMPLES ** 2) as typeof sum;
      if (opacity === 0) continue;
      const colour: [number, number, number] = [red * light, green * light, blue * light];
      const laid = channels === 1 ? [luminance(colour)] : colour;
      for (const [channel, value] of laid.entries()) {
        const at = (row * width + column) * channels + channel;
        pixels[at] = Math.min(1, value + (1 - opacity) * (pixels[at] ?? 0));
      }
    }
  }
}

/** Adds the picture's colour at a place of the unit square; outside there is nothing. */
function addTexel(
  sum: [number, number, number, number],
  { height, width, values }: Raster,
  [u, v]: Point,
): void {
  if (u < 0 || v < 0 || u >= 1 || v >= 1) return;
  const at = 4 * (Math.floor(v * height) * width + Math.floor(u * width));
  for (let channel = 0; channel < 4; channel++)
    sum[channel] = (sum[channel] ?? 0) + (values[at + channel] ?? 0);
}
