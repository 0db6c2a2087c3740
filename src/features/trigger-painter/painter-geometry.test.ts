import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageShape } from '../../core/datasets/dataset.ts';
import {
  brushCells,
  cellAt,
  clampCell,
  fittingCellSize,
  lineCells,
  strokeCells,
} from './painter-geometry.ts';

const SHAPE: ImageShape = { height: 3, width: 5, channels: 3 };
const cell = fc.record({ row: fc.integer({ min: -20, max: 40 }), column: fc.integer({ min: -20, max: 40 }) });

describe('cells under a pointer', () => {
  it('belong to the cell whose left and top edge they touch, and go negative outside', () => {
    expect(cellAt(0, 0, 7)).toEqual({ row: 0, column: 0 });
    expect(cellAt(13.9, 14, 7)).toEqual({ row: 2, column: 1 });
    expect(cellAt(-0.5, 3, 7)).toEqual({ row: 0, column: -1 });
  });

  it('clamp to the nearest cell of the image', () => {
    expect(clampCell({ row: -4, column: 9 }, SHAPE)).toEqual({ row: 0, column: 4 });
    expect(clampCell({ row: 1, column: 2 }, SHAPE)).toEqual({ row: 1, column: 2 });
  });
});

describe('lineCells', () => {
  it('draws a flat diagonal as on paper', () => {
    const line = lineCells({ row: 0, column: 0 }, { row: 1, column: 3 });
    expect(line).toEqual([
      { row: 0, column: 0 },
      { row: 0, column: 1 },
      { row: 1, column: 2 },
      { row: 1, column: 3 },
    ]);
  });

  it('starts and ends right, has no gap and no cell twice, and is as long as its longer side', () => {
    fc.assert(
      fc.property(cell, cell, (from, to) => {
        const line = lineCells(from, to);
        expect(line[0]).toEqual(from);
        expect(line.at(-1)).toEqual(to);
        expect(line).toHaveLength(
          1 + Math.max(Math.abs(to.row - from.row), Math.abs(to.column - from.column)),
        );
        line.slice(1).forEach((next, i) => {
          const previous = line[i] ?? next;
          const step = [Math.abs(next.row - previous.row), Math.abs(next.column - previous.column)];
          expect(Math.max(...step)).toBe(1);
        });
      }),
    );
  });
});

describe('strokeCells', () => {
  it('covers a square of the brush around each cell', () => {
    expect(brushCells({ row: 1, column: 1 }, 3)).toHaveLength(9);
    expect(brushCells({ row: 1, column: 1 }, 2)).toEqual([
      { row: 1, column: 1 },
      { row: 1, column: 2 },
      { row: 2, column: 1 },
      { row: 2, column: 2 },
    ]);
  });

  it('gives each cell once and none outside the image', () => {
    fc.assert(
      fc.property(cell, cell, fc.integer({ min: 1, max: 3 }), (from, to, size) => {
        const cells = strokeCells(from, to, size, SHAPE);
        const keys = new Set(cells.map(({ row, column }) => `${row},${column}`));
        expect(keys.size).toBe(cells.length);
        for (const { row, column } of cells) {
          expect(row >= 0 && row < 3 && column >= 0 && column < 5).toBe(true);
        }
      }),
    );
  });
});

describe('fittingCellSize', () => {
  it('fits width and height in whole pixels, and is never 0', () => {
    expect(fittingCellSize({ height: 28, width: 28, channels: 1 }, 300)).toBe(10);
    expect(fittingCellSize({ height: 96, width: 8, channels: 1 }, 300)).toBe(5);
    expect(fittingCellSize({ height: 512, width: 512, channels: 3 }, 300)).toBe(1);
  });
});
