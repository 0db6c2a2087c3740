import type { Random } from '../rng/random.ts';

/** Adds to each value a draw from a normal of mean 0; `deviation` 0 draws nothing. */
export function addNoise(values: Float32Array, deviation: number, random: Random): void {
  if (deviation === 0) return;
  for (let at = 0; at < values.length; at++) values[at] = (values[at] ?? 0) + deviation * random.normal();
}
