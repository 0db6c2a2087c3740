/** Slow, obvious twins of pooling, for tests: loops over indices, sums in double precision. NHWC. */
import { at, type WindowShape } from './twin-shapes.ts';

/** Calls `each` with every output index and the input indices inside the image under its window. */
function windows(s: WindowShape, each: (out: number, inside: number[]) => void): void {
  for (let b = 0; b < s.batch; b += 1)
    for (let oy = 0; oy < s.outHeight; oy += 1)
      for (let ox = 0; ox < s.outWidth; ox += 1)
        for (let c = 0; c < s.inChannels; c += 1) {
          const inside: number[] = [];
          for (let wy = 0; wy < s.windowHeight; wy += 1)
            for (let wx = 0; wx < s.windowWidth; wx += 1) {
              const iy = oy * s.strideHeight + wy - s.padTop;
              const ix = ox * s.strideWidth + wx - s.padLeft;
              if (iy < 0 || iy >= s.inHeight || ix < 0 || ix >= s.inWidth) continue;
              inside.push(((b * s.inHeight + iy) * s.inWidth + ix) * s.inChannels + c);
            }
          each(((b * s.outHeight + oy) * s.outWidth + ox) * s.inChannels + c, inside);
        }
}

function outputSize(s: WindowShape): number {
  return s.batch * s.outHeight * s.outWidth * s.inChannels;
}

/** The mean of what is inside; zero over padding alone. */
export function slowAveragePool(s: WindowShape, x: Float32Array): Float64Array {
  const y = new Float64Array(outputSize(s));
  windows(s, (out, inside) => {
    for (const index of inside) y[out] = at(y, out) + at(x, index) / inside.length;
  });
  return y;
}

export function slowAveragePoolGradient(s: WindowShape, dy: Float32Array): Float64Array {
  const dx = new Float64Array(s.batch * s.inHeight * s.inWidth * s.inChannels);
  windows(s, (out, inside) => {
    for (const index of inside) dx[index] = at(dx, index) + at(dy, out) / inside.length;
  });
  return dx;
}

export function slowMaxPool(s: WindowShape, x: Float32Array): Float64Array {
  const y = new Float64Array(outputSize(s));
  windows(s, (out, inside) => (y[out] = Math.max(...inside.map((index) => at(x, index)))));
  return y;
}
