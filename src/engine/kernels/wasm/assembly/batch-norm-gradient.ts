import { normalized } from './batch-norm';
import { multiplyAdd } from './vector';

/** Rows whose sums are kept in single precision; few enough to stay in the cache while all lanes are summed. */
const BLOCK: u32 = 32;

/**
 * The two sums that the gradient of batch normalisation needs, for each lane: of dy, and of dy * (x - mean). With
 * `rectify`, dy counts where the output was above zero. Blocks are summed in single precision, the blocks in double.
 * @param tables as for normalize
 * @param sums 2 * `lanes` doubles, written
 * @param scratch 2 * `lanes` floats
 */
export function normalizeSums(
  x: usize, dy: usize, count: u32, tables: usize, lanes: u32, rectify: bool, sums: usize, scratch: usize,
): void {
  const rowBytes = <usize>lanes << 2;
  memory.fill(sums, 0, <usize>lanes << 4);
  while (count > 0) {
    const block = min(count, BLOCK * lanes);
    const rows = block / lanes;
    for (let at: usize = 0; at < rowBytes; at += 32) {
      if (rectify) sumEight(x + at, dy + at, rows, tables + at, rowBytes, true, scratch + at);
      else sumEight(x + at, dy + at, rows, tables + at, rowBytes, false, scratch + at);
    }
    const whole = <usize>rows * rowBytes;
    for (let at: usize = 0; at < (<usize>block << 2) - whole; at += 4) {
      sumOne(x + whole + at, dy + whole + at, tables + at, rowBytes, rectify, scratch + at);
    }
    addToDoubles(sums, scratch, lanes * 2);
    count -= block;
    x += <usize>block << 2;
    dy += <usize>block << 2;
  }
}

/**
 * dx = dy * scale + (x - mean) * slope + offset, where dy counts as in normalizeSums. Two more tables follow the three
 * of normalize: slope and offset.
 */
export function normalizeGradient(
  x: usize, dy: usize, dx: usize, count: u32, tables: usize, lanes: u32, rectify: bool,
): void {
  const tableBytes = <usize>lanes << 2;
  while (count > 0) {
    const row = min(count, lanes);
    count -= row;
    let at = tables;
    let left = row;
    if (rectify) {
      for (; left >= 4; left -= 4) {
        v128.store(dx, inputGradient(v128.load(x), v128.load(dy), at, tableBytes, true));
        x += 16;
        dy += 16;
        dx += 16;
        at += 16;
      }
    } else {
      for (; left >= 4; left -= 4) {
        v128.store(dx, inputGradient(v128.load(x), v128.load(dy), at, tableBytes, false));
        x += 16;
        dy += 16;
        dx += 16;
        at += 16;
      }
    }
    for (; left > 0; left--) {
      const value = inputGradient(v128.load32_splat(x), v128.load32_splat(dy), at, tableBytes, rectify);
      store<f32>(dx, f32x4.extract_lane(value, 0));
      x += 4;
      dy += 4;
      dx += 4;
      at += 4;
    }
  }
}

// @ts-ignore: decorator
@inline
function inputGradient(x: v128, dy: v128, at: usize, tableBytes: usize, rectify: bool): v128 {
  const passed = rectify ? passedOn(dy, normalized(x, at, tableBytes)) : dy;
  const centred = f32x4.sub(x, v128.load(at));
  const sloped = multiplyAdd(centred, v128.load(at + tableBytes * 3), v128.load(at + tableBytes * 4));
  return multiplyAdd(passed, v128.load(at + tableBytes), sloped);
}

/** dy where the value is above zero. */
// @ts-ignore: decorator
@inline
function passedOn(dy: v128, value: v128): v128 {
  return v128.andnot(dy, f32x4.le(value, f32x4.splat(0)));
}

/** Both sums of eight lanes over `rows` rows, written to `sums` and one table later. */
// @ts-ignore: decorator
@inline
function sumEight(x: usize, dy: usize, rows: u32, table: usize, rowBytes: usize, rectify: bool, sums: usize): void {
  const mean0 = v128.load(table);
  const mean1 = v128.load(table, 16);
  const scale0 = v128.load(table + rowBytes);
  const scale1 = v128.load(table + rowBytes, 16);
  const shift0 = v128.load(table + rowBytes * 2);
  const shift1 = v128.load(table + rowBytes * 2, 16);
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  let product0 = f32x4.splat(0);
  let product1 = f32x4.splat(0);
  for (; rows > 0; rows--) {
    const centred0 = f32x4.sub(v128.load(x), mean0);
    const centred1 = f32x4.sub(v128.load(x, 16), mean1);
    let gradient0 = v128.load(dy);
    let gradient1 = v128.load(dy, 16);
    if (rectify) {
      gradient0 = passedOn(gradient0, multiplyAdd(centred0, scale0, shift0));
      gradient1 = passedOn(gradient1, multiplyAdd(centred1, scale1, shift1));
    }
    sum0 = f32x4.add(sum0, gradient0);
    sum1 = f32x4.add(sum1, gradient1);
    product0 = multiplyAdd(gradient0, centred0, product0);
    product1 = multiplyAdd(gradient1, centred1, product1);
    x += rowBytes;
    dy += rowBytes;
  }
  v128.store(sums, sum0);
  v128.store(sums, sum1, 16);
  v128.store(sums + rowBytes, product0);
  v128.store(sums + rowBytes, product1, 16);
}

/** Adds one value's part to both sums of its lane. */
// @ts-ignore: decorator
@inline
function sumOne(x: usize, dy: usize, table: usize, rowBytes: usize, rectify: bool, sums: usize): void {
  const value = v128.load32_splat(x);
  const gradient = v128.load32_splat(dy);
  const passed = rectify ? passedOn(gradient, normalized(value, table, rowBytes)) : gradient;
  const own = f32x4.extract_lane(passed, 0);
  store<f32>(sums, load<f32>(sums) + own);
  store<f32>(sums + rowBytes, load<f32>(sums + rowBytes) + own * (load<f32>(x) - load<f32>(table)));
}

/** target[i] += source[i], doubles and floats; `count` is a multiple of 4. */
// @ts-ignore: decorator
@inline
function addToDoubles(target: usize, source: usize, count: u32): void {
  for (; count > 0; count -= 4) {
    const four = v128.load(source);
    const high = v128.shuffle<f64>(four, four, 1, 0);
    v128.store(target, f64x2.add(v128.load(target), f64x2.promote_low_f32x4(four)));
    v128.store(target, f64x2.add(v128.load(target, 16), f64x2.promote_low_f32x4(high)), 16);
    target += 32;
    source += 16;
  }
}
