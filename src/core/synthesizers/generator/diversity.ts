/**
 * Diversity of what a generator makes: images that differ should get triggers that differ.
 * Source: Nguyen and Tran, Input-Aware Dynamic Backdoor Attack, NeurIPS 2020, section 3.3.
 */

/** Keeps the division finite where two triggers are the same. */
const EPSILON = 1e-3;

/**
 * The mean over neighbours in a ring of |x - x'| / |t - t'|, with distances as root mean squares.
 * @param images [n] of any one length
 * @param made [n] what the generator made of each
 * @returns the loss, and its slope in each of `made`
 */
export function diversity(
  images: readonly Float32Array[],
  made: readonly Float32Array[],
): { loss: number; slopes: Float32Array[] } {
  const slopes = made.map(({ length }) => new Float32Array(length));
  if (made.length < 2) return { loss: 0, slopes };
  let loss = 0;
  for (let one = 0; one < made.length; one++) {
    const other = (one + 1) % made.length;
    const [x, y, t, u] = [images[one], images[other], made[one], made[other]];
    const [toOne, toOther] = [slopes[one], slopes[other]];
    if (!x || !y || !t || !u || !toOne || !toOther) throw new RangeError('one trigger an image');
    const [apart, between] = [distance(x, y), distance(t, u)];
    loss += apart / (between + EPSILON) / made.length;
    if (between === 0) continue;
    const factor = -apart / ((between + EPSILON) ** 2 * between * t.length * made.length);
    for (let at = 0; at < t.length; at++) {
      const slope = factor * ((t[at] ?? 0) - (u[at] ?? 0));
      toOne[at] = (toOne[at] ?? 0) + slope;
      toOther[at] = (toOther[at] ?? 0) - slope;
    }
  }
  return { loss, slopes };
}

function distance(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += ((one[at] ?? 0) - (other[at] ?? 0)) ** 2;
  return Math.sqrt(sum / one.length);
}
