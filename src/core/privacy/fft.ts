/**
 * The discrete Fourier transform of complex numbers, in place (Cooley and Tukey, 1965).
 * @param real and `imaginary` parts, a power of 2 of them
 */
export function transform(real: Float64Array, imaginary: Float64Array): void {
  const count = real.length;
  for (let index = 1, mirror = 0; index < count; index++) {
    let bit = count >> 1;
    for (; mirror & bit; bit >>= 1) mirror ^= bit;
    mirror ^= bit;
    if (index < mirror) {
      swap(real, index, mirror);
      swap(imaginary, index, mirror);
    }
  }
  for (let size = 2; size <= count; size *= 2) {
    const half = size / 2;
    const cosines = new Float64Array(half);
    const sines = new Float64Array(half);
    for (let k = 0; k < half; k++) {
      cosines[k] = Math.cos((2 * Math.PI * k) / size);
      sines[k] = -Math.sin((2 * Math.PI * k) / size);
    }
    for (let start = 0; start < count; start += size)
      for (let k = 0; k < half; k++) {
        const [low, high] = [start + k, start + k + half];
        const [c, s] = [cosines[k] as number, sines[k] as number];
        const [r, i] = [real[high] as number, imaginary[high] as number];
        const turnedReal = r * c - i * s;
        const turnedImaginary = r * s + i * c;
        real[high] = (real[low] as number) - turnedReal;
        imaginary[high] = (imaginary[low] as number) - turnedImaginary;
        real[low] = (real[low] as number) + turnedReal;
        imaginary[low] = (imaginary[low] as number) + turnedImaginary;
      }
  }
}

/** The inverse transform, in place. */
export function inverse(real: Float64Array, imaginary: Float64Array): void {
  transform(imaginary, real);
  const count = real.length;
  for (let index = 0; index < count; index++) {
    real[index] = (real[index] as number) / count;
    imaginary[index] = (imaginary[index] as number) / count;
  }
}

function swap(values: Float64Array, a: number, b: number): void {
  const held = values[a] as number;
  values[a] = values[b] as number;
  values[b] = held;
}
