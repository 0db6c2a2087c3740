import { gemm, gemmScratchBytes } from './gemm';
import { Geometry } from './geometry';
import { panelBytes } from './pack';
import { EDGE_BYTES, fillRows, multiplyPanels, prepareEdge } from './panels';
import { fillZero } from './vector';
import {
  addInputGradient, transformFilter, transformInput, transformOutputGradient, transformToFilter, transformToOutput,
} from './winograd-transforms';
import {
  fillTileOffsets, imagesFor, placeImage, roundUp4, TILE_POINTS, tilesAcross, tilesDown, tileSide, TRANSFORM_BYTES,
} from './winograd-tiling';

/**
 * Convolution by Winograd's minimal filtering, and both of its gradients, for square windows of 3 or 5 with stride and
 * dilation 1: 36 products a tile take the place of 144 (3 by 3, outputs of 4 by 4) or 100 (5 by 5, 2 by 2). The gradients
 * are the transposes of the same algorithm, on the same tiles (see winograd-points.ts).
 */

/** Tiles worked on together: their points stay in the second- or third-level cache. */
const TILES_PER_GROUP: u32 = 96;
/** The filter gradient goes over its 36 sums once a group, so its groups are larger. */
const TILES_PER_SUM: u32 = 256;

// @ts-ignore: decorator
@inline
function align(address: usize): usize {
  return (address + 63) & ~63;
}

/** Sizes of the work on one group of images. Bytes unless it says otherwise. */
// @ts-ignore: decorator
@inline
function tileCount(g: Geometry, images: u32): u32 {
  return images * tilesDown(g) * tilesAcross(g);
}

/**
 * Bytes from one point's values to the next. A transform writes 36 points at a time; at a stride near a power of two they
 * would all fall into the same few lines of the cache, so it is five lines more than a multiple of 4,096.
 */
// @ts-ignore: decorator
@inline
function pointSize(tiles: u32, channels: u32): usize {
  return (((<usize>tiles * roundUp4(channels) << 2) + 4095) & ~4095) + 320;
}

/** Bytes from one point's panels to the next, kept off powers of two for the same reason. */
// @ts-ignore: decorator
@inline
function panelSetBytes(k: u32, n: u32): usize {
  return panelBytes(k, n) + 320;
}

// @ts-ignore: decorator
@inline
function tileTable(tiles: u32): usize {
  return <usize>(tiles + 6) << 2;
}

// @ts-ignore: decorator
@inline
function paddedHeight(g: Geometry): u32 {
  return tilesDown(g) * tileSide(g.windowHeight) + g.windowHeight - 1;
}

// @ts-ignore: decorator
@inline
function paddedWidth(g: Geometry): u32 {
  return tilesAcross(g) * tileSide(g.windowWidth) + g.windowWidth - 1;
}

/** Whether tiles can be read from the images as they are. */
// @ts-ignore: decorator
@inline
function inputFits(g: Geometry): bool {
  return g.padTop == 0 && g.padLeft == 0 && (g.inChannels & 3) == 0 &&
    paddedHeight(g) == g.inHeight && paddedWidth(g) == g.inWidth;
}

// @ts-ignore: decorator
@inline
function outputFits(g: Geometry): bool {
  const side = tileSide(g.windowHeight);
  return (g.outChannels & 3) == 0 && g.outHeight % side == 0 && g.outWidth % side == 0;
}

/** Bytes of padded input images. */
function inputBytes(g: Geometry, images: u32): usize {
  return inputFits(g) ? 0 : (<usize>images * paddedHeight(g) * paddedWidth(g) * roundUp4(g.inChannels)) << 2;
}

/** Bytes of output gradients, padded to whole tiles. */
function outputBytes(g: Geometry, images: u32): usize {
  const side = tileSide(g.windowHeight);
  return outputFits(g) ? 0 : (<usize>tileCount(g, images) * side * side * roundUp4(g.outChannels)) << 2;
}

/** Scratch bytes that any of the three needs. */
export function winogradScratchBytes(geometry: usize): usize {
  const g = changetype<Geometry>(geometry);
  const images = imagesFor(g, TILES_PER_SUM);
  const tiles = tileCount(g, images);
  const points = TILE_POINTS * (pointSize(tiles, g.inChannels) + pointSize(tiles, g.outChannels));
  const panels = TILE_POINTS * max(panelSetBytes(g.inChannels, g.outChannels), panelSetBytes(g.outChannels, g.inChannels));
  const sums = TILE_POINTS * pointSize(g.inChannels, g.outChannels) + gemmScratchBytes(g.inChannels, g.outChannels, tiles);
  return EDGE_BYTES + TRANSFORM_BYTES + 4 * tileTable(tiles) + 64 + points + max(panels, sums) +
    inputBytes(g, images) + outputBytes(g, images) + 10 * 64;
}

