import { z } from 'zod';

/** Numbers in nested lists of any depth, as PyTorch tensors are written to JSON. */
export type Nested = number | Nested[];

export const nestedNumbers: z.ZodType<Nested> = z.lazy(() => z.union([z.number(), z.array(nestedNumbers)]));

/** All numbers in row-major order. */
export function flatten(nested: Nested): number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(flatten);
}

export const waveSpec = z.object({ shape: z.array(z.int().min(1)), seed: z.number(), scale: z.number() });
