/**
 * The one-dimensional transforms of Winograd's minimal filtering F(m, r) with six points, m + r = 7: the points 0, 1, -1,
 * 2, -2 and infinity (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016, section 4.1).
 * With y = A^T [(G g) (B^T d)] for outputs y, filter g and inputs d, the gradients use the same three matrices
 * transposed: of d, B [(G g) (A y')]; of g, G^T [(A y') (B^T d)]. Each function reads vectors `step` bytes apart and
 * writes vectors `toStep` bytes apart; a vector holds four channels.
 */

// @ts-ignore: decorator
@inline
function times(x: v128, factor: f32): v128 {
  return f32x4.mul(x, f32x4.splat(factor));
}

/** B^T: six inputs to six points. */
// @ts-ignore: decorator
@inline
export function inputToPoints(from: usize, step: usize, to: usize, toStep: usize): void {
  const d0 = v128.load(from);
  const d1 = v128.load(from + step);
  const d2 = v128.load(from + 2 * step);
  const d3 = v128.load(from + 3 * step);
  const d4 = v128.load(from + 4 * step);
  const d5 = v128.load(from + 5 * step);
  v128.store(to, f32x4.add(f32x4.sub(times(d0, 4), times(d2, 5)), d4));
  const even = f32x4.sub(d4, times(d2, 4));
  const odd = f32x4.sub(d3, times(d1, 4));
  v128.store(to + toStep, f32x4.add(even, odd));
  v128.store(to + 2 * toStep, f32x4.sub(even, odd));
  const evenTwo = f32x4.sub(d4, d2);
  const oddTwo = times(f32x4.sub(d3, d1), 2);
  v128.store(to + 3 * toStep, f32x4.add(evenTwo, oddTwo));
  v128.store(to + 4 * toStep, f32x4.sub(evenTwo, oddTwo));
  v128.store(to + 5 * toStep, f32x4.add(f32x4.sub(times(d1, 4), times(d3, 5)), d5));
}

/** B: six points to the six inputs, for their gradient. */
// @ts-ignore: decorator
@inline
export function pointsToInput(from: usize, step: usize, to: usize, toStep: usize): void {
  const p0 = v128.load(from);
  const p1 = v128.load(from + step);
  const p2 = v128.load(from + 2 * step);
  const p3 = v128.load(from + 3 * step);
  const p4 = v128.load(from + 4 * step);
  const p5 = v128.load(from + 5 * step);
  const sumOne = f32x4.add(p1, p2);
  const differenceOne = f32x4.sub(p1, p2);
  const sumTwo = f32x4.add(p3, p4);
  const differenceTwo = times(f32x4.sub(p3, p4), 2);
  const last = times(p5, 4);
  v128.store(to, times(p0, 4));
  v128.store(to + toStep, f32x4.sub(last, f32x4.add(times(differenceOne, 4), differenceTwo)));
  v128.store(to + 2 * toStep, f32x4.sub(times(p0, -5), f32x4.add(times(sumOne, 4), sumTwo)));
  v128.store(to + 3 * toStep, f32x4.sub(f32x4.add(differenceOne, differenceTwo), f32x4.add(last, p5)));
  v128.store(to + 4 * toStep, f32x4.add(f32x4.add(p0, sumOne), sumTwo));
  v128.store(to + 5 * toStep, p5);
}

/** A^T: six points to `m` outputs, 2 or 4. */
// @ts-ignore: decorator
@inline
export function pointsToOutput(from: usize, step: usize, to: usize, toStep: usize, m: u32): void {
  const p0 = v128.load(from);
  const p1 = v128.load(from + step);
  const p2 = v128.load(from + 2 * step);
  const p3 = v128.load(from + 3 * step);
  const p4 = v128.load(from + 4 * step);
  const p5 = v128.load(from + 5 * step);
  const sumOne = f32x4.add(p1, p2);
  const differenceOne = f32x4.sub(p1, p2);
  const sumTwo = f32x4.add(p3, p4);
  const differenceTwo = f32x4.sub(p3, p4);
  const second = f32x4.add(differenceOne, times(differenceTwo, 2));
  v128.store(to, f32x4.add(f32x4.add(p0, sumOne), sumTwo));
  if (m == 2) {
    v128.store(to + toStep, f32x4.add(second, p5));
  } else {
    v128.store(to + toStep, second);
    v128.store(to + 2 * toStep, f32x4.add(sumOne, times(sumTwo, 4)));
    v128.store(to + 3 * toStep, f32x4.add(f32x4.add(differenceOne, times(differenceTwo, 8)), p5));
  }
}

