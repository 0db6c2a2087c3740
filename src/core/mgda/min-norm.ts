/**
 * The point of least norm in the convex hull of the tasks' gradients, from their Gram matrix alone.
 *
 * Source: Sener and Koltun, Multi-Task Learning as Multi-Objective Optimization, NeurIPS 2018, section 3.2 (MGDA), as
 * used by Blind Backdoors (Bagdasaryan and Shmatikov, USENIX Security 2021, section 3.4). Two tasks have a closed form.
 * For more, Backdoors 101 iterates (250 projected steps); we solve each face of the simplex exactly, which the few
 * objectives of an attack allow.
 */

/** Backdoors 101 keeps both weights of a two-task solution positive: the winner gets 0.999. */
const TWO_TASK_FLOOR = 0.001;

/** 2^n faces are solved, so more tasks than this are refused. */
const MAX_TASKS = 10;

export interface MinNormPoint {
  /** One weight a task, all >= 0, sum 1. */
  weights: number[];
  /** Norm of the combined gradient, the square root of w' G w. */
  norm: number;
}

/**
 * @param gram [n][n] inner products of the (normalised) gradients; symmetric, finite
 * @throws RangeError for no task, too many, or a matrix that is not square
 */
export function minNormPoint(gram: readonly (readonly number[])[]): MinNormPoint {
  const n = gram.length;
  if (n === 0 || n > MAX_TASKS) throw new RangeError(`between 1 and ${MAX_TASKS} tasks, not ${n}`);
  if (gram.some((row) => row.length !== n)) throw new RangeError('the Gram matrix is not square');
  const weights = n === 1 ? [1] : n === 2 ? twoTaskWeights(gram) : faceWeights(gram);
  return { weights, norm: Math.sqrt(Math.max(0, quadratic(gram, weights))) };
}

/** Closed form for two tasks (Sener and Koltun, equation 7), with Backdoors 101's floor at the ends. */
function twoTaskWeights(gram: readonly (readonly number[])[]): number[] {
  const [aa, ab, bb] = [at(gram, 0, 0), at(gram, 0, 1), at(gram, 1, 1)];
  let first: number;
  if (ab >= aa) first = 1 - TWO_TASK_FLOOR;
  else if (ab >= bb) first = TWO_TASK_FLOOR;
  else first = (bb - ab) / (aa + bb - 2 * ab);
  return [first, 1 - first];
}

/** The best feasible stationary point over all faces of the simplex; a single vertex always is one. */
function faceWeights(gram: readonly (readonly number[])[]): number[] {
  const n = gram.length;
  let best: number[] = [];
  let bestValue = Infinity;
  for (let face = 1; face < 1 << n; face++) {
    const members = Array.from({ length: n }, (_, task) => task).filter((task) => face & (1 << task));
    const solved = stationaryPoint(gram, members);
    if (!solved || solved.some((weight) => weight < 0)) continue;
    const weights = new Array<number>(n).fill(0);
    members.forEach((task, position) => (weights[task] = solved[position] ?? 0));
    const value = quadratic(gram, weights);
    if (value < bestValue) [best, bestValue] = [weights, value];
  }
  return best;
}

/** Solves [G 1; 1' 0] [w; l] = [0; 1] on a face; null where its gradients are affinely dependent (a smaller face does). */
function stationaryPoint(gram: readonly (readonly number[])[], members: readonly number[]): number[] | null {
  const size = members.length + 1;
  const scale = Math.max(...members.map((task) => at(gram, task, task)), Number.MIN_VALUE);
  const rows = members.map((row) => [...members.map((column) => at(gram, row, column) / scale), 1, 0]);
  rows.push([...members.map(() => 1), 0, 1]);
  for (let pivot = 0; pivot < size; pivot++) {
    let chosen = pivot;
    for (let row = pivot + 1; row < size; row++) {
      if (Math.abs(at(rows, row, pivot)) > Math.abs(at(rows, chosen, pivot))) chosen = row;
    }
    const pivotRow = rows[chosen] ?? [];
    rows[chosen] = rows[pivot] ?? [];
    rows[pivot] = pivotRow;
    const head = pivotRow[pivot] ?? 0;
    if (Math.abs(head) < 1e-12) return null;
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const factor = at(rows, row, pivot) / head;
      rows[row] = (rows[row] ?? []).map((value, column) => value - factor * (pivotRow[column] ?? 0));
    }
  }
  return members.map((_, row) => at(rows, row, size) / at(rows, row, row));
}

/** w' G w. */
export function quadratic(gram: readonly (readonly number[])[], weights: readonly number[]): number {
  let sum = 0;
  for (const [row, left] of weights.entries()) {
    for (const [column, right] of weights.entries()) sum += left * right * at(gram, row, column);
  }
  return sum;
}

function at(matrix: readonly (readonly number[])[], row: number, column: number): number {
  return matrix[row]?.[column] ?? 0;
}
