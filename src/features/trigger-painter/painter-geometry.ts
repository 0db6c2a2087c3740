import type { ImageShape } from '../../core/datasets/dataset.ts';

/** A pixel of the image, counted from the top left. May lie outside while a pointer is dragged past the edge. */
export interface Cell {
  row: number;
  column: number;
}

/** The cell under a point, in CSS pixels from the top left corner of the grid; `cellSize` is CSS pixels a cell. */
export function cellAt(x: number, y: number, cellSize: number): Cell {
  return { row: Math.floor(y / cellSize), column: Math.floor(x / cellSize) };
}

export function isInside({ row, column }: Cell, shape: ImageShape): boolean {
  return row >= 0 && column >= 0 && row < shape.height && column < shape.width;
}

/** The nearest cell of the image. */
export function clampCell({ row, column }: Cell, shape: ImageShape): Cell {
  return {
    row: Math.min(shape.height - 1, Math.max(0, row)),
    column: Math.min(shape.width - 1, Math.max(0, column)),
  };
}

/** The cells of a line, both ends included, without gaps (Bresenham, 1965). */
export function lineCells(from: Cell, to: Cell): Cell[] {
  const rows = Math.abs(to.row - from.row);
  const columns = Math.abs(to.column - from.column);
  const down = Math.sign(to.row - from.row);
  const right = Math.sign(to.column - from.column);
  const cells: Cell[] = [];
  let { row, column } = from;
  let error = columns - rows;
  for (;;) {
    cells.push({ row, column });
    if (row === to.row && column === to.column) return cells;
    const twice = 2 * error;
    if (twice > -rows) {
      error -= rows;
      column += right;
    }
    if (twice < columns) {
      error += columns;
      row += down;
    }
  }
}

/** The cells that a square brush of `size` covers; an even brush reaches further down and right. */
export function brushCells(center: Cell, size: number): Cell[] {
  const before = Math.floor((size - 1) / 2);
  const cells: Cell[] = [];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      cells.push({ row: center.row - before + row, column: center.column - before + column });
    }
  }
  return cells;
}

/** The cells inside the image that a brush of `size` covers on its way, each once. */
export function strokeCells(from: Cell, to: Cell, size: number, shape: ImageShape): Cell[] {
  const cells = new Map<number, Cell>();
  for (const center of lineCells(from, to)) {
    for (const cell of brushCells(center, size)) {
      if (isInside(cell, shape)) cells.set(cell.row * shape.width + cell.column, cell);
    }
  }
  return [...cells.values()];
}

const MAX_GRID_HEIGHT_PX = 480;

/** CSS pixels a cell at which the whole image fits into `widthPx` (and 480 px of height): a whole number, at least 1. */
export function fittingCellSize(shape: ImageShape, widthPx: number): number {
  const fit = Math.min(Math.floor(widthPx / shape.width), Math.floor(MAX_GRID_HEIGHT_PX / shape.height));
  return Math.max(1, fit);
}
