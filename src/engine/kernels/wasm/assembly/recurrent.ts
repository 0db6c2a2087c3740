/**
 * One step of a recurrent layer for `rows` texts with `hidden` states each, behind the products, and its gradient. Where
 * `present` is 0 the text has no word: its state passes as it is, and nothing is written of its gates.
 */
import { exponential } from './exponential';
import { loadLanes, storeLanes } from './lanes';

// @ts-ignore: decorator
@inline
function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x))));
}

/** 1 - 2 / (e^2x + 1): the rounding of small x is that of 1. */
// @ts-ignore: decorator
@inline
function tanh(x: v128): v128 {
  const one = f32x4.splat(1);
  const e = exponential(f32x4.add(x, x));
  return f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
}

/** y (1 - y), the slope of a sigmoid that gave y. */
// @ts-ignore: decorator
@inline
function sigmoidSlope(y: v128): v128 {
  return f32x4.mul(y, f32x4.sub(f32x4.splat(1), y));
}

/** 1 - y², the slope of a tanh that gave y. */
// @ts-ignore: decorator
@inline
function tanhSlope(y: v128): v128 {
  return f32x4.sub(f32x4.splat(1), f32x4.mul(y, y));
}

/**
 * GRU: r, z = sigmoid(x + s + b), n = tanh(x + r (s + b)), next = n + z (h - n).
 * @param x and sums: [rows, 3 hidden], from the input and from the state; bias [3 hidden]
 * @param gates takes r, z, n and the last third of s + b: [rows, 4 hidden]
 */
export function gruStep(
  x: usize, sums: usize, bias: usize, present: usize, state: usize, gates: usize, next: usize, rows: u32, hidden: u32,
): void {
  const width = <usize>hidden << 2;
  for (let row: u32 = 0; row < rows; row++) {
    if (load<f32>(present) == 0) memory.copy(next, state, width);
    else {
      for (let unit: u32 = 0; unit < hidden; unit += 4) {
        const at = <usize>unit << 2;
        const lanes = hidden - unit;
        const h = loadLanes(state + at, lanes);
        const r = sigmoid(gateSum(x + at, sums + at, bias + at, lanes));
        const z = sigmoid(gateSum(x + width + at, sums + width + at, bias + width + at, lanes));
        const third = 2 * width + at;
        const recalled = f32x4.add(loadLanes(sums + third, lanes), loadLanes(bias + third, lanes));
        const n = tanh(f32x4.add(loadLanes(x + third, lanes), f32x4.mul(r, recalled)));
        storeLanes(gates + at, r, lanes);
        storeLanes(gates + width + at, z, lanes);
        storeLanes(gates + third, n, lanes);
        storeLanes(gates + 3 * width + at, recalled, lanes);
        storeLanes(next + at, f32x4.add(n, f32x4.mul(z, f32x4.sub(h, n))), lanes);
      }
    }
    x += 3 * width;
    sums += 3 * width;
    gates += 4 * width;
    state += width;
    next += width;
    present += 4;
  }
}

/**
 * The gradients of `gruStep`. @param dState [rows, hidden], of the next state; becomes that of `state` but for the part
 * through the products @param dx and dSums take [rows, 3 hidden]
 */
export function gruStepBackprop(
  gates: usize, present: usize, state: usize, dState: usize, dx: usize, dSums: usize, rows: u32, hidden: u32,
): void {
  const width = <usize>hidden << 2;
  for (let row: u32 = 0; row < rows; row++) {
    if (load<f32>(present) == 0) {
      memory.fill(dx, 0, 3 * width);
      memory.fill(dSums, 0, 3 * width);
    } else {
      for (let unit: u32 = 0; unit < hidden; unit += 4) {
        const at = <usize>unit << 2;
        const third = 2 * width + at;
        const lanes = hidden - unit;
        const r = loadLanes(gates + at, lanes);
        const z = loadLanes(gates + width + at, lanes);
        const n = loadLanes(gates + third, lanes);
        const recalled = loadLanes(gates + 3 * width + at, lanes);
        const dh = loadLanes(dState + at, lanes);
        const away = f32x4.sub(loadLanes(state + at, lanes), n);
        const dn = f32x4.mul(f32x4.mul(dh, f32x4.sub(f32x4.splat(1), z)), tanhSlope(n));
        const dz = f32x4.mul(f32x4.mul(dh, away), sigmoidSlope(z));
        const dr = f32x4.mul(f32x4.mul(dn, recalled), sigmoidSlope(r));
        storeLanes(dx + at, dr, lanes);
        storeLanes(dx + width + at, dz, lanes);
        storeLanes(dx + third, dn, lanes);
        storeLanes(dSums + at, dr, lanes);
        storeLanes(dSums + width + at, dz, lanes);
        storeLanes(dSums + third, f32x4.mul(dn, r), lanes);
        storeLanes(dState + at, f32x4.mul(dh, z), lanes);
      }
    }
    gates += 4 * width;
    dx += 3 * width;
    dSums += 3 * width;
    state += width;
    dState += width;
    present += 4;
  }
}

