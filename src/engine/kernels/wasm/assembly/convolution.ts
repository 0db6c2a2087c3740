import { Geometry } from './geometry';
import { copyIntoPadded, addFromPadded } from './padding';
import { packPanels, panelBytes } from './pack';
import { EDGE_BYTES, fillRows, multiplyPanels, multiplyTiles, prepareEdge, tileBytes } from './panels';
import { addInto, fillZero } from './vector';
import { fillOutputRows, fillPositions, fillRuns, fillTaps } from './window-tables';

/**
 * Two-dimensional convolution over NHWC images and its two gradients. All three are matrix products over the same
 * register tile, whose A operand is read from the image in place through offset tables; only the smaller operand is
 * packed, and images are copied only where windows reach outside them.
 */

/** Enough rows to fill whole tiles with little waste. */
const ROWS_PER_GROUP: u32 = 96;
/** Output positions summed in one go by the filter gradient: a panel of them (8 kB) stays in the first-level cache. */
const POSITIONS_PER_BLOCK: u32 = 256;
/** Output rows shorter than this are packed before they are summed. */
const SHORT_RUN: u32 = 20;
/** Below this many channels the input gradient goes through a column buffer, as tiles of so few columns are mostly empty. */
const NARROW_CHANNELS: u32 = 8;
/** Output positions whose columns are held at a time. */
const COLUMN_ROWS: u32 = 480;

// @ts-ignore: decorator
@inline
function tableBytes(entries: u32): usize {
  return <usize>(entries + 6) << 2;
}

// @ts-ignore: decorator
@inline
function align(address: usize): usize {
  return (address + 63) & ~63;
}

// @ts-ignore: decorator
@inline
function imageBytes(g: Geometry): usize {
  return (<usize>g.inHeight * g.inWidth * g.inChannels) << 2;
}

// @ts-ignore: decorator
@inline
function workBytes(g: Geometry, images: u32): usize {
  return (<usize>images * g.workHeight() * g.workWidth() * g.inChannels) << 2;
}

// @ts-ignore: decorator
@inline
function paddedBytes(g: Geometry, images: u32): usize {
  return g.needsPadding() ? workBytes(g, images) : 0;
}

/** Scratch bytes that any of the three convolution kernels needs. */
export function convolutionScratchBytes(geometry: usize): usize {
  const g = changetype<Geometry>(geometry);
  const images = g.groupSize(POSITIONS_PER_BLOCK);
  const tables = 2 * tableBytes(images * g.positions()) + 2 * tableBytes(g.windowSize());
  const rowsPerBlock = max(1, POSITIONS_PER_BLOCK / g.outWidth);
  const filterPanels = panelBytes(g.windowSize(), g.outChannels);
  const gradientPanels = panelBytes(rowsPerBlock * g.outWidth, g.outChannels);
  const spreadPanels = max(g.runCount() * panelBytes(g.outChannels, g.runLength()), panelBytes(g.outChannels, g.windowSize()));
  const columns: usize = g.inChannels < NARROW_CHANNELS ? tableBytes(COLUMN_ROWS) + ((<usize>COLUMN_ROWS * g.windowSize()) << 2) : 0;
  return EDGE_BYTES + tables + paddedBytes(g, images) + max(filterPanels, max(gradientPanels, spreadPanels)) +
    columns + tileBytes(rowsPerBlock * g.outWidth) + 512;
}