/** Images of one group as tiles read them: where they are when they fit, else copied into `padded`. */
function inputImages(g: Geometry, x: usize, first: u32, count: u32, padded: usize): usize {
  const imageBytes = (<usize>g.inHeight * g.inWidth * g.inChannels) << 2;
  if (inputFits(g)) return x + first * imageBytes;
  const channels = roundUp4(g.inChannels);
  const paddedBytes = (<usize>paddedHeight(g) * paddedWidth(g) * channels) << 2;
  for (let image: u32 = 0; image < count; image++) {
    placeImage(
      x + (first + image) * imageBytes, g.inHeight, g.inWidth, g.inChannels,
      padded + image * paddedBytes, paddedWidth(g), channels, g.padTop, g.padLeft,
    );
  }
  return padded;
}

/** The same for output gradients. */
function outputImages(g: Geometry, dy: usize, first: u32, count: u32, padded: usize): usize {
  const imageBytes = (<usize>g.outHeight * g.outWidth * g.outChannels) << 2;
  if (outputFits(g)) return dy + first * imageBytes;
  const side = tileSide(g.windowHeight);
  const channels = roundUp4(g.outChannels);
  const width = tilesAcross(g) * side;
  const paddedBytes = (<usize>tilesDown(g) * side * width * channels) << 2;
  for (let image: u32 = 0; image < count; image++) {
    placeImage(
      dy + (first + image) * imageBytes, g.outHeight, g.outWidth, g.outChannels,
      padded + image * paddedBytes, width, channels, 0, 0,
    );
  }
  return padded;
}

/** y = x convolved with filter. */
export function winogradConvolve(geometry: usize, x: usize, filter: usize, y: usize, scratch: usize): void {
  const g = changetype<Geometry>(geometry);
  const images = imagesFor(g, TILES_PER_GROUP);
  const tiles = tileCount(g, images);
  const inPadded = roundUp4(g.inChannels);
  const outPadded = roundUp4(g.outChannels);
  const panelStride = panelSetBytes(g.inChannels, g.outChannels);
  const edge = scratch;
  const temp = align(edge + EDGE_BYTES);
  const offsets = temp + TRANSFORM_BYTES;
  const rows = offsets + tileTable(tiles);
  const productRows = rows + tileTable(tiles);
  const oneRun = productRows + tileTable(tiles);
  const panels = align(oneRun + 16);
  const points = align(panels + TILE_POINTS * panelStride);
  const products = align(points + TILE_POINTS * pointSize(tiles, g.inChannels));
  const padded = align(products + TILE_POINTS * pointSize(tiles, g.outChannels));
  prepareEdge(edge);
  store<u32>(oneRun, 0);
  fillTileOffsets(g, images, paddedHeight(g), paddedWidth(g), inPadded, offsets);
  transformFilter(g, filter, false, panels, panelStride, temp);
  memory.fill(padded, 0, inputBytes(g, images));
  for (let first: u32 = 0; first < g.batch; first += images) {
    const count = min(images, g.batch - first);
    const used = tileCount(g, count);
    const pointBytes = pointSize(used, g.inChannels);
    const productBytes = pointSize(used, g.outChannels);
    const source = inputImages(g, x, first, count, padded);
    transformInput(source, offsets, used, (<usize>paddedWidth(g) * inPadded) << 2, inPadded, points, pointBytes, temp);
    fillRows(rows, used, <usize>inPadded << 2);
    fillRows(productRows, used, <usize>outPadded << 2);
    for (let point: u32 = 0; point < TILE_POINTS; point++) {
      multiplyPanels(
        points + point * pointBytes, rows, used, oneRun, 1, g.inChannels, 4,
        panels + point * panelStride, outPadded, products + point * productBytes, productRows, false, edge,
      );
    }
    const target = y + ((<usize>first * g.outHeight * g.outWidth * g.outChannels) << 2);
    transformToOutput(g, count, products, productBytes, outPadded, target, temp);
  }
}

