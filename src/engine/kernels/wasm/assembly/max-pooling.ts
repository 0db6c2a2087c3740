import { Geometry } from './geometry';

/**
 * Max pooling: the largest value inside the image under each window. NaN is never larger, as its gradient has it
 * (maxPoolBackprop), so a window without any number gives minus infinity. Undilated windows.
 */
export function maxPool(geometry: usize, x: usize, y: usize): void {
  const g = changetype<Geometry>(geometry);
  const rowBytes = (<usize>g.inWidth * g.inChannels) << 2;
  for (let image: u32 = 0; image < g.batch; image++) {
    for (let outY: u32 = 0; outY < g.outHeight; outY++) {
      const cornerY = <i32>(outY * g.strideHeight) - <i32>g.padTop;
      const fromY = max(0, cornerY);
      const height = min(<i32>g.inHeight, cornerY + <i32>g.windowHeight) - fromY;
      for (let outX: u32 = 0; outX < g.outWidth; outX++) {
        const cornerX = <i32>(outX * g.strideWidth) - <i32>g.padLeft;
        const fromX = max(0, cornerX);
        const width = min(<i32>g.inWidth, cornerX + <i32>g.windowWidth) - fromX;
        const corner = x + fromY * rowBytes + ((<usize>fromX * g.inChannels) << 2);
        largest(corner, y, height, width, rowBytes, g.inChannels);
        y += <usize>g.inChannels << 2;
      }
    }
    x += <usize>g.inHeight * rowBytes;
  }
}

// @ts-ignore: decorator
@inline
function largest(x: usize, y: usize, height: i32, width: i32, rowBytes: usize, channels: u32): void {
  const pixelBytes = <usize>channels << 2;
  let left = channels;
  for (; left >= 16; left -= 16) {
    let best0 = f32x4.splat(-Infinity);
    let best1 = f32x4.splat(-Infinity);
    let best2 = f32x4.splat(-Infinity);
    let best3 = f32x4.splat(-Infinity);
    for (let row = 0; row < height; row++) {
      let from = x + row * rowBytes;
      for (let column = width; column > 0; column--) {
        best0 = f32x4.pmax(best0, v128.load(from));
        best1 = f32x4.pmax(best1, v128.load(from, 16));
        best2 = f32x4.pmax(best2, v128.load(from, 32));
        best3 = f32x4.pmax(best3, v128.load(from, 48));
        from += pixelBytes;
      }
    }
    v128.store(y, best0);
    v128.store(y, best1, 16);
    v128.store(y, best2, 32);
    v128.store(y, best3, 48);
    x += 64;
    y += 64;
  }
  for (; left >= 4; left -= 4) {
    let best = f32x4.splat(-Infinity);
    for (let row = 0; row < height; row++) {
      let from = x + row * rowBytes;
      for (let column = width; column > 0; column--) {
        best = f32x4.pmax(best, v128.load(from));
        from += pixelBytes;
      }
    }
    v128.store(y, best);
    x += 16;
    y += 16;
  }
  for (; left > 0; left--) {
    let best: f32 = -Infinity;
    for (let row = 0; row < height; row++) {
      let from = x + row * rowBytes;
      for (let column = width; column > 0; column--) {
        const value = load<f32>(from);
        if (value > best) best = value;
        from += pixelBytes;
      }
    }
    store<f32>(y, best);
    x += 4;
    y += 4;
  }
}
