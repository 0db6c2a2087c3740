/**
 * The leading right singular vectors of a matrix, by subspace iteration on the smaller product of it and its transpose.
 * Source: Halko, Martinsson and Tropp, Finding Structure with Randomness, SIAM Review 2011, algorithm 4.4; started from the
 * rows of an identity with noise, so that equal input gives equal output.
 */
import { randomStream } from '../rng/random.ts';

export interface Directions {
  /** [count, width] unit vectors, the strongest first; the largest entry of each is positive. */
  vectors: Float64Array[];
  /** Singular values, descending. */
  values: number[];
}

/** Multiplies a block of vectors by X^T X: the caller knows where X lies. Columns in, columns out. */
export type GramProduct = (block: readonly Float64Array[]) => Promise<Float64Array[]>;

const SPARE = 6;
const MOST_ROUNDS = 60;
const ENOUGH = 1e-6;

/**
 * @param width of the vectors
 * @param count of directions wanted; fewer come back where the width is smaller
 */
export async function leadingDirections(
  width: number,
  count: number,
  product: GramProduct,
): Promise<Directions> {
  const size = Math.min(width, count + SPARE);
  const random = randomStream(0, 'leading directions');
  let block = orthonormal(
    Array.from({ length: size }, () => Float64Array.from({ length: width }, () => random.normal())),
  );
  let before: number[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const image = await product(block);
    const values = image.map((column) => Math.hypot(...column)).slice(0, count);
    block = orthonormal(image);
    const settled = values.every(
      (value, at) => Math.abs(value - (before[at] ?? Infinity)) <= ENOUGH * (values[0] ?? 0),
    );
    if (settled) break;
    before = values;
  }
  return ritz(block, await product(block), Math.min(count, size));
}

/** Gram and Schmidt, twice for good measure; a column that vanishes stays 0. */
function orthonormal(columns: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const column of columns) {
    const rest = column.slice();
    for (let pass = 0; pass < 2; pass++) {
      for (const other of done) {
        const along = dot(rest, other);
        rest.forEach((value, at) => (rest[at] = value - along * (other[at] ?? 0)));
      }
    }
    const length = Math.sqrt(dot(rest, rest));
    const before = Math.sqrt(dot(column, column));
    done.push(length > 1e-10 * before && length > 0 ? rest.map((value) => value / length) : rest.fill(0));
  }
  return done;
}

/** Eigenvectors within the subspace: of the small matrix B = Q^T (X^T X) Q, by Jacobi rotations. */
function ritz(block: readonly Float64Array[], image: readonly Float64Array[], count: number): Directions {
  const small = block.map((left) => Float64Array.from(image, (right) => dot(left, right)));
  const { values, vectors } = jacobi(small);
  const order = [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0)).slice(0, count);
  return {
    values: order.map((at) => Math.sqrt(Math.max(0, values[at] ?? 0))),
    vectors: order.map((at) => {
      const out = new Float64Array(block[0]?.length ?? 0);
      block.forEach((column, row) => {
        const share = vectors[row]?.[at] ?? 0;
        column.forEach((value, place) => (out[place] = (out[place] ?? 0) + share * value));
      });
      const largest = out.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
      return largest < 0 ? out.map((value) => -value) : out;
    }),
  };
}

/**
 * Eigenvalues and eigenvectors (columns of `vectors`) of a symmetric matrix, by cyclic Jacobi rotations.
 * Source: Golub and Van Loan, Matrix Computations, section 8.5.
 */
export function jacobi(matrix: readonly Float64Array[]): { values: Float64Array; vectors: Float64Array[] } {
  const size = matrix.length;
  const a = matrix.map((row) => row.slice());
  const vectors = a.map((_, i) => Float64Array.from(a, (__, j) => (i === j ? 1 : 0)));
  const get = (of: readonly Float64Array[], i: number, j: number): number => of[i]?.[j] ?? 0;
  const set = (of: readonly Float64Array[], i: number, j: number, value: number): void => {
    const row = of[i];
    if (row) row[j] = value;
  };
  for (let sweep = 0; sweep < 60; sweep++) {
    let [off, all] = [0, 0];
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        all += get(a, i, j) ** 2;
        if (i !== j) off += get(a, i, j) ** 2;
      }
    }
    if (off <= 1e-24 * all) break;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const apq = get(a, p, q);
        if (apq === 0) continue;
        const theta = (get(a, q, q) - get(a, p, p)) / (2 * apq);
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const [c, s] = [1 / Math.sqrt(t * t + 1), t / Math.sqrt(t * t + 1)];
        for (let k = 0; k < size; k++) {
          const [x, y] = [get(a, k, p), get(a, k, q)];
          set(a, k, p, c * x - s * y);
          set(a, k, q, s * x + c * y);
        }
        for (let k = 0; k < size; k++) {
          const [x, y] = [get(a, p, k), get(a, q, k)];
          set(a, p, k, c * x - s * y);
          set(a, q, k, s * x + c * y);
        }
        for (let k = 0; k < size; k++) {
          const [x, y] = [get(vectors, k, p), get(vectors, k, q)];
          set(vectors, k, p, c * x - s * y);
          set(vectors, k, q, s * x + c * y);
        }
      }
    }
  }
  return { values: Float64Array.from(a, (row, i) => row[i] ?? 0), vectors };
}

export function dot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < left.length; at++) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}
