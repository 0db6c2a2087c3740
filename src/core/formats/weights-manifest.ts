import { z } from 'zod';
import { asSentence } from '../error-words.ts';
import { LabError } from '../errors.ts';
import type { NamedArray } from '../experiment/weights.ts';
import { sizeOf } from '../models/layers.ts';
import { concatBytes, grouped, viewOf } from './bytes.ts';

const manifestSchema = z.array(
  z.object({
    paths: z.array(z.string()),
    weights: z.array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().min(0)),
        dtype: z.string(),
        quantization: z.unknown().optional(),
      }),
    ),
  }),
);

/**
 * The float32 arrays that a TensorFlow.js `weightsManifest` describes, in TensorFlow.js's names and layouts.
 * Each group is the concatenation of its files. Throws E-MODEL: a file missing or of another size, another type, quantized weights.
 * @param read the contents of a weight file by its path in the manifest
 */
export function readWeightsManifest(
  manifest: unknown,
  read: (path: string) => Uint8Array | undefined,
  file: string,
): NamedArray[] {
  const refuse = (why: string): LabError =>
    new LabError({
      code: 'E-MODEL',
      what: `${file} has weights that cannot be read.`,
      why: asSentence(why),
      fix: 'Save the model again as float32, and keep model.json and its weight files together.',
      where: file,
    });
  const parsed = manifestSchema.safeParse(manifest);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw refuse(`weightsManifest${issue ? `.${issue.path.join('.')}: ${issue.message}` : ''}`);
  }
  return parsed.data.flatMap(({ paths, weights }) => {
    const bytes = concatBytes(
      paths.map((path) => {
        const part = read(path);
        if (part === undefined) throw refuse(`The weight file ${path} is missing`);
        return part;
      }),
    );
    const needed = weights.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
    for (const { name, dtype, quantization } of weights) {
      if (quantization !== undefined) throw refuse(`"${name}" is quantized`);
      if (dtype !== 'float32') throw refuse(`"${name}" holds ${dtype}`);
    }
    if (needed !== bytes.length) {
      throw refuse(
        `${paths.join(', ')} should have ${grouped(needed)} bytes and has ${grouped(bytes.length)}`,
      );
    }
    const view = viewOf(bytes);
    let at = 0;
    return weights.map(({ name, shape }): NamedArray => {
      const from = at;
      at += 4 * sizeOf(shape);
      const data = Float32Array.from({ length: sizeOf(shape) }, (_, index) =>
        view.getFloat32(from + 4 * index, true),
      );
      return { name, shape, data };
    });
  });
}