/**
 * LSTM: i, f, o = sigmoid(x + s + b), g = tanh(x + s + b), cell' = f cell + i g, next = o tanh(cell').
 * @param x and sums: [rows, 4 hidden] in the order i, f, g, o; bias [4 hidden]
 * @param gates takes i, f, g, o and tanh(cell'): [rows, 5 hidden]
 */
export function lstmStep(
  x: usize, sums: usize, bias: usize, present: usize, state: usize, cell: usize, gates: usize, next: usize,
  nextCell: usize, rows: u32, hidden: u32,
): void {
  const width = <usize>hidden << 2;
  for (let row: u32 = 0; row < rows; row++) {
    if (load<f32>(present) == 0) {
      memory.copy(next, state, width);
      memory.copy(nextCell, cell, width);
    } else {
      for (let unit: u32 = 0; unit < hidden; unit += 4) {
        const at = <usize>unit << 2;
        const second = width + at;
        const third = 2 * width + at;
        const fourth = 3 * width + at;
        const lanes = hidden - unit;
        const i = sigmoid(gateSum(x + at, sums + at, bias + at, lanes));
        const f = sigmoid(gateSum(x + second, sums + second, bias + second, lanes));
        const g = tanh(gateSum(x + third, sums + third, bias + third, lanes));
        const o = sigmoid(gateSum(x + fourth, sums + fourth, bias + fourth, lanes));
        const c = f32x4.add(f32x4.mul(f, loadLanes(cell + at, lanes)), f32x4.mul(i, g));
        const shown = tanh(c);
        storeLanes(gates + at, i, lanes);
        storeLanes(gates + second, f, lanes);
        storeLanes(gates + third, g, lanes);
        storeLanes(gates + fourth, o, lanes);
        storeLanes(gates + 4 * width + at, shown, lanes);
        storeLanes(nextCell + at, c, lanes);
        storeLanes(next + at, f32x4.mul(o, shown), lanes);
      }
    }
    x += 4 * width;
    sums += 4 * width;
    gates += 5 * width;
    state += width;
    cell += width;
    next += width;
    nextCell += width;
    present += 4;
  }
}

/**
 * The gradients of `lstmStep`. @param dState and dCell [rows, hidden], of what came out; become those of what went in,
 * dState but for the part through the products @param dSums takes [rows, 4 hidden]
 */
export function lstmStepBackprop(
  gates: usize, present: usize, cell: usize, dState: usize, dCell: usize, dSums: usize, rows: u32, hidden: u32,
): void {
  const width = <usize>hidden << 2;
  for (let row: u32 = 0; row < rows; row++) {
    if (load<f32>(present) == 0) memory.fill(dSums, 0, 4 * width);
    else {
      for (let unit: u32 = 0; unit < hidden; unit += 4) {
        const at = <usize>unit << 2;
        const lanes = hidden - unit;
        const i = loadLanes(gates + at, lanes);
        const f = loadLanes(gates + width + at, lanes);
        const g = loadLanes(gates + 2 * width + at, lanes);
        const o = loadLanes(gates + 3 * width + at, lanes);
        const shown = loadLanes(gates + 4 * width + at, lanes);
        const dh = loadLanes(dState + at, lanes);
        const through = f32x4.mul(f32x4.mul(dh, o), tanhSlope(shown));
        const dc = f32x4.add(loadLanes(dCell + at, lanes), through);
        storeLanes(dSums + at, f32x4.mul(f32x4.mul(dc, g), sigmoidSlope(i)), lanes);
        const forgotten = f32x4.mul(dc, loadLanes(cell + at, lanes));
        storeLanes(dSums + width + at, f32x4.mul(forgotten, sigmoidSlope(f)), lanes);
        storeLanes(dSums + 2 * width + at, f32x4.mul(f32x4.mul(dc, i), tanhSlope(g)), lanes);
        storeLanes(dSums + 3 * width + at, f32x4.mul(f32x4.mul(dh, shown), sigmoidSlope(o)), lanes);
        storeLanes(dCell + at, f32x4.mul(dc, f), lanes);
        storeLanes(dState + at, f32x4.splat(0), lanes);
      }
    }
    gates += 5 * width;
    dSums += 4 * width;
    cell += width;
    dState += width;
    dCell += width;
    present += 4;
  }
}

// @ts-ignore: decorator
@inline
function gateSum(x: usize, sums: usize, bias: usize, lanes: u32): v128 {
  return f32x4.add(loadLanes(x, lanes), f32x4.add(loadLanes(sums, lanes), loadLanes(bias, lanes)));
}
