import { z } from 'zod';

/** Numbers in nested lists of any depth, as PyTorch tensors are written to JSON. */
export type Nested = number | Nested[];

export const nestedNumbers: z.ZodType<Nested> = z.lazy(() => z.union([z.number(), z.array(nestedNumbers)]));

/** All numbers in row-major order. */
export function flatten(nested: Nested): number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(flatten);
}

/** A shape larger than any reference: a slip or an attack. */
const fitsMemory = (shape: readonly number[]): boolean =>
  shape.reduce((product, side) => product * side, 1) <= 1e8;

export const waveSpec = z.object({
  shape: z.array(z.int().min(1)).refine(fitsMemory, 'a shape of at most 100 million numbers'),
  seed: z.number(),
  scale: z.number(),
});