/** y [batch, outHeight, outWidth, outChannels] = x convolved with filter [windowHeight, windowWidth, inChannels, outChannels]. */
export function convolve(geometry: usize, x: usize, filter: usize, y: usize, scratch: usize): void {
  const g = changetype<Geometry>(geometry);
  const images = g.groupSize(ROWS_PER_GROUP);
  const positions = images * g.positions();
  const edge = scratch;
  const xRows = edge + EDGE_BYTES;
  const yRows = xRows + tableBytes(positions);
  const runs = yRows + tableBytes(positions);
  const panels = align(runs + tableBytes(g.runCount()));
  const padded = align(panels + panelBytes(g.windowSize(), g.outChannels));
  const pad = g.needsPadding();
  prepareEdge(edge);
  fillPositions(g, images, xRows);
  fillRows(yRows, positions, <usize>g.outChannels << 2);
  fillRuns(g, runs);
  packPanels(filter, <usize>g.outChannels << 2, 4, g.windowSize(), g.outChannels, panels);
  if (pad) memory.fill(padded, 0, workBytes(g, images));
  for (let image: u32 = 0; image < g.batch; image += images) {
    const count = min(images, g.batch - image);
    if (count < images) fillPositions(g, count, xRows);
    let source = x + image * imageBytes(g);
    if (pad) {
      copyIntoPadded(g, source, count, padded);
      source = padded;
    }
    const target = y + ((<usize>image * g.positions() * g.outChannels) << 2);
    multiplyPanels(
      source, xRows, count * g.positions(), runs, g.runCount(), g.runLength(), 4,
      panels, g.outChannels, target, yRows, false, edge,
    );
  }
}

/** filterGradient = the sum over images and positions of each window times its dy. */
export function convolveBackpropFilter(geometry: usize, x: usize, dy: usize, filterGradient: usize, scratch: usize): void {
  const g = changetype<Geometry>(geometry);
  const images = g.groupSize(POSITIONS_PER_BLOCK);
  const taps = g.windowSize();
  const rowsPerBlock = max(1, POSITIONS_PER_BLOCK / g.outWidth);
  const edge = scratch;
  const tapRows = edge + EDGE_BYTES;
  const gradientRows = tapRows + tableBytes(taps);
  const runs = gradientRows + tableBytes(taps);
  const panels = align(runs + tableBytes(images * g.outHeight));
  const padded = align(panels + panelBytes(rowsPerBlock * g.outWidth, g.outChannels));
  const tile = align(padded + paddedBytes(g, images));
  const pad = g.needsPadding();
  const channelBytes = <usize>g.outChannels << 2;
  const step = (<usize>g.strideWidth * g.inChannels) << 2;
  prepareEdge(edge);
  fillTaps(g, tapRows);
  fillRows(gradientRows, taps, channelBytes);
  fillOutputRows(g, images, runs);
  fillZero(filterGradient, taps * g.outChannels);
  if (pad) memory.fill(padded, 0, workBytes(g, images));
  for (let image: u32 = 0; image < g.batch; image += images) {
    const count = min(images, g.batch - image);
    let source = x + image * imageBytes(g);
    if (pad) {
      copyIntoPadded(g, source, count, padded);
      source = padded;
    }
    const rows = count * g.outHeight;
    for (let row: u32 = 0; row < rows; row += rowsPerBlock) {
      const blockRows = min(rowsPerBlock, rows - row);
      const gradient = dy + (<usize>image * g.outHeight + row) * g.outWidth * channelBytes;
      packPanels(gradient, channelBytes, 4, blockRows * g.outWidth, g.outChannels, panels);
      const blockRuns = runs + (row << 2);
      if (g.outWidth < SHORT_RUN) {
        multiplyTiles(
          source, tapRows, taps, blockRuns, blockRows, g.outWidth, step,
          panels, g.outChannels, filterGradient, gradientRows, true, edge, tile,
        );
      } else {
        multiplyPanels(
          source, tapRows, taps, blockRuns, blockRows, g.outWidth, step,
          panels, g.outChannels, filterGradient, gradientRows, true, edge,
        );
      }
    }
  }
}

/**
 * dx = each dy spread over its window by the filter. Windows overlap: a tile adds its rows to dx one after another, so
 * that rows which share values of dx do not lose each other's sums.
 */
