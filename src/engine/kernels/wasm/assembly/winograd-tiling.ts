import { Geometry } from './geometry';
import { padRows } from './panels';

/** Points in one direction, and of a tile. */
export const POINTS: u32 = 6;
export const TILE_POINTS: u32 = 36;

/** Bytes of the work space of a two-dimensional transform: 36 vectors and 36 more. */
export const TRANSFORM_BYTES: usize = 2 * 36 * 16;

/** Outputs of a tile in one direction, for a filter of `r`. */
// @ts-ignore: decorator
@inline
export function tileSide(r: u32): u32 {
  return POINTS + 1 - r;
}

// @ts-ignore: decorator
@inline
export function tilesDown(g: Geometry): u32 {
  const side = tileSide(g.windowHeight);
  return (g.outHeight + side - 1) / side;
}

// @ts-ignore: decorator
@inline
export function tilesAcross(g: Geometry): u32 {
  const side = tileSide(g.windowWidth);
  return (g.outWidth + side - 1) / side;
}

/** The next multiple of 4. */
// @ts-ignore: decorator
@inline
export function roundUp4(n: u32): u32 {
  return (n + 3) & ~3;
}

/** How many images to take together for about `tiles` tiles. */
export function imagesFor(g: Geometry, tiles: u32): u32 {
  const perImage = tilesDown(g) * tilesAcross(g);
  return min(g.batch, max(1, (tiles + perImage - 1) / perImage));
}

/** Byte offsets of the first value of every tile of `images` padded images; `side` pixels lie between tiles. */
export function fillTileOffsets(
  g: Geometry, images: u32, height: u32, width: u32, channels: u32, table: usize,
): void {
  const side = tileSide(g.windowHeight);
  const down = tilesDown(g);
  const across = tilesAcross(g);
  let at = table;
  for (let image: u32 = 0; image < images; image++) {
    for (let y: u32 = 0; y < down; y++) {
      for (let x: u32 = 0; x < across; x++) {
        store<u32>(at, ((image * height + y * side) * width + x * side) * channels << 2);
        at += 4;
      }
    }
  }
  padRows(table, images * down * across);
}

/** Copies `height` by `width` pixels of `channels` into the zeroed inside of a larger image with `toChannels` a pixel. */
export function placeImage(
  source: usize, height: u32, width: u32, channels: u32,
  target: usize, toWidth: u32, toChannels: u32, top: u32, left: u32,
): void {
  const pixelBytes = <usize>channels << 2;
  for (let y: u32 = 0; y < height; y++) {
    let to = target + (((<usize>(top + y) * toWidth + left) * toChannels) << 2);
    if (channels == toChannels) {
      memory.copy(to, source, pixelBytes * width);
      source += pixelBytes * width;
      continue;
    }
    for (let x: u32 = 0; x < width; x++) {
      memory.copy(to, source, pixelBytes);
      source += pixelBytes;
      to += <usize>toChannels << 2;
    }
  }
}
