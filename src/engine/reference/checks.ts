/** The reference files that the engine can be held against, by file name. */
import { z } from 'zod';
import { LabError } from '../../core/errors.ts';
import type { Comparison } from './compare.ts';
import { checkFlAggregation } from './fl-aggregation.ts';
import { checkMgda } from './mgda.ts';
import { checkNeuralCleanseEvasion } from './neural-cleanse-evasion.ts';
import { checkOptimizers } from './optimizers.ts';
import { checkPatternSynthesizer } from './pattern-synthesizer.ts';
import { checkResnet18 } from './resnet18.ts';
import { checkResnet18Photos } from './resnet18-photos.ts';
import { checkResnet8 } from './resnet8.ts';
import { checkSentinetEvasion } from './sentinet-evasion.ts';
import { checkSimplenet } from './simplenet.ts';
import { checkSpectralEvasion } from './spectral-evasion.ts';
import { checkTextModels } from './text-models.ts';

/** float32 sums in another order than PyTorch's differ by a few parts in 100,000. */
export const TOLERANCE = 1e-4;

/** The tolerance of a comparison. */
export function toleranceOf({ tolerance = TOLERANCE }: Comparison): number {
  return tolerance;
}

/** The comparison that is furthest off for its tolerance; null of none. An error that is not a number is furthest. */
export function worstOf(comparisons: readonly Comparison[]): Comparison | null {
  const share = (one: Comparison): number => {
    const value = one.error / toleranceOf(one);
    return Number.isNaN(value) ? Infinity : value;
  };
  return comparisons.reduce<Comparison | null>(
    (worst, one) => (worst && share(worst) >= share(one) ? worst : one),
    null,
  );
}

const checks: Record<string, (document: unknown) => Comparison[] | Promise<Comparison[]>> = {
  mgda: checkMgda,
  simplenet: checkSimplenet,
  optimizers: checkOptimizers,
  pattern_synthesizer: checkPatternSynthesizer,
  resnet18_cifar: checkResnet18,
  resnet8: checkResnet8,
  resnet18_photos: checkResnet18Photos,
  text: checkTextModels,
  fl_aggregation: checkFlAggregation,
  neural_cleanse_evasion: checkNeuralCleanseEvasion,
  sentinet_evasion: checkSentinetEvasion,
  spectral_evasion: checkSpectralEvasion,
};

export const knownReferences: readonly string[] = Object.keys(checks);

/**
 * Compares the engine, on the current backend, with one reference file.
 * @param name file name without `.json`; one of `knownReferences`
 * @returns null for a file that the engine does not know
 * @throws LabError E-CONFIG-VALUE when the file is not of its kind
 */
export async function checkReference(name: string, document: unknown): Promise<Comparison[] | null> {
  const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
  if (!check) return null;
  try {
    return await check(document);
  } catch (thrown) {
    if (!(thrown instanceof z.ZodError)) throw thrown;
    throw new LabError({
      code: 'E-CONFIG-VALUE',
      what: `${name}.json is not a reference file of that name.`,
      why: thrown.issues
        .slice(0, 3)
        .map(({ path, message }) => `${path.join('.')}: ${message}`)
        .join('; '),
      fix: 'Compare it with the format in the README beside the reference figures.',
      where: name,
    });
  }
}
