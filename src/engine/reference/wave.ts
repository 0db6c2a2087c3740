/** The deterministic tensors of the reference figures: `{ shape, seed, scale }`. */
export interface WaveSpec {
  shape: number[];
  seed: number;
  scale: number;
}

/** value[i] = scale * sin(12.9898 i + 78.233 seed), computed in float64 and rounded to float32. */
export function wave({ shape, seed, scale }: WaveSpec): Float32Array {
  const length = shape.reduce((product, side) => product * side, 1);
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) values[i] = scale * Math.sin(12.9898 * i + 78.233 * seed);
  return values;
}
