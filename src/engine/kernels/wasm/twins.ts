/** Slow, obvious twins of the kernels, for tests: loops over indices, sums in double precision. NHWC throughout. */
import { at, type WindowShape } from './twin-shapes.ts';

/** C [m, n] = op(A) op(B); A is [m, k] or, transposed, [k, m]; B is [k, n] or [n, k]. */
export function slowMatMul(
  a: Float32Array,
  b: Float32Array,
  [m, n, k]: [number, number, number],
  transposeA: boolean,
  transposeB: boolean,
): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i += 1) {
    for (let j = 0; j < n; j += 1) {
      let sum = 0;
      for (let p = 0; p < k; p += 1) {
        sum += at(a, transposeA ? p * m + i : i * k + p) * at(b, transposeB ? j * k + p : p * n + j);
      }
      c[i * n + j] = sum;
    }
  }
  return c;
}

/** Visits every (output, input, filter) index triple that a convolution multiplies. */
function visit(s: WindowShape, touch: (y: number, x: number, w: number) => void): void {
  for (let b = 0; b < s.batch; b += 1)
    for (let oy = 0; oy < s.outHeight; oy += 1)
      for (let ox = 0; ox < s.outWidth; ox += 1)
        for (let wy = 0; wy < s.windowHeight; wy += 1)
          for (let wx = 0; wx < s.windowWidth; wx += 1) {
            const iy = oy * s.strideHeight + wy * s.dilation - s.padTop;
            const ix = ox * s.strideWidth + wx * s.dilation - s.padLeft;
            if (iy < 0 || iy >= s.inHeight || ix < 0 || ix >= s.inWidth) continue;
            const pixelOut = (b * s.outHeight + oy) * s.outWidth + ox;
            const pixelIn = (b * s.inHeight + iy) * s.inWidth + ix;
            for (let ci = 0; ci < s.inChannels; ci += 1)
              for (let co = 0; co < s.outChannels; co += 1) {
                const tap = (wy * s.windowWidth + wx) * s.inChannels + ci;
                touch(pixelOut * s.outChannels + co, pixelIn * s.inChannels + ci, tap * s.outChannels + co);
              }
          }
}

export function slowConvolution(s: WindowShape, x: Float32Array, filter: Float32Array): Float64Array {
  const y = new Float64Array(s.batch * s.outHeight * s.outWidth * s.outChannels);
  visit(s, (out, input, tap) => (y[out] = at(y, out) + at(x, input) * at(filter, tap)));
  return y;
}

export function slowFilterGradient(s: WindowShape, x: Float32Array, dy: Float32Array): Float64Array {
  const gradient = new Float64Array(s.windowHeight * s.windowWidth * s.inChannels * s.outChannels);
  visit(s, (out, input, tap) => (gradient[tap] = at(gradient, tap) + at(x, input) * at(dy, out)));
  return gradient;
}

export function slowInputGradient(s: WindowShape, dy: Float32Array, filter: Float32Array): Float64Array {
  const dx = new Float64Array(s.batch * s.inHeight * s.inWidth * s.inChannels);
  visit(s, (out, input, tap) => (dx[input] = at(dx, input) + at(dy, out) * at(filter, tap)));
  return dx;
}

/** Each dy to the first largest value of its window (row by row); none above minus infinity: to nobody. */
export function slowMaxPoolGradient(s: WindowShape, x: Float32Array, dy: Float32Array): Float64Array {
  const dx = new Float64Array(x.length);
  for (let b = 0; b < s.batch; b += 1)
    for (let oy = 0; oy < s.outHeight; oy += 1)
      for (let ox = 0; ox < s.outWidth; ox += 1)
        for (let c = 0; c < s.inChannels; c += 1) {
          let best = -Infinity;
          let where = -1;
          for (let wy = 0; wy < s.windowHeight; wy += 1)
            for (let wx = 0; wx < s.windowWidth; wx += 1) {
              const iy = oy * s.strideHeight + wy - s.padTop;
              const ix = ox * s.strideWidth + wx - s.padLeft;
              if (iy < 0 || iy >= s.inHeight || ix < 0 || ix >= s.inWidth) continue;
              const index = ((b * s.inHeight + iy) * s.inWidth + ix) * s.inChannels + c;
              if (at(x, index) > best) {
                best = at(x, index);
                where = index;
              }
            }
          const out = ((b * s.outHeight + oy) * s.outWidth + ox) * s.inChannels + c;
          if (where >= 0) dx[where] = at(dx, where) + at(dy, out);
        }
  return dx;
}
