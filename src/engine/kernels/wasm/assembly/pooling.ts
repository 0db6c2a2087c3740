import { Geometry } from './geometry';
import { fillZero } from './vector';

/**
 * The gradient of max pooling: each dy goes to the first largest value of its window in row order, as on the cpu backend
 * of TensorFlow.js. A window without any value above minus infinity passes nothing on. Undilated windows.
 */
export function maxPoolBackprop(geometry: usize, dy: usize, x: usize, dx: usize): void {
  const g = changetype<Geometry>(geometry);
  const channels = g.inChannels;
  const rowBytes = <usize>g.inWidth * channels * 4;
  const disjoint = g.strideHeight >= g.windowHeight && g.strideWidth >= g.windowWidth;
  fillZero(dx, <usize>g.batch * g.inHeight * g.inWidth * channels);
  for (let image: u32 = 0; image < g.batch; image++) {
    const base = <usize>image * g.inHeight * rowBytes;
    for (let outY: u32 = 0; outY < g.outHeight; outY++) {
      const cornerY = <i32>(outY * g.strideHeight) - <i32>g.padTop;
      const fromY = max(0, cornerY);
      const toY = min(<i32>g.inHeight, cornerY + <i32>g.windowHeight);
      for (let outX: u32 = 0; outX < g.outWidth; outX++) {
        const cornerX = <i32>(outX * g.strideWidth) - <i32>g.padLeft;
        const fromX = max(0, cornerX);
        const toX = min(<i32>g.inWidth, cornerX + <i32>g.windowWidth);
        const corner = base + fromY * rowBytes + fromX * channels * 4;
        if (toY > fromY && toX > fromX) {
          backpropWindow(x + corner, dx + corner, dy, toY - fromY, toX - fromX, rowBytes, channels, disjoint);
        }
        dy += channels << 2;
      }
    }
  }
}

/** One window: finds each channel's first largest value and adds dy there (or stores it, where windows do not overlap). */
// @ts-ignore: decorator
@inline
function backpropWindow(
  x: usize, dx: usize, dy: usize, height: i32, width: i32, rowBytes: usize, channels: u32, disjoint: bool,
): void {
  const pixelBytes = <usize>channels << 2;
  let left = channels;
  for (; left >= 4; left -= 4) {
    let best = f32x4.splat(-Infinity);
    let where = i32x4.splat(-1);
    let at = i32x4.splat(0);
    const one = i32x4.splat(1);
    for (let y = 0; y < height; y++) {
      let from = x + y * rowBytes;
      for (let column = 0; column < width; column++) {
        const value = v128.load(from);
        const larger = f32x4.gt(value, best);
        best = v128.bitselect(value, best, larger);
        where = v128.bitselect(at, where, larger);
        at = i32x4.add(at, one);
        from += pixelBytes;
      }
    }
    const gradient = v128.load(dy);
    at = i32x4.splat(0);
    for (let y = 0; y < height; y++) {
      let to = dx + y * rowBytes;
      for (let column = 0; column < width; column++) {
        const share = v128.and(gradient, i32x4.eq(at, where));
        v128.store(to, disjoint ? share : f32x4.add(v128.load(to), share));
        at = i32x4.add(at, one);
        to += pixelBytes;
      }
    }
    x += 16;
    dx += 16;
    dy += 16;
  }
  for (; left > 0; left--) {
    let best: f32 = -Infinity;
    let where: usize = 0;
    let found = false;
    for (let y = 0; y < height; y++) {
      for (let column = 0; column < width; column++) {
        const offset = y * rowBytes + column * pixelBytes;
        const value = load<f32>(x + offset);
        if (value > best) {
          best = value;
          where = offset;
          found = true;
        }
      }
    }
    if (found) store<f32>(dx + where, load<f32>(dx + where) + load<f32>(dy));
    x += 4;
    dx += 4;
    dy += 4;
  }
}
