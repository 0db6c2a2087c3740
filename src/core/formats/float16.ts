/** IEEE 754 half precision, for platforms without Float16Array. */

const SCRATCH = new DataView(new ArrayBuffer(4));

/** The number that 16 bits stand for. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The nearest half to a float32, ties to even; what is too large becomes infinity. */
export function numberToHalf(value: number): number {
  SCRATCH.setFloat32(0, value);
  const bits = SCRATCH.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127;
  const fraction = bits & 0x7fffff;
  if (exponent === 128) return sign | (fraction === 0 ? 0x7c00 : 0x7e00);
  if (exponent > 15) return sign | 0x7c00;
  // Below 2^-14 halves are evenly spaced by 2^-24, so the value counts those; above, 13 bits of the fraction go.
  if (exponent < -14) {
    const shift = -exponent - 1;
    return shift > 24 ? sign : sign | rounded(fraction | 0x800000, shift);
  }
  // A fraction that rounds up carries into the exponent, and from the last one into infinity, as it should.
  return sign | rounded(((exponent + 15) << 23) | fraction, 13);
}

/** value / 2^shift, to the nearest integer, ties to even. */
function rounded(value: number, shift: number): number {
  const whole = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (whole & 1) === 1) ? whole + 1 : whole;
}
