/** The deterministic tensors of the reference figures: `{ shape, seed, scale }`. */
export interface WaveSpec {
  shape: number[];
  seed: number;
  scale: number;
}

/** value[i] = scale * sin(12.9898 i + 78.233 seed), computed in float64 and rounded to float32. */
export function wave({ shape, seed, scale }: WaveSpec): Float32Array {
  const length = shape.reduce((product, side) => product * side, 1);
  return Float32Array.from({ length }, (_, i) => scale * Math.sin(12.9898 * i + 78.233 * seed));
}
