/**
 * Accounting by the distribution of the privacy loss, put together numerically: tighter than Rényi accounting, with
 * a bound on its error. Source: Gopi, Lee and Wutschitz, Numerical Composition of Differential Privacy, NeurIPS 2021,
 * algorithms 1 and 2, theorem 5.5.
 */
import { inverse, transform } from './fft.ts';
import type { SampledGaussian } from './mechanism.ts';
import { normalCdf } from './normal.ts';
import { epsilonOfRdp, rdpCurve } from './rdp.ts';

/** Cells of the grid at most; where more were needed, ε is only as exact as these allow, and the error says so. */
const MOST_CELLS = 2 ** 20;

export interface PrvEpsilon {
  /** A bound: the computed ε plus the error of the grid. */
  epsilon: number;
  /** How much of it the error of the grid is. */
  error: number;
}

/**
 * The ε of so many steps for a δ.
 * @param steps 1 or more
 * @param delta in (0, 1)
 * @param error of ε that is wanted; the grid is made for it
 */
export function prvEpsilon(
  mechanism: SampledGaussian,
  steps: number,
  delta: number,
  error = 0.02,
): PrvEpsilon {
  const deltaError = delta / 1000;
  const curve = rdpCurve(mechanism);
  // The loss of all steps, and of one, stays within this but for a chance far below δ.
  const reach = Math.max(
    epsilonOfRdp(
      curve.map((divergence) => divergence * steps),
      deltaError / 4,
    ).epsilon,
    epsilonOfRdp(curve, deltaError / steps / 8).epsilon,
  );
  const spread = Math.sqrt((steps / 2) * Math.log(12 / deltaError));
  const width = Math.max(error / spread, (2 * (reach + 3)) / MOST_CELLS);
  const cells = 2 ** Math.ceil(Math.log2((2 * (reach + 3)) / width));
  const found = (['remove', 'add'] as const).map((direction) => {
    const cdf = (loss: number): number => lossCdf(mechanism, direction, loss);
    return epsilonOf(composed(cdf, meanLoss(mechanism, direction), steps, cells, width), delta - deltaError);
  });
  const gridError = width * spread;
  return { epsilon: Math.max(0, ...found) + gridError, error: gridError };
}

/** Chance that the privacy loss of one step is at most `loss`, when the example is removed or added. */
function lossCdf(
  { samplingRate: q, noiseMultiplier: sigma }: SampledGaussian,
  direction: 'remove' | 'add',
  loss: number,
): number {
  // Where the likelihood ratio of with and without the example is e^x.
  const place = (x: number): number => {
    const odds = (Math.expm1(x) + q) / q;
    return odds > 0 ? sigma ** 2 * Math.log(odds) + 0.5 : -Infinity;
  };
  if (direction === 'add') return 1 - normalCdf(place(-loss) / sigma);
  const at = place(loss);
  return (1 - q) * normalCdf(at / sigma) + q * normalCdf((at - 1) / sigma);
}

/** The mean loss of one step, by the trapezoidal rule. */
function meanLoss(
  { samplingRate: q, noiseMultiplier: sigma }: SampledGaussian,
  direction: 'remove' | 'add',
): number {
  const density = (z: number): number =>
    Math.exp(-(z ** 2) / (2 * sigma ** 2)) / (sigma * Math.sqrt(2 * Math.PI));
  const step = Math.min(sigma, sigma ** 2, 1) / 64;
  let mean = 0;
  for (let z = -14 * sigma; z <= 1 + 14 * sigma; z += step) {
    const exponent = (2 * z - 1) / (2 * sigma ** 2);
    // log((1 - q) + q e^x), kept exact where it is near 0.
    const ratio = exponent < 30 ? Math.log1p(q * Math.expm1(exponent)) : exponent + Math.log(q);
    const weight = direction === 'remove' ? (1 - q) * density(z) + q * density(z - 1) : density(z);
    mean += (direction === 'remove' ? ratio : -ratio) * weight * step;
  }
  return mean;
}

interface LossGrid {
  /** Chance of each cell. */
  chances: Float64Array;
  /** Loss in the middle of the first cell. */
  first: number;
  width: number;
}

/** The loss of all steps on a grid around 0: that of one step, shifted so that its mean is exact, times itself. */
function composed(
  cdf: (loss: number) => number,
  mean: number,
  steps: number,
  cells: number,
  width: number,
): LossGrid {
  const real = new Float64Array(cells);
  const imaginary = new Float64Array(cells);
  const half = cells / 2;
  let [below, sum, rounded] = [cdf((-half - 0.5) * width), 0, 0];
  for (let cell = -half; cell < half; cell++) {
    const upTo = cdf((cell + 0.5) * width);
    const chance = Math.max(0, upTo - below);
    below = upTo;
    real[(cell + cells) % cells] = chance; // negative losses at the end, as the transform wraps around
    sum += chance;
    rounded += chance * cell * width;
  }
  for (let cell = 0; cell < cells; cell++) real[cell] = (real[cell] as number) / sum;
  const shift = mean - rounded / sum;
  transform(real, imaginary);
  for (let cell = 0; cell < cells; cell++) {
    const [r, i] = [real[cell] as number, imaginary[cell] as number];
    const size = Math.exp(steps * Math.log(Math.hypot(r, i)));
    const angle = steps * Math.atan2(i, r);
    real[cell] = size * Math.cos(angle);
    imaginary[cell] = size * Math.sin(angle);
  }
  inverse(real, imaginary);
  const chances = new Float64Array(cells);
  for (let cell = 0; cell < cells; cell++) chances[cell] = real[(cell + half) % cells] as number;
  return { chances, first: -half * width + steps * shift, width };
}

/** The least ε with Σ max(0, 1 - e^(ε - loss)) of the chances at most δ. */
function epsilonOf({ chances, first, width }: LossGrid, delta: number): number {
  // From the largest loss down: both sums over the losses above a cell.
  let [chance, weighted] = [0, 0];
  for (let cell = chances.length - 1; cell >= 0; cell--) {
    const loss = first + cell * width;
    const here = Math.max(0, chances[cell] as number);
    const reached = chance - Math.exp(loss) * weighted;
    if (reached > delta) {
      // δ is met between this cell and the next: δ = chance - e^ε weighted there.
      return Math.log((chance - delta) / weighted);
    }
    chance += here;
    weighted += here * Math.exp(-loss);
  }
  return -Infinity;
}