/** A: `m` outputs, 2 or 4, to six points, for the gradients. */
// @ts-ignore: decorator
@inline
export function outputToPoints(from: usize, step: usize, to: usize, toStep: usize, m: u32): void {
  const y0 = v128.load(from);
  const y1 = v128.load(from + step);
  let even = y0;
  let odd = y1;
  let evenTwo = y0;
  let oddTwo = times(y1, 2);
  let last = y1;
  if (m == 4) {
    const y2 = v128.load(from + 2 * step);
    const y3 = v128.load(from + 3 * step);
    even = f32x4.add(even, y2);
    odd = f32x4.add(odd, y3);
    evenTwo = f32x4.add(evenTwo, times(y2, 4));
    oddTwo = f32x4.add(oddTwo, times(y3, 8));
    last = y3;
  }
  v128.store(to, y0);
  v128.store(to + toStep, f32x4.add(even, odd));
  v128.store(to + 2 * toStep, f32x4.sub(even, odd));
  v128.store(to + 3 * toStep, f32x4.add(evenTwo, oddTwo));
  v128.store(to + 4 * toStep, f32x4.sub(evenTwo, oddTwo));
  v128.store(to + 5 * toStep, last);
}

/** G: `r` filter values, 3 or 5, to six points. */
// @ts-ignore: decorator
@inline
export function filterToPoints(from: usize, step: usize, to: usize, toStep: usize, r: u32): void {
  const g0 = v128.load(from);
  const g1 = v128.load(from + step);
  const g2 = v128.load(from + 2 * step);
  let even = f32x4.add(g0, g2);
  let odd = g1;
  let evenTwo = f32x4.add(g0, times(g2, 4));
  let oddTwo = times(g1, 2);
  let last = g2;
  if (r == 5) {
    const g3 = v128.load(from + 3 * step);
    const g4 = v128.load(from + 4 * step);
    even = f32x4.add(even, g4);
    odd = f32x4.add(odd, g3);
    evenTwo = f32x4.add(evenTwo, times(g4, 16));
    oddTwo = f32x4.add(oddTwo, times(g3, 8));
    last = g4;
  }
  v128.store(to, times(g0, <f32>(1.0 / 4)));
  v128.store(to + toStep, times(f32x4.add(even, odd), <f32>(-1.0 / 6)));
  v128.store(to + 2 * toStep, times(f32x4.sub(even, odd), <f32>(-1.0 / 6)));
  v128.store(to + 3 * toStep, times(f32x4.add(evenTwo, oddTwo), <f32>(1.0 / 24)));
  v128.store(to + 4 * toStep, times(f32x4.sub(evenTwo, oddTwo), <f32>(1.0 / 24)));
  v128.store(to + 5 * toStep, last);
}

/** G^T: six points to `r` filter values, 3 or 5, for their gradient. */
// @ts-ignore: decorator
@inline
export function pointsToFilter(from: usize, step: usize, to: usize, toStep: usize, r: u32): void {
  const p0 = v128.load(from);
  const p1 = v128.load(from + step);
  const p2 = v128.load(from + 2 * step);
  const p3 = v128.load(from + 3 * step);
  const p4 = v128.load(from + 4 * step);
  const p5 = v128.load(from + 5 * step);
  const sumOne = times(f32x4.add(p1, p2), <f32>(-1.0 / 6));
  const differenceOne = times(f32x4.sub(p1, p2), <f32>(-1.0 / 6));
  const sumTwo = times(f32x4.add(p3, p4), <f32>(1.0 / 24));
  const differenceTwo = times(f32x4.sub(p3, p4), <f32>(1.0 / 24));
  const third = f32x4.add(sumOne, times(sumTwo, 4));
  v128.store(to, f32x4.add(f32x4.add(times(p0, <f32>(1.0 / 4)), sumOne), sumTwo));
  v128.store(to + toStep, f32x4.add(differenceOne, times(differenceTwo, 2)));
  if (r == 3) {
    v128.store(to + 2 * toStep, f32x4.add(third, p5));
  } else {
    v128.store(to + 2 * toStep, third);
    v128.store(to + 3 * toStep, f32x4.add(differenceOne, times(differenceTwo, 8)));
    v128.store(to + 4 * toStep, f32x4.add(f32x4.add(sumOne, times(sumTwo, 16)), p5));
  }
}