export function convolveBackpropInput(geometry: usize, dy: usize, filter: usize, dx: usize, scratch: usize): void {
  const g = changetype<Geometry>(geometry);
  const images = g.groupSize(ROWS_PER_GROUP);
  const positions = images * g.positions();
  const runCount = g.runCount();
  const runLength = g.runLength();
  const edge = scratch;
  const dyRows = edge + EDGE_BYTES;
  const dxRows = dyRows + tableBytes(positions);
  const oneRun = dxRows + tableBytes(positions);
  const runs = oneRun + 16;
  const panels = align(runs + tableBytes(runCount));
  const narrow = g.inChannels < NARROW_CHANNELS;
  const runPanel = panelBytes(g.outChannels, runLength);
  const padded = align(panels + (narrow ? panelBytes(g.outChannels, g.windowSize()) : runCount * runPanel));
  const columns = align(padded + paddedBytes(g, images));
  const pad = g.needsPadding();
  const channelBytes = <usize>g.outChannels << 2;
  prepareEdge(edge);
  store<u32>(oneRun, 0);
  fillPositions(g, images, dxRows);
  fillRuns(g, runs);
  fillRows(dyRows, narrow ? min(positions, COLUMN_ROWS) : positions, channelBytes);
  fillZero(dx, <usize>g.batch * g.inHeight * g.inWidth * g.inChannels);
  if (narrow) {
    packPanels(filter, 4, channelBytes, g.outChannels, g.windowSize(), panels);
  } else {
    for (let run: u32 = 0; run < runCount; run++) {
      packPanels(filter + run * runLength * channelBytes, 4, channelBytes, g.outChannels, runLength, panels + run * runPanel);
    }
  }
  for (let image: u32 = 0; image < g.batch; image += images) {
    const count = min(images, g.batch - image);
    const gradient = dy + <usize>image * g.positions() * channelBytes;
    let target = dx + image * imageBytes(g);
    if (pad) {
      memory.fill(padded, 0, workBytes(g, count));
      target = padded;
    }
    if (narrow) {
      spreadColumns(g, count, gradient, dyRows, dxRows, oneRun, panels, columns, target, edge);
    } else {
      if (count < images) fillRows(dyRows, count * g.positions(), channelBytes);
      for (let run: u32 = 0; run < runCount; run++) {
        multiplyPanels(
          gradient, dyRows, count * g.positions(), oneRun, 1, g.outChannels, 4,
          panels + run * runPanel, runLength, target + load<u32>(runs + (run << 2)), dxRows, true, edge,
        );
      }
    }
    if (pad) addFromPadded(g, padded, count, dx + image * imageBytes(g));
  }
}

/** The input gradient for few channels: whole windows are computed into `columns`, then added where they belong. */
function spreadColumns(
  g: Geometry, images: u32, dy: usize, dyRows: usize, dxRows: usize, run: usize,
  panels: usize, columns: usize, target: usize, edge: usize,
): void {
  const window = g.windowSize();
  const windowBytes = <usize>window << 2;
  const positions = images * g.positions();
  const runLength = g.runLength();
  const runCount = g.runCount();
  const columnRows = columns;
  const values = columns + tableBytes(COLUMN_ROWS);
  const perRow: u32 = g.dilationWidth == 1 ? 1 : g.windowWidth;
  for (let first: u32 = 0; first < positions; first += COLUMN_ROWS) {
    const count = min(COLUMN_ROWS, positions - first);
    fillRows(columnRows, count, windowBytes);
    fillRows(dyRows, count, <usize>g.outChannels << 2);
    multiplyPanels(
      dy + ((<usize>first * g.outChannels) << 2), dyRows, count, run, 1, g.outChannels, 4,
      panels, window, values, columnRows, false, edge,
    );
    let from = values;
    for (let i: u32 = 0; i < count; i++) {
      const to = target + load<u32>(dxRows + ((first + i) << 2));
      for (let r: u32 = 0; r < runCount; r++) {
        const pixel = ((r / perRow) * g.dilationHeight * g.workWidth() + (r % perRow) * g.dilationWidth) * g.inChannels;
        addInto(to + (pixel << 2), from, runLength);
        from += runLength << 2;
      }
    }
  }
}