/** dx = each dy spread over its window by the filter. */
export function winogradBackpropInput(geometry: usize, dy: usize, filter: usize, dx: usize, scratch: usize): void {
  const g = changetype<Geometry>(geometry);
  const images = imagesFor(g, TILES_PER_GROUP);
  const tiles = tileCount(g, images);
  const side = tileSide(g.windowHeight);
  const inPadded = roundUp4(g.inChannels);
  const outPadded = roundUp4(g.outChannels);
  const panelStride = panelSetBytes(g.outChannels, g.inChannels);
  const edge = scratch;
  const temp = align(edge + EDGE_BYTES);
  const offsets = temp + TRANSFORM_BYTES;
  const outputOffsets = offsets + tileTable(tiles);
  const rows = outputOffsets + tileTable(tiles);
  const productRows = rows + tileTable(tiles);
  const oneRun = productRows + tileTable(tiles);
  const panels = align(oneRun + 16);
  const points = align(panels + TILE_POINTS * panelStride);
  const products = align(points + TILE_POINTS * pointSize(tiles, g.outChannels));
  const padded = align(products + TILE_POINTS * pointSize(tiles, g.inChannels));
  const outputs = align(padded + inputBytes(g, images));
  const inRowBytes = (<usize>paddedWidth(g) * inPadded) << 2;
  const outRowBytes = (<usize>tilesAcross(g) * side * outPadded) << 2;
  const imageBytes = (<usize>g.inHeight * g.inWidth * g.inChannels) << 2;
  const fits = inputFits(g);
  prepareEdge(edge);
  store<u32>(oneRun, 0);
  fillTileOffsets(g, images, paddedHeight(g), paddedWidth(g), inPadded, offsets);
  fillTileOffsets(g, images, tilesDown(g) * side, tilesAcross(g) * side, outPadded, outputOffsets);
  transformFilter(g, filter, true, panels, panelStride, temp);
  memory.fill(outputs, 0, outputBytes(g, images));
  if (fits) fillZero(dx, (<usize>g.batch * imageBytes) >> 2);
  for (let first: u32 = 0; first < g.batch; first += images) {
    const count = min(images, g.batch - first);
    const used = tileCount(g, count);
    const pointBytes = pointSize(used, g.outChannels);
    const productBytes = pointSize(used, g.inChannels);
    const source = outputImages(g, dy, first, count, outputs);
    transformOutputGradient(source, outputOffsets, used, outRowBytes, outPadded, side, points, pointBytes, temp);
    fillRows(rows, used, <usize>outPadded << 2);
    fillRows(productRows, used, <usize>inPadded << 2);
    for (let point: u32 = 0; point < TILE_POINTS; point++) {
      multiplyPanels(
        points + point * pointBytes, rows, used, oneRun, 1, g.outChannels, 4,
        panels + point * panelStride, inPadded, products + point * productBytes, productRows, false, edge,
      );
    }
    const target = dx + first * imageBytes;
    if (!fits) memory.fill(padded, 0, inputBytes(g, count));
    addInputGradient(products, productBytes, offsets, used, inRowBytes, inPadded, fits ? target : padded, temp);
    if (!fits) takeImages(g, padded, count, target);
  }
}

/** Copies the insides of padded images out. */
function takeImages(g: Geometry, padded: usize, images: u32, target: usize): void {
  const channels = roundUp4(g.inChannels);
  const pixelBytes = <usize>g.inChannels << 2;
  for (let image: u32 = 0; image < images; image++) {
    for (let y: u32 = 0; y < g.inHeight; y++) {
      const row = (<usize>image * paddedHeight(g) + g.padTop + y) * paddedWidth(g) + g.padLeft;
      let from = padded + ((row * channels) << 2);
      for (let x: u32 = 0; x < g.inWidth; x++) {
        memory.copy(target, from, pixelBytes);
        target += pixelBytes;
        from += <usize>channels << 2;
      }
    }
  }
}

/** filterGradient = the sum over images and positions of each window times its dy. */
export function winogradBackpropFilter(
  geometry: usize, x: usize, dy: usize, filterGradient: usize, scratch: usize,
): void {
  const g = changetype<Geometry>(geometry);
  const images = imagesFor(g, TILES_PER_SUM);
  const tiles = tileCount(g, images);
  const side = tileSide(g.windowHeight);
  const inPadded = roundUp4(g.inChannels);
  const outPadded = roundUp4(g.outChannels);
  const sumBytes = pointSize(g.inChannels, g.outChannels);
  const temp = align(scratch);
  const offsets = temp + TRANSFORM_BYTES;
  const outputOffsets = offsets + tileTable(tiles);
  const sums = align(outputOffsets + tileTable(tiles));
  const points = align(sums + TILE_POINTS * sumBytes);
  const gradients = align(points + TILE_POINTS * pointSize(tiles, g.inChannels));
  const padded = align(gradients + TILE_POINTS * pointSize(tiles, g.outChannels));
  const outputs = align(padded + inputBytes(g, images));
  const product = align(outputs + outputBytes(g, images));
  const inRowBytes = (<usize>paddedWidth(g) * inPadded) << 2;
  const outRowBytes = (<usize>tilesAcross(g) * side * outPadded) << 2;
  fillTileOffsets(g, images, paddedHeight(g), paddedWidth(g), inPadded, offsets);
  fillTileOffsets(g, images, tilesDown(g) * side, tilesAcross(g) * side, outPadded, outputOffsets);
  memory.fill(padded, 0, inputBytes(g, images));
  memory.fill(outputs, 0, outputBytes(g, images));
  for (let first: u32 = 0; first < g.batch; first += images) {
    const count = min(images, g.batch - first);
    const used = tileCount(g, count);
    const pointBytes = pointSize(used, g.inChannels);
    const gradientBytes = pointSize(used, g.outChannels);
    const source = inputImages(g, x, first, count, padded);
    transformInput(source, offsets, used, inRowBytes, inPadded, points, pointBytes, temp);
    const given = outputImages(g, dy, first, count, outputs);
    transformOutputGradient(given, outputOffsets, used, outRowBytes, outPadded, side, gradients, gradientBytes, temp);
    for (let point: u32 = 0; point < TILE_POINTS; point++) {
      gemm(
        points + point * pointBytes, 4, <usize>inPadded << 2,
        gradients + point * gradientBytes, <usize>outPadded << 2, 4,
        sums + point * sumBytes, <usize>outPadded << 2, g.inChannels, outPadded, used, first > 0, product,
      );
    }
  }
  transformToFilter(g, sums, sumBytes, outPadded, filterGradient, temp);
}
