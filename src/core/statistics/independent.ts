/** Independent components of whitened points. Source: Hyvärinen, Fast and Robust Fixed-Point Algorithms, IEEE TNN 1999 (FastICA). */
import type { Random } from '../rng/random.ts';
import { dot, jacobi } from './principal.ts';

const MOST_ROUNDS = 200;
const ENOUGH = 1e-4;

/**
 * The points turned so that their coordinates are as independent as they get (log cosh, all components at once).
 * @param points [count, width], of mean 0 and with the identity as covariance
 */
export function independentComponents(points: readonly Float64Array[], random: Random): Float64Array[] {
  const width = points[0]?.length ?? 0;
  let turn = decorrelated(
    Array.from({ length: width }, () => Float64Array.from({ length: width }, () => random.normal())),
  );
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = decorrelated(turn.map((row) => improved(points, row)));
    const moved = next.reduce(
      (most, row, at) => Math.max(most, Math.abs(Math.abs(dot(row, turn[at] ?? [])) - 1)),
      0,
    );
    turn = next;
    if (moved < ENOUGH) break;
  }
  return points.map((point) => Float64Array.from(turn, (row) => dot(row, point)));
}

/** E[x g(w x)] - E[g'(w x)] w, with g = tanh. */
function improved(points: readonly Float64Array[], row: Float64Array): Float64Array {
  const out = new Float64Array(row.length);
  let slope = 0;
  for (const point of points) {
    const bent = Math.tanh(dot(row, point));
    slope += 1 - bent * bent;
    for (let at = 0; at < out.length; at++) out[at] = (out[at] ?? 0) + bent * (point[at] ?? 0);
  }
  return out.map((value, at) => (value - slope * (row[at] ?? 0)) / points.length);
}

/** (W W^T)^(-1/2) W */
function decorrelated(rows: readonly Float64Array[]): Float64Array[] {
  const { values, vectors } = jacobi(
    rows.map((left) => Float64Array.from(rows, (right) => dot(left, right))),
  );
  const root = rows.map((_, i) =>
    Float64Array.from(rows, (__, j) => {
      let sum = 0;
      values.forEach((value, k) => {
        sum += ((vectors[i]?.[k] ?? 0) * (vectors[j]?.[k] ?? 0)) / Math.sqrt(Math.max(value, 1e-12));
      });
      return sum;
    }),
  );
  return root.map((weights) => {
    const out = new Float64Array(rows[0]?.length ?? 0);
    rows.forEach((row, at) => {
      for (let k = 0; k < out.length; k++) out[k] = (out[k] ?? 0) + (weights[at] ?? 0) * (row[k] ?? 0);
    });
    return out;
  });
}
