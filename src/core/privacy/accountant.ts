/** The guarantee of private training after so many steps, and the noise that keeps one. */
import { LabError } from '../errors.ts';
import type { AccountantName } from './accountants.ts';
import type { SampledGaussian } from './mechanism.ts';
import { prvEpsilon } from './prv.ts';
import { epsilonOfRdp, rdpCurve } from './rdp.ts';

/** Noise below which ε is so large that it says nothing; counting it takes long. */
const LEAST_NOISE = 0.1;
/** Noise beyond which no network learns. */
const MOST_NOISE = 1000;

/**
 * ε after so many steps of one mechanism; 0 before the first, Infinity without noise.
 * @param delta in (0, 1)
 */
export function epsilonAfter(
  accountant: AccountantName,
  mechanism: SampledGaussian,
  steps: number,
  delta: number,
): number {
  if (steps === 0) return 0;
  if (mechanism.noiseMultiplier <= 0) return Infinity;
  if (accountant === 'prv') return prvEpsilon(mechanism, steps, delta).epsilon;
  return epsilonOfRdp(
    rdpCurve(mechanism).map((divergence) => divergence * steps),
    delta,
  ).epsilon;
}

/**
 * The least noise multiplier, to 1 in 1000 and rounded up, whose ε after all steps is at most `epsilon`.
 * @param epsilon above 0
 * @param delta in (0, 1)
 * @throws LabError E-CONFIG-VALUE where no noise of use keeps it
 */
export function noiseFor(
  accountant: AccountantName,
  epsilon: number,
  { samplingRate }: Pick<SampledGaussian, 'samplingRate'>,
  steps: number,
  delta: number,
): number {
  const keeps = (noiseMultiplier: number): boolean =>
    epsilonAfter(accountant, { samplingRate, noiseMultiplier }, steps, delta) <= epsilon;
  let [low, high] = [1, 1];
  while (low > LEAST_NOISE && keeps(low)) {
    high = low;
    low /= 2;
  }
  while (!keeps(high)) {
    low = high;
    high *= 2;
    if (high > MOST_NOISE)
      throw new LabError({
        code: 'E-CONFIG-VALUE',
        what: `No noise of use keeps ε ${epsilon} over ${steps} steps.`,
        why: `Even ${MOST_NOISE} times the clipping length gives more.`,
        fix: 'Train for fewer steps, use smaller batches, or ask for a larger ε.',
        where: 'training.privacy.target_epsilon',
      });
  }
  while (high > low * 1.001) {
    const middle = (low + high) / 2;
    if (keeps(middle)) high = middle;
    else low = middle;
  }
  return high;
}
