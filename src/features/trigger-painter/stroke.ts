import type { PlacedSynthesizerConfig } from '../../core/config/schema.ts';
import type { ImageShape } from '../../core/datasets/dataset.ts';
import { moveBy } from './painter-config.ts';
import { strokeCells, type Cell } from './painter-geometry.ts';
import { eraseCells, paintCells, type Brush } from './painter-pixels.ts';

export const TOOLS = ['brush', 'eraser', 'move'] as const;
export type Tool = (typeof TOOLS)[number];

/** A drag in progress, from pointer down to pointer up: one step of undo. */
export interface Stroke {
  tool: Tool;
  /** The synthesizer before the stroke. */
  base: PlacedSynthesizerConfig;
  /** The synthesizer so far. */
  config: PlacedSynthesizerConfig;
  start: Cell;
  last: Cell;
}

/** What the strokes of one drag share. */
export interface StrokeContext {
  brush: Brush;
  shape: ImageShape;
}

/** Puts a tool down on a cell; brush and eraser work on it at once. */
export function beginStroke(
  config: PlacedSynthesizerConfig,
  tool: Tool,
  cell: Cell,
  context: StrokeContext,
): Stroke {
  return continueStroke({ tool, base: config, config, start: cell, last: cell }, cell, context);
}

/** Drags the tool to a cell, by a line without gaps; the cell may lie outside the image. */
export function continueStroke(stroke: Stroke, cell: Cell, { brush, shape }: StrokeContext): Stroke {
  const { tool, base, start, last } = stroke;
  if (tool === 'move') {
    // From the base, not from the last position: a trigger pushed against the edge comes back with the pointer.
    const config = moveBy(base, cell.row - start.row, cell.column - start.column, shape);
    return { ...stroke, config, last: cell };
  }
  const cells = strokeCells(last, cell, brush.size, shape);
  const config =
    tool === 'brush'
      ? paintCells(stroke.config, cells, brush, shape)
      : eraseCells(stroke.config, cells, shape);
  return { ...stroke, config, last: cell };
}
