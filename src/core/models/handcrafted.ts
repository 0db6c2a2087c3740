/**
 * Units set by hand so that a trigger excites them and clean inputs do not: Hong, Carlini and Kurakin, Handcrafted
 * Backdoors in Deep Neural Networks (NeurIPS 2022), sections 4.1 (which units) and 4.2 (separation and guard bias).
 */

/** What leads into one unit. It says 1 of a typical triggered input, and 0 or less of nearly every clean one. */
export interface Craft {
  /** [features] */
  weights: Float32Array;
  bias: number;
}

/** Features of the same examples twice, row by row, [count, width]. */
export interface Separation {
  count: number;
  width: number;
  clean: Float32Array;
  triggered: Float32Array;
}

/** The most features that one unit listens to. */
const LISTENS_TO = 400;

/** Added to each variance, as a share of their mean: examples are few beside what they are to tell. */
const RIDGE = 0.01;

/** Share of clean inputs that may excite a unit, and of triggered inputs that may say less than 1. */
const SLIPS = 0.002;
const WEAK = 0.05;

/** Where between the loudest clean and the weakest triggered inputs a unit begins. */
const GUARD = 0.3;

/**
 * The units that a clean model uses least: mean activation times how far its effect on the logits spreads.
 * @param activity mean activation on clean inputs, [units]
 * @param outgoing weights to the logits, [units, classes]
 * @returns `wanted` of them, from the least used on
 */
export function idleUnits(
  activity: Float32Array,
  outgoing: Float32Array,
  classes: number,
  wanted: number,
): number[] {
  const use = Array.from(activity, (mean, unit) => {
    const row = outgoing.subarray(unit * classes, (unit + 1) * classes);
    return mean * (Math.max(...row) - Math.min(...row));
  });
  return [...use.keys()].sort((a, b) => (use[a] ?? 0) - (use[b] ?? 0) || a - b).slice(0, wanted);
}

/**
 * One craft for each unit. They share out the features that the trigger moves most for how much they vary, in turn, and
 * each weighs its own as Fisher's discriminant does (Annals of Eugenics, 1936); the authors weigh each by itself.
 */
export function craftUnits(rows: Separation, units: number): Craft[] {
  const { width } = rows;
  const clean = moments(rows.clean, width);
  const triggered = moments(rows.triggered, width);
  const moved = clean.mean.map((mean, at) => (triggered.mean[at] ?? 0) - mean);
  const spread = clean.variance.map((value, at) => value + (triggered.variance[at] ?? 0));
  const tiny = 1e-6 * Math.max(...spread) + 1e-12;
  const separation = moved.map((move, at) => Math.abs(move) / Math.sqrt((spread[at] ?? 0) + tiny));
  const order = [...separation.keys()].sort((a, b) => (separation[b] ?? 0) - (separation[a] ?? 0) || a - b);
  return Array.from({ length: units }, (_, unit) => {
    const heard = order.filter((_feature, place) => place % units === unit).slice(0, LISTENS_TO);
    const scatter = addUp(
      scatterOf(rows.clean, clean.mean, heard, width),
      scatterOf(rows.triggered, triggered.mean, heard, width),
    );
    const found = solvePositive(
      ridged(scatter, heard.length),
      heard.map((feature) => moved[feature] ?? 0),
    );
    const weights = new Float32Array(width);
    heard.forEach((feature, at) => (weights[feature] = found[at] ?? 0));
    return guarded(weights, rows);
  });
}

function addUp(one: Float64Array, other: Float64Array): Float64Array {
  return one.map((value, at) => value + (other[at] ?? 0));
}

/** How the features vary together around their mean, [features, features]. */
function scatterOf(
  rows: Float32Array,
  mean: Float64Array,
  heard: readonly number[],
  width: number,
): Float64Array {
  const { length: size } = heard;
  const scatter = new Float64Array(size * size);
  const apart = new Float64Array(size);
  const count = rows.length / width;
  for (let row = 0; row < count; row++) {
    heard.forEach((feature, at) => (apart[at] = (rows[row * width + feature] ?? 0) - (mean[feature] ?? 0)));
    for (let i = 0; i < size; i++)
      for (let j = 0; j <= i; j++)
        scatter[i * size + j] = (scatter[i * size + j] ?? 0) + ((apart[i] ?? 0) * (apart[j] ?? 0)) / count;
  }
  return scatter;
}

function ridged(scatter: Float64Array, size: number): Float64Array {
  let trace = 0;
  for (let at = 0; at < size; at++) trace += scatter[at * size + at] ?? 0;
  for (let at = 0; at < size; at++)
    scatter[at * size + at] = (scatter[at * size + at] ?? 0) + (RIDGE * trace) / size + 1e-12;
  return scatter;
}

/** Solves A x = b by Cholesky's factors, for a symmetric positive A whose lower half is given, [size, size]. */
function solvePositive(matrix: Float64Array, right: readonly number[]): Float64Array {
  const { length: size } = right;
  const low = matrix.slice();
  const at = (row: number, column: number): number => low[row * size + column] ?? 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      low[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-300)) : sum / at(j, j);
    }
  }
  const found = Float64Array.from(right);
  for (let i = 0; i < size; i++) {
    let sum = found[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= at(i, k) * (found[k] ?? 0);
    found[i] = sum / at(i, i);
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = found[i] ?? 0;
    for (let k = i + 1; k < size; k++) sum -= at(k, i) * (found[k] ?? 0);
    found[i] = sum / at(i, i);
  }
  return found;
}

/** The bias that keeps clean inputs out, and the scale at which triggered ones say 1. */
function guarded(weights: Float32Array, { count, width, clean, triggered }: Separation): Craft {
  const said = (rows: Float32Array): number[] =>
    Array.from({ length: count }, (_, row) =>
      weights.reduce((sum, weight, at) => sum + weight * (rows[row * width + at] ?? 0), 0),
    ).sort((a, b) => a - b);
  const [quiet, loud] = [said(clean), said(triggered)];
  const at = (sorted: readonly number[], share: number): number =>
    sorted[Math.min(count - 1, Math.max(0, Math.round(share * (count - 1))))] ?? 0;
  let [low, high] = [at(quiet, 1 - SLIPS), at(loud, WEAK)];
  // Where both overlap, the middles are what is left to go by.
  if (high <= low) [low, high] = [at(quiet, 0.5), at(loud, 0.5)];
  const begin = low + GUARD * (high - low);
  const scale = high > begin ? 1 / (high - begin) : 0;
  return { weights: weights.map((weight) => weight * scale), bias: -begin * scale };
}

function moments(rows: Float32Array, width: number): { mean: Float64Array; variance: Float64Array } {
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  const count = rows.length / width;
  for (let at = 0; at < rows.length; at++) {
    const value = rows[at] ?? 0;
    const feature = at % width;
    mean[feature] = (mean[feature] ?? 0) + value / count;
    square[feature] = (square[feature] ?? 0) + value ** 2 / count;
  }
  return { mean, variance: square.map((value, at) => Math.max(0, value - (mean[at] ?? 0) ** 2)) };
}
