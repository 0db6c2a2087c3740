import { Geometry } from './geometry';
import { padRows } from './panels';

/** Byte offsets of the first window value of every output position of `images` images, in output order; padded to whole tiles. */
export function fillPositions(g: Geometry, images: u32, table: usize): void {
  let at = table;
  const width = g.workWidth();
  const height = g.workHeight();
  for (let image: u32 = 0; image < images; image++) {
    for (let y: u32 = 0; y < g.outHeight; y++) {
      const row = (image * height + y * g.strideHeight) * width;
      for (let x: u32 = 0; x < g.outWidth; x++) {
        store<u32>(at, ((row + x * g.strideWidth) * g.inChannels) << 2);
        at += 4;
      }
    }
  }
  padRows(table, images * g.positions());
}

/** Byte offsets of the runs of a window (rows, or pixels where dilated). */
export function fillRuns(g: Geometry, table: usize): void {
  const width = g.workWidth();
  const perRow: u32 = g.dilationWidth == 1 ? 1 : g.windowWidth;
  for (let y: u32 = 0; y < g.windowHeight; y++) {
    for (let x: u32 = 0; x < perRow; x++) {
      store<u32>(table, ((y * g.dilationHeight * width + x * g.dilationWidth) * g.inChannels) << 2);
      table += 4;
    }
  }
}

/** Byte offsets of every value of a window, in filter order (row, column, channel); padded to whole tiles. */
export function fillTaps(g: Geometry, table: usize): void {
  let at = table;
  const width = g.workWidth();
  for (let y: u32 = 0; y < g.windowHeight; y++) {
    for (let x: u32 = 0; x < g.windowWidth; x++) {
      const pixel = (y * g.dilationHeight * width + x * g.dilationWidth) * g.inChannels;
      for (let channel: u32 = 0; channel < g.inChannels; channel++) {
        store<u32>(at, (pixel + channel) << 2);
        at += 4;
      }
    }
  }
  padRows(table, g.windowSize());
}

/** Byte offsets of the first window value of every output row of `images` images. */
export function fillOutputRows(g: Geometry, images: u32, table: usize): void {
  for (let image: u32 = 0; image < images; image++) {
    for (let y: u32 = 0; y < g.outHeight; y++) {
      store<u32>(table, ((image * g.workHeight() + y * g.strideHeight) * g.workWidth() * g.inChannels) << 2);
      table += 4;
    }
  }
}
