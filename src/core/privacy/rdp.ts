/**
 * Rényi accounting of the sampled Gaussian mechanism. Source: Mironov, Talwar and Zhang, Rényi Differential Privacy of the
 * Sampled Gaussian Mechanism, 2019; to (ε, δ) by Canonne, Kamath and Steinke, The Discrete Gaussian for Differential
 * Privacy, 2020, proposition 12.
 */
import { logOnePlusExp, logSumExp } from './log-sum.ts';
import type { SampledGaussian } from './mechanism.ts';

/** The orders that are tried: fine where large ε are decided, wide for small ones. */
export const ORDERS: readonly number[] = [
  1.01,
  1.05,
  ...Array.from({ length: 99 }, (_, index) => 1 + (index + 1) / 10),
  ...Array.from({ length: 52 }, (_, index) => 11 + index),
  64,
  80,
  96,
  128,
  192,
  256,
  384,
  512,
];

/** Points of the integral in each of its shortest lengths. */
const RESOLUTION = 24;
/** Deviations beyond which a normal density counts as nothing. */
const REACH = 14;

/**
 * The Rényi divergence of one step at an order: log E[((1 - q) + q exp((2 z - 1) / (2 σ²)))^α] / (α - 1) for z from a normal of
 * deviation σ, by the trapezoidal rule, which is exact to rounding for such functions.
 * @param order above 1
 */
export function rdpOfStep(
  { samplingRate: q, noiseMultiplier: sigma }: SampledGaussian,
  order: number,
): number {
  if (q === 0) return 0;
  if (q === 1) return order / (2 * sigma ** 2);
  const width = Math.min(sigma, sigma ** 2, 1) / RESOLUTION;
  const [from, to] = [-REACH * sigma, order + REACH * sigma];
  const count = Math.ceil((to - from) / width);
  const step = (to - from) / count;
  const logs = new Float64Array(count + 1);
  const [logIn, logOut] = [Math.log(q), Math.log1p(-q)];
  for (let point = 0; point <= count; point++) {
    const z = from + point * step;
    const ratio = logOut + logOnePlusExp(logIn - logOut + (2 * z - 1) / (2 * sigma ** 2));
    logs[point] = order * ratio - z ** 2 / (2 * sigma ** 2);
  }
  const integral = logSumExp(logs) + Math.log(step) - Math.log(sigma * Math.sqrt(2 * Math.PI));
  return Math.max(0, integral) / (order - 1);
}

/** The divergences of one step at every order of `ORDERS`; those of many steps are their sums. */
export const rdpCurve = (mechanism: SampledGaussian): number[] =>
  ORDERS.map((order) => rdpOfStep(mechanism, order));

/**
 * The least ε that divergences at `ORDERS` prove for a δ, and the order that proves it; never below 0.
 * @param delta in (0, 1)
 */
export function epsilonOfRdp(curve: readonly number[], delta: number): { epsilon: number; order: number } {
  let best = { epsilon: Infinity, order: NaN };
  for (const [index, order] of ORDERS.entries()) {
    const divergence = curve[index] ?? Infinity;
    const epsilon =
      divergence + Math.log((order - 1) / order) - (Math.log(delta) + Math.log(order)) / (order - 1);
    if (epsilon < best.epsilon) best = { epsilon, order };
  }
  return { ...best, epsilon: Math.max(0, best.epsilon) };
}
