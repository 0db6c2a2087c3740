import { Geometry } from './geometry';
import { fillZero } from './vector';

/**
 * Average pooling: each output is the mean of what lies inside the image under its window; padding does not count. A
 * window over padding alone gives zero. Undilated windows.
 */
export function averagePool(geometry: usize, x: usize, y: usize): void {
  const g = changetype<Geometry>(geometry);
  const rowBytes = (<usize>g.inWidth * g.inChannels) << 2;
  for (let image: u32 = 0; image < g.batch; image++) {
    for (let outY: u32 = 0; outY < g.outHeight; outY++) {
      const cornerY = <i32>(outY * g.strideHeight) - <i32>g.padTop;
      const fromY = max(0, cornerY);
      const height = max(0, min(<i32>g.inHeight, cornerY + <i32>g.windowHeight) - fromY);
      for (let outX: u32 = 0; outX < g.outWidth; outX++) {
        const cornerX = <i32>(outX * g.strideWidth) - <i32>g.padLeft;
        const fromX = max(0, cornerX);
        const width = max(0, min(<i32>g.inWidth, cornerX + <i32>g.windowWidth) - fromX);
        const corner = x + fromY * rowBytes + ((<usize>fromX * g.inChannels) << 2);
        averageWindow(corner, y, height, width, rowBytes, g.inChannels);
        y += <usize>g.inChannels << 2;
      }
    }
    x += <usize>g.inHeight * rowBytes;
  }
}

/** The gradient of averagePool: every value inside a window gets an equal share of its dy. */
export function averagePoolBackprop(geometry: usize, dy: usize, dx: usize): void {
  const g = changetype<Geometry>(geometry);
  const rowBytes = (<usize>g.inWidth * g.inChannels) << 2;
  fillZero(dx, <usize>g.batch * g.inHeight * g.inWidth * g.inChannels);
  for (let image: u32 = 0; image < g.batch; image++) {
    for (let outY: u32 = 0; outY < g.outHeight; outY++) {
      const cornerY = <i32>(outY * g.strideHeight) - <i32>g.padTop;
      const fromY = max(0, cornerY);
      const height = max(0, min(<i32>g.inHeight, cornerY + <i32>g.windowHeight) - fromY);
      for (let outX: u32 = 0; outX < g.outWidth; outX++) {
        const cornerX = <i32>(outX * g.strideWidth) - <i32>g.padLeft;
        const fromX = max(0, cornerX);
        const width = max(0, min(<i32>g.inWidth, cornerX + <i32>g.windowWidth) - fromX);
        const corner = dx + fromY * rowBytes + ((<usize>fromX * g.inChannels) << 2);
        shareOut(corner, dy, height, width, rowBytes, g.inChannels);
        dy += <usize>g.inChannels << 2;
      }
    }
    dx += <usize>g.inHeight * rowBytes;
  }
}

// @ts-ignore: decorator
@inline
function averageWindow(x: usize, y: usize, height: i32, width: i32, rowBytes: usize, channels: u32): void {
  const share: f32 = height * width > 0 ? <f32>1 / <f32>(height * width) : 0;
  const shares = f32x4.splat(share);
  const pixelBytes = <usize>channels << 2;
  let left = channels;
  for (; left >= 16; left -= 16) {
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    let sum2 = f32x4.splat(0);
    let sum3 = f32x4.splat(0);
    for (let row = 0; row < height; row++) {
      let from = x + row * rowBytes;
      for (let column = width; column > 0; column--) {
        sum0 = f32x4.add(sum0, v128.load(from));
        sum1 = f32x4.add(sum1, v128.load(from, 16));
        sum2 = f32x4.add(sum2, v128.load(from, 32));
        sum3 = f32x4.add(sum3, v128.load(from, 48));
        from += pixelBytes;
      }
    }
    v128.store(y, f32x4.mul(sum0, shares));
    v128.store(y, f32x4.mul(sum1, shares), 16);
    v128.store(y, f32x4.mul(sum2, shares), 32);
    v128.store(y, f32x4.mul(sum3, shares), 48);
    x += 64;
    y += 64;
  }
  for (; left >= 4; left -= 4) {
    let sum = f32x4.splat(0);
    for (let row = 0; row < height; row++) {
      let from = x + row * rowBytes;
      for (let column = width; column > 0; column--) {
        sum = f32x4.add(sum, v128.load(from));
        from += pixelBytes;
      }
    }
    v128.store(y, f32x4.mul(sum, shares));
    x += 16;
    y += 16;
  }
  for (; left > 0; left--) {
    let sum: f32 = 0;
    for (let row = 0; row < height; row++) {
      let from = x + row * rowBytes;
      for (let column = width; column > 0; column--) {
        sum += load<f32>(from);
        from += pixelBytes;
      }
    }
    store<f32>(y, sum * share);
    x += 4;
    y += 4;
  }
}

// @ts-ignore: decorator
@inline
function shareOut(dx: usize, dy: usize, height: i32, width: i32, rowBytes: usize, channels: u32): void {
  const share = <f32>1 / <f32>(height * width);
  const shares = f32x4.splat(share);
  for (let row = 0; row < height; row++) {
    let to = dx + row * rowBytes;
    for (let column = width; column > 0; column--) {
      let from = dy;
      let left = channels;
      for (; left >= 4; left -= 4) {
        v128.store(to, f32x4.add(v128.load(to), f32x4.mul(v128.load(from), shares)));
        to += 16;
        from += 16;
      }
      for (; left > 0; left--) {
        store<f32>(to, load<f32>(to) + load<f32>(from) * share);
        to += 4;
        from += 4;
      }
    }
  }
}
