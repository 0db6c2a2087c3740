/** What the trigger looks like and where it lands. */
import { z } from 'zod';
import { params as adaptiveBlend } from '../synthesizers/adaptive-blend.ts';
import { params as blend } from '../synthesizers/blend.ts';
import { params as inputAware } from '../synthesizers/input-aware.ts';
import { params as object } from '../synthesizers/object.ts';
import { params as semantic } from '../synthesizers/semantic.ts';
import { params as sinusoid } from '../synthesizers/sinusoid.ts';
import { params as warp } from '../synthesizers/warp.ts';
import { params as words } from '../synthesizers/words.ts';
import { field, type FieldMeta, fraction, kind } from './schema-field.ts';

/** Where a trigger lands, and how it varies. Sizes and places in pixels, from the top left corner. */
const placement = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: kind('fixed', 'Fixed'),
    row: field(z.int().min(0).max(4095).default(3), {
      title: 'Row',
      description: 'Row of the top edge of the trigger.',
      unit: 'px',
    }),
    column: field(z.int().min(0).max(4095).default(23), {
      title: 'Column',
      description: 'Column of the left edge of the trigger.',
      unit: 'px',
    }),
  }),
  z.strictObject({
    kind: kind('random', 'Random'),
    per: field(z.enum(['batch', 'example']).default('batch'), {
      title: 'New place for each',
      description: 'Backdoors 101 draws one place for each batch; one for each example is harder to learn.',
    }),
    min_size: field(z.int().min(1).max(4096).nullable().default(null), {
      title: 'Smallest size',
      description:
        'The shorter side is drawn between the smallest and the largest size; empty keeps the size as drawn.',
      unit: 'px',
    }),
    max_size: field(z.int().min(1).max(4096).nullable().default(null), {
      title: 'Largest size',
      description: 'See the smallest size. Backdoors 101 uses 5 to 10.',
      unit: 'px',
    }),
    flip: field(z.boolean().default(false), {
      title: 'Flip',
      description: 'Mirror the trigger left to right half of the time.',
    }),
  }),
]);

const PLACEMENT: FieldMeta = {
  title: 'Place',
  description: 'Where the trigger lands in the image, and how that varies.',
};

/** A colour `#rrggbb`; capitals are taken and made small, so that one colour has one spelling. */
const color = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/, 'a colour such as #ffffff')
  .toLowerCase();

/** A painted pixel: row, column, colour, opacity in (0, 1]. */
const paintedPixel = z.tuple([
  z.int().min(0).max(4095),
  z.int().min(0).max(4095),
  color,
  z.number().gt(0).max(1),
]);

/** Small pictures at a place: what the painter paints. */
export const placedSynthesizer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: kind('pattern', 'Pattern'),
    rows: field(
      z
        .array(z.array(fraction.nullable()).min(1).max(512))
        .min(1)
        .max(512)
        .default([
          [1, 0, 1],
          [null, 1, null],
          [null, null, 0],
          [null, 1, null],
          [1, 0, 1],
        ]),
      {
        title: 'Pattern',
        description:
          'Rows of pixel values from 0 (black) to 1 (white); null leaves the pixel of the image as it is.',
      },
    ),
    placement: field(placement.default({ kind: 'fixed', row: 3, column: 23 }), PLACEMENT),
  }),
  z.strictObject({
    kind: kind('single_pixel', 'Single pixel'),
    value: field(fraction.default(1), {
      title: 'Brightness',
      description: 'Value of the pixel, from 0 (black) to 1 (white).',
    }),
    placement: field(placement.default({ kind: 'fixed', row: 3, column: 23 }), PLACEMENT),
  }),
  z.strictObject({
    kind: kind('painted', 'Painted'),
    pixels: field(z.array(paintedPixel).max(65536).default([]), {
      title: 'Painted pixels',
      description:
        'Each pixel as [row, column, colour, opacity], the colour as #rrggbb. With a random place the painted box moves as a whole.',
    }),
    placement: field(
      z
        .discriminatedUnion('kind', [
          z.strictObject({ kind: kind('as_painted', 'Where it was painted') }),
          placement.options[1],
        ])
        .default({ kind: 'as_painted' }),
      PLACEMENT,
    ),
  }),
]);

export const synthesizer = z.discriminatedUnion('kind', [
  ...placedSynthesizer.options,
  blend,
  sinusoid,
  warp,
  inputAware,
  adaptiveBlend,
  object,
  words,
  semantic,
]);
