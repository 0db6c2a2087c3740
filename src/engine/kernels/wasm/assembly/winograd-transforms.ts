import { Geometry } from './geometry';
import { loadLanes, storeLanes } from './lanes';
import {
  filterToPoints, inputToPoints, outputToPoints, pointsToFilter, pointsToInput, pointsToOutput,
} from './winograd-points';
import { POINTS, tilesAcross, tilesDown, tileSide } from './winograd-tiling';

/**
 * The two-dimensional transforms, one for columns and one for rows, over all tiles and all channels. `points` is laid out
 * [36][tiles][channels], the 36 points `pointBytes` apart; channels are padded to a multiple of 4. `temp` holds
 * TRANSFORM_BYTES.
 */

/** Bytes between two rows of the work space. */
const ROW: usize = 96;

/** points = B^T d B for the tiles at `offsets` (bytes) of images whose rows are `rowBytes` and pixels `channels` wide. */
export function transformInput(
  images: usize, offsets: usize, tiles: u32, rowBytes: usize, channels: u32,
  points: usize, pointBytes: usize, temp: usize,
): void {
  const pixel = <usize>channels << 2;
  for (let tile: u32 = 0; tile < tiles; tile++) {
    let from = images + load<u32>(offsets + (tile << 2));
    let to = points + tile * pixel;
    for (let channel: u32 = 0; channel < channels; channel += 4) {
      for (let x: usize = 0; x < POINTS; x++) inputToPoints(from + x * pixel, rowBytes, temp + (x << 4), ROW);
      for (let y: usize = 0; y < POINTS; y++) {
        inputToPoints(temp + y * ROW, 16, to + y * POINTS * pointBytes, pointBytes);
      }
      from += 16;
      to += 16;
    }
  }
}

/** points = A dy A^T for the tiles of output gradients. */
export function transformOutputGradient(
  images: usize, offsets: usize, tiles: u32, rowBytes: usize, channels: u32, side: u32,
  points: usize, pointBytes: usize, temp: usize,
): void {
  const pixel = <usize>channels << 2;
  for (let tile: u32 = 0; tile < tiles; tile++) {
    let from = images + load<u32>(offsets + (tile << 2));
    let to = points + tile * pixel;
    for (let channel: u32 = 0; channel < channels; channel += 4) {
      for (let x: usize = 0; x < side; x++) outputToPoints(from + x * pixel, rowBytes, temp + (x << 4), ROW, side);
      for (let y: usize = 0; y < POINTS; y++) {
        outputToPoints(temp + y * ROW, 16, to + y * POINTS * pointBytes, pointBytes, side);
      }
      from += 16;
      to += 16;
    }
  }
}

/** y = A^T M A for the tiles of `images` images; what sticks out of y is dropped. `padded` is the channels' stride in M. */
export function transformToOutput(
  g: Geometry, images: u32, points: usize, pointBytes: usize, padded: u32, y: usize, temp: usize,
): void {
  const side = tileSide(g.windowHeight);
  const down = tilesDown(g);
  const across = tilesAcross(g);
  const channels = g.outChannels;
  const pixel = <usize>channels << 2;
  const result = temp + POINTS * ROW;
  let from = points;
  for (let image: u32 = 0; image < images; image++) {
    for (let tileY: u32 = 0; tileY < down; tileY++) {
      const rows = min(side, g.outHeight - tileY * side);
      for (let tileX: u32 = 0; tileX < across; tileX++) {
        const columns = min(side, g.outWidth - tileX * side);
        const corner = y + ((<usize>image * g.outHeight + tileY * side) * g.outWidth + tileX * side) * pixel;
        for (let channel: u32 = 0; channel < channels; channel += 4) {
          const at = from + (channel << 2);
          for (let x: usize = 0; x < POINTS; x++) {
            pointsToOutput(at + x * pointBytes, POINTS * pointBytes, temp + (x << 4), ROW, side);
          }
          const lanes = channels - channel;
          for (let row: usize = 0; row < rows; row++) {
            pointsToOutput(temp + row * ROW, 16, result, 16, side);
            let to = corner + row * g.outWidth * pixel + (channel << 2);
            for (let column: usize = 0; column < columns; column++) {
              storeLanes(to, v128.load(result + (column << 4)), lanes);
              to += pixel;
            }
          }
        }
        from += <usize>padded << 2;
      }
    }
  }
}

