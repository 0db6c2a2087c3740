/** Slow, obvious twins of depthwise convolution, for tests: loops over indices, sums in double precision. NHWC. */
import type { DepthwiseShape } from './depthwise-tables.ts';
import { at } from './twin-shapes.ts';

/** Visits every (output, input, filter) index triple that is multiplied. */
function visit(s: DepthwiseShape, touch: (y: number, x: number, w: number) => void): void {
  for (let b = 0; b < s.batchSize; b += 1)
    for (let oy = 0; oy < s.outHeight; oy += 1)
      for (let ox = 0; ox < s.outWidth; ox += 1)
        for (let wy = 0; wy < s.filterHeight; wy += 1)
          for (let wx = 0; wx < s.filterWidth; wx += 1) {
            const iy = oy * s.strideHeight + wy * s.dilationHeight - s.padInfo.top;
            const ix = ox * s.strideWidth + wx * s.dilationWidth - s.padInfo.left;
            if (iy < 0 || iy >= s.inHeight || ix < 0 || ix >= s.inWidth) continue;
            const pixelOut = (b * s.outHeight + oy) * s.outWidth + ox;
            const pixelIn = (b * s.inHeight + iy) * s.inWidth + ix;
            const tap = wy * s.filterWidth + wx;
            for (let c = 0; c < s.inChannels; c += 1)
              for (let m = 0; m < s.multiplier; m += 1) {
                const lane = c * s.multiplier + m;
                touch(
                  pixelOut * s.outChannels + lane,
                  pixelIn * s.inChannels + c,
                  tap * s.outChannels + lane,
                );
              }
          }
}

export function slowDepthwise(s: DepthwiseShape, x: Float32Array, filter: Float32Array): Float64Array {
  const y = new Float64Array(s.batchSize * s.outHeight * s.outWidth * s.outChannels);
  visit(s, (out, input, tap) => (y[out] = at(y, out) + at(x, input) * at(filter, tap)));
  return y;
}

export function slowDepthwiseFilterGradient(
  s: DepthwiseShape,
  x: Float32Array,
  dy: Float32Array,
): Float64Array {
  const gradient = new Float64Array(s.filterHeight * s.filterWidth * s.outChannels);
  visit(s, (out, input, tap) => (gradient[tap] = at(gradient, tap) + at(x, input) * at(dy, out)));
  return gradient;
}

export function slowDepthwiseInputGradient(
  s: DepthwiseShape,
  dy: Float32Array,
  filter: Float32Array,
): Float64Array {
  const dx = new Float64Array(s.batchSize * s.inHeight * s.inWidth * s.inChannels);
  visit(s, (out, input, tap) => (dx[input] = at(dx, input) + at(dy, out) * at(filter, tap)));
  return dx;
}
