import { z } from 'zod';
import { LabError } from '../../core/errors.ts';
import { compileTrigger } from '../../core/triggers/compile.ts';
import { stampNormalized } from '../../core/triggers/stamp.ts';
import { type Comparison, compared, norm } from './compare.ts';
import { flatten, nestedNumbers } from './nested.ts';
import { wave } from './wave.ts';

/** Normalisation of the data sets that the figures name (Backdoors 101). */
const NORMALIZATION: Record<string, { mean: number[]; deviation: number[] }> = {
  MNIST: { mean: [0.1307], deviation: [0.3081] },
  CIFAR10: { mean: [0.4914, 0.4822, 0.4465], deviation: [0.2023, 0.1994, 0.201] },
  ImageNet: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
};

const schema = z.record(
  z.string(),
  z
    .object({
      shape: z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]),
      row_top: z.int().min(0),
      col_left: z.int().min(0),
      pattern: z.array(z.array(z.number())),
      mask_value: z.number(),
      masked_pixels: z.number(),
      input_seed: z.number(),
      out_l2: z.number(),
    })
    .catchall(nestedNumbers),
);

/** The default pattern on one normalised image of each data set: number of pixels, norm of the result, the patch itself. */
export function checkPatternSynthesizer(document: unknown): Comparison[] {
  return Object.entries(schema.parse(document)).flatMap(([name, reference]) => {
    const [channels, height, width] = reference.shape;
    const normalization = NORMALIZATION[name];
    if ((channels !== 1 && channels !== 3) || !normalization) throw unknownDataset(name);
    const shape = { height, width, channels } as const;
    const placement = { kind: 'fixed', row: reference.row_top, column: reference.col_left } as const;
    const rows = reference.pattern.map((row) =>
      row.map((value) => (value === reference.mask_value ? null : value)),
    );
    const trigger = compileTrigger({ kind: 'pattern', rows, placement }, shape);
    const input = wave({ shape: [...reference.shape], seed: reference.input_seed, scale: 1 });
    const image = new Float32Array(input.length);
    forEachPixel(reference.shape, (row, column, channel, index) => {
      image[(row * width + column) * channels + channel] = input[index] ?? 0;
    });
    const placed = { trigger, row: placement.row, column: placement.column };
    stampNormalized(image, 0, shape, placed, normalization.mean, normalization.deviation);
    const stamped = trigger.opacity.reduce((sum, opacity) => sum + Math.ceil(opacity), 0) * channels;
    return [
      compared(`${name} stamped values`, [stamped], [reference.masked_pixels]),
      compared(`${name} norm`, [norm(image)], [reference.out_l2]),
      ...somePatches(name, reference).map(({ key, top, bottom, left, right, values }) => {
        const patch: number[] = [];
        for (let channel = 0; channel < channels; channel++)
          for (let row = top; row <= bottom; row++)
            for (let column = left; column <= right; column++)
              patch.push(image[(row * width + column) * channels + channel] ?? NaN);
        return compared(`${name} ${key}`, patch, values);
      }),
    ];
  });
}

/** A file without a patch shows too little. @throws LabError E-CONFIG-VALUE */
function somePatches(name: string, reference: Record<string, unknown>) {
  const found = patches(reference);
  if (found.length > 0) return found;
  throw new LabError({
    code: 'E-CONFIG-VALUE',
    what: `${name} holds no patch of the stamped image.`,
    why: 'An entry such as patch_rows3to7_cols23to25 gives the pixels to compare.',
    fix: 'Add one, or mend its name.',
    where: name,
  });
}

/** Entries named `patch_rows3to7_cols23to25`: [channel][row][column] of the result, both ends included. */
function patches(reference: Record<string, unknown>) {
  return Object.entries(reference).flatMap(([key, value]) => {
    const match = /^patch_rows(\d+)to(\d+)_cols(\d+)to(\d+)$/.exec(key);
    if (!match) return [];
    const [top = 0, bottom = 0, left = 0, right = 0] = match.slice(1).map(Number);
    return [{ key, top, bottom, left, right, values: flatten(nestedNumbers.parse(value)) }];
  });
}

/** Visits an image in PyTorch's order, channel by channel. */
function forEachPixel(
  [channels, height, width]: readonly [number, number, number],
  visit: (row: number, column: number, channel: number, index: number) => void,
): void {
  let index = 0;
  for (let channel = 0; channel < channels; channel++)
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) visit(row, column, channel, index++);
}

function unknownDataset(name: string): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `The reference names the data set ${name}.`,
    why: `Its normalisation is not known here; known are ${Object.keys(NORMALIZATION).join(', ')}.`,
    fix: 'Use one of these names.',
  });
}
