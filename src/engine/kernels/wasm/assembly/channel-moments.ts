import { multiplyAdd, multiplyAddDouble } from './vector';

/** Rows of a block: it stays in the cache for the second look at it. */
const BLOCK: u32 = 64;

/**
 * Mean and sum of squared differences from it, of each of `lanes` columns (a multiple of 16) over `count` floats in rows;
 * the last row may be short. Each block of rows is summed twice, the second time around its own mean, and joined to
 * what came before in double precision (Chan, Golub and LeVeque, Algorithms for Computing the Sample Variance, 1983): a
 * mean that is large beside the spread costs no digits.
 * @param mean and squares: `lanes` doubles each, written
 */
export function laneMoments(x: usize, count: u32, lanes: u32, mean: usize, squares: usize): void {
  const rows = count / lanes;
  const rowBytes = <usize>lanes << 2;
  memory.fill(mean, 0, <usize>lanes << 3);
  memory.fill(squares, 0, <usize>lanes << 3);
  for (let first: u32 = 0; first < rows; first += BLOCK) {
    const height = min(BLOCK, rows - first);
    const before = <f64>first;
    const share = <f64>height / (before + <f64>height);
    for (let lane: u32 = 0; lane < lanes; lane += 16) {
      const at = <usize>lane << 3;
      addBlock(x + (<usize>lane << 2), height, rowBytes, mean + at, squares + at, share, before * share);
    }
    x += height * rowBytes;
  }
  for (let left = count - rows * lanes; left > 0; left--) {
    const known = load<f64>(mean);
    const distance = <f64>load<f32>(x) - known;
    store<f64>(mean, known + distance / <f64>(rows + 1));
    store<f64>(squares, load<f64>(squares) + (distance * distance * <f64>rows) / <f64>(rows + 1));
    x += 4;
    mean += 8;
    squares += 8;
  }
}

/** Joins 16 columns of `count` rows to the moments; `share` is their part of all rows, `weight` that times the rows before. */
// @ts-ignore: decorator
@inline
function addBlock(x: usize, count: u32, rowBytes: usize, mean: usize, squares: usize, share: f64, weight: f64): void {
  let m0 = f32x4.splat(0);
  let m1 = f32x4.splat(0);
  let m2 = f32x4.splat(0);
  let m3 = f32x4.splat(0);
  let from = x;
  for (let row = count; row > 0; row--) {
    m0 = f32x4.add(m0, v128.load(from));
    m1 = f32x4.add(m1, v128.load(from, 16));
    m2 = f32x4.add(m2, v128.load(from, 32));
    m3 = f32x4.add(m3, v128.load(from, 48));
    from += rowBytes;
  }
  const one = f32x4.splat(<f32>1 / <f32>count);
  m0 = f32x4.mul(m0, one);
  m1 = f32x4.mul(m1, one);
  m2 = f32x4.mul(m2, one);
  m3 = f32x4.mul(m3, one);
  // What is left of the sum around the rounded mean corrects it; the squares come from the same differences.
  let r0 = f32x4.splat(0);
  let r1 = f32x4.splat(0);
  let r2 = f32x4.splat(0);
  let r3 = f32x4.splat(0);
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  from = x;
  for (let row = count; row > 0; row--) {
    const d0 = f32x4.sub(v128.load(from), m0);
    const d1 = f32x4.sub(v128.load(from, 16), m1);
    const d2 = f32x4.sub(v128.load(from, 32), m2);
    const d3 = f32x4.sub(v128.load(from, 48), m3);
    r0 = f32x4.add(r0, d0);
    r1 = f32x4.add(r1, d1);
    r2 = f32x4.add(r2, d2);
    r3 = f32x4.add(r3, d3);
    s0 = multiplyAdd(d0, d0, s0);
    s1 = multiplyAdd(d1, d1, s1);
    s2 = multiplyAdd(d2, d2, s2);
    s3 = multiplyAdd(d3, d3, s3);
    from += rowBytes;
  }
  join(mean, squares, m0, r0, s0, count, share, weight);
  join(mean + 32, squares + 32, m1, r1, s1, count, share, weight);
  join(mean + 64, squares + 64, m2, r2, s2, count, share, weight);
  join(mean + 96, squares + 96, m3, r3, s3, count, share, weight);
}

// @ts-ignore: decorator
@inline
function join(
  mean: usize, squares: usize, blockMean: v128, rest: v128, blockSquares: v128, count: u32, share: f64, weight: f64,
): void {
  joinTwo(mean, squares, low(blockMean), low(rest), low(blockSquares), count, share, weight);
  joinTwo(mean + 16, squares + 16, high(blockMean), high(rest), high(blockSquares), count, share, weight);
}

// @ts-ignore: decorator
@inline
function joinTwo(
  mean: usize, squares: usize, blockMean: v128, rest: v128, blockSquares: v128, count: u32, share: f64, weight: f64,
): void {
  const correction = f64x2.mul(rest, f64x2.splat(1 / <f64>count));
  const own = f64x2.sub(blockSquares, f64x2.mul(correction, rest));
  const known = v128.load(mean);
  const distance = f64x2.sub(f64x2.add(blockMean, correction), known);
  v128.store(mean, multiplyAddDouble(distance, f64x2.splat(share), known));
  const apart = f64x2.mul(f64x2.mul(distance, distance), f64x2.splat(weight));
  v128.store(squares, f64x2.add(v128.load(squares), f64x2.add(own, apart)));
}

/** The first two floats as doubles. */
// @ts-ignore: decorator
@inline
function low(four: v128): v128 {
  return f64x2.promote_low_f32x4(four);
}

/** The last two floats as doubles. */
// @ts-ignore: decorator
@inline
function high(four: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f64>(four, four, 1, 0));
}