/** Adds B M B^T to the images at the tiles' offsets, one tile after another as they overlap. */
export function addInputGradient(
  points: usize, pointBytes: usize, offsets: usize, tiles: u32, rowBytes: usize, channels: u32,
  images: usize, temp: usize,
): void {
  const pixel = <usize>channels << 2;
  const result = temp + POINTS * ROW;
  for (let tile: u32 = 0; tile < tiles; tile++) {
    let to = images + load<u32>(offsets + (tile << 2));
    let from = points + tile * pixel;
    for (let channel: u32 = 0; channel < channels; channel += 4) {
      for (let x: usize = 0; x < POINTS; x++) {
        pointsToInput(from + x * pointBytes, POINTS * pointBytes, temp + (x << 4), ROW);
      }
      for (let row: usize = 0; row < POINTS; row++) {
        pointsToInput(temp + row * ROW, 16, result, 16);
        let at = to + row * rowBytes;
        for (let column: usize = 0; column < POINTS; column++) {
          v128.store(at, f32x4.add(v128.load(at), v128.load(result + (column << 4))));
          at += pixel;
        }
      }
      from += 16;
      to += 16;
    }
  }
}

/**
 * Packs G g G^T into panels (pack.ts), one set for each point, `panelStride` bytes apart: [channel][outChannel] for the
 * forward product, or [outChannel][channel] when `transposed`, for the input gradient.
 */
export function transformFilter(
  g: Geometry, filter: usize, transposed: bool, panels: usize, panelStride: usize, temp: usize,
): void {
  const r = g.windowHeight;
  const channels = g.inChannels;
  const outChannels = g.outChannels;
  const tap = <usize>(channels * outChannels) << 2;
  const values = temp + POINTS * ROW;
  // Sixteen output channels at a time: a line of the cache on the reading side, neighbours on the writing side.
  for (let block: u32 = 0; block < outChannels; block += 16) {
    const end = min(block + 16, outChannels);
    for (let channel: u32 = 0; channel < channels; channel++) {
      for (let out = block; out < end; out += 4) {
        const lanes = min(4, outChannels - out);
        const from = filter + (<usize>(channel * outChannels + out) << 2);
        for (let x: usize = 0; x < r; x++) {
          for (let y: usize = 0; y < r; y++) {
            v128.store(values + (y << 4), loadLanes(from + (y * r + x) * tap, lanes));
          }
          filterToPoints(values, 16, temp + (x << 4), ROW, r);
        }
        const place = transposed
          ? ((<usize>(channel >> 3) * outChannels + out) << 5) + ((channel & 7) << 2)
          : ((<usize>(out >> 3) * channels + channel) << 5) + ((out & 7) << 2);
        let to = panels + place;
        for (let y: usize = 0; y < POINTS; y++) {
          filterToPoints(temp + y * ROW, 16, values, 16, r);
          for (let x: usize = 0; x < POINTS; x++) {
            const value = v128.load(values + (x << 4));
            if (transposed) storeColumn(to, value, lanes);
            else v128.store(to, value);
            to += panelStride;
          }
        }
      }
    }
  }
}

/** The lanes of a vector one below another in a panel. */
// @ts-ignore: decorator
@inline
function storeColumn(to: usize, value: v128, lanes: u32): void {
  v128.store32_lane(to, value, 0);
  if (lanes > 1) v128.store32_lane(to + 32, value, 1);
  if (lanes > 2) v128.store32_lane(to + 64, value, 2);
  if (lanes > 3) v128.store32_lane(to + 96, value, 3);
}

/** filterGradient = G^T D G, D [36][inChannels][padded outChannels]. */
export function transformToFilter(
  g: Geometry, points: usize, pointBytes: usize, padded: u32, filterGradient: usize, temp: usize,
): void {
  const r = g.windowHeight;
  const channels = g.inChannels;
  const outChannels = g.outChannels;
  const tap = <usize>(channels * outChannels) << 2;
  const result = temp + POINTS * ROW;
  for (let channel: u32 = 0; channel < channels; channel++) {
    for (let out: u32 = 0; out < outChannels; out += 4) {
      const from = points + (<usize>(channel * padded + out) << 2);
      const to = filterGradient + (<usize>(channel * outChannels + out) << 2);
      const lanes = outChannels - out;
      for (let x: usize = 0; x < POINTS; x++) {
        pointsToFilter(from + x * pointBytes, POINTS * pointBytes, temp + (x << 4), ROW, r);
      }
      for (let y: usize = 0; y < r; y++) {
        pointsToFilter(temp + y * ROW, 16, result, 16, r);
        for (let x: usize = 0; x < r; x++) {
          storeLanes(to + (y * r + x) * tap, v128.load(result + (x << 4)), lanes);
        }
      }
    }
  }
}
