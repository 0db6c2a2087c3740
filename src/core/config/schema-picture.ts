/** A picture within an experiment: small enough for a link. */
import { z } from 'zod';
import { DRAWINGS } from '../pictures/drawings.ts';
import { field, kind } from './schema-field.ts';

/** The longest side of a picture that an experiment carries, in pixels. */
export const MAX_PICTURE_SIDE = 128;

const side = z.int().min(1).max(MAX_PICTURE_SIDE);

export const picture = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: kind('noise', 'Noise'),
    seed: field(z.int().min(0).max(4294967295).default(0), {
      title: 'Seed of the noise',
      description: 'Every pixel is drawn from it, evenly between black and white.',
    }),
  }),
  z.strictObject({
    kind: kind('drawing', 'A drawing of the lab'),
    name: field(z.enum(DRAWINGS).default('sunglasses'), {
      title: 'Drawing',
      description: 'An object that ships with the lab, clear around its outline.',
    }),
  }),
  z.strictObject({
    kind: kind('image', 'A picture of yours'),
    width: field(side, { title: 'Width', description: 'Width of the picture.', unit: 'px' }),
    height: field(side, { title: 'Height', description: 'Height of the picture.', unit: 'px' }),
    rgba: field(z.base64().max(4 * Math.ceil((4 * MAX_PICTURE_SIDE ** 2) / 3)), {
      title: 'Pixels',
      description: 'Red, green, blue and opacity of each pixel, one byte each, row by row, as base64.',
    }),
  }),
]);

export type PictureConfig = z.output<typeof picture>;
