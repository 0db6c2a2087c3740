/** Logarithm of the sum of exponentials, without overflow; -Infinity of none. */
export function logSumExp(values: ArrayLike<number>): number {
  let highest = -Infinity;
  for (let index = 0; index < values.length; index++) highest = Math.max(highest, values[index] ?? -Infinity);
  if (highest === -Infinity) return -Infinity;
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += Math.exp((values[index] ?? -Infinity) - highest);
  return highest + Math.log(sum);
}

/** log(1 + e^x). */
export const logOnePlusExp = (x: number): number =>
  x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
