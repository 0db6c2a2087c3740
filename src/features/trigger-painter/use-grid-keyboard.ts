import { useState, type KeyboardEvent } from 'react';
import { describeCell, percent } from './describe-cell.ts';
import { moveBy } from './painter-config.ts';
import { clampCell, type Cell } from './painter-geometry.ts';
import { configPixels, pixelAt, triggerBox } from './painter-pixels.ts';
import type { Painter } from './use-painter.ts';

const ARROWS: Record<string, { rows: number; columns: number }> = {
  ArrowUp: { rows: -1, columns: 0 },
  ArrowDown: { rows: 1, columns: 0 },
  ArrowLeft: { rows: 0, columns: -1 },
  ArrowRight: { rows: 0, columns: 1 },
};

export const KEYBOARD_HELP =
  'Arrow keys move the cursor, Enter or Space paints, Delete erases, Shift with arrow keys moves the trigger, ' +
  '[ and ] change the opacity, Control Z undoes.';

/** The keyboard of the grid: a cursor, painting at it, and a sentence for screen readers after each key. */
export function useGridKeyboard(painter: Painter) {
  const { shape, brush } = painter;
  const [place, setPlace] = useState<Cell | null>(null);
  const [announcement, setAnnouncement] = useState('');
  const box = triggerBox(painter.config, shape);
  const cursor = clampCell(place ?? { row: box?.top ?? 0, column: box?.left ?? 0 }, shape);

  const say = (cell: Cell, config = painter.config): void =>
    setAnnouncement(describeCell(cell, pixelAt(configPixels(config, shape), cell)));

  const go = (cell: Cell): void => {
    setPlace(clampCell(cell, shape));
    say(clampCell(cell, shape));
  };

  const paint = (tool: 'brush' | 'eraser'): void => {
    setPlace(cursor);
    say(cursor, painter.dab(cursor, tool));
  };

  const moveTrigger = (rows: number, columns: number): void => {
    const next = moveBy(painter.config, rows, columns, shape);
    painter.commit(next);
    const moved = triggerBox(next, shape);
    if (painter.config.placement.kind === 'random') setAnnouncement('The trigger has a random place.');
    else if (moved !== null) setAnnouncement(`Trigger at row ${moved.top}, column ${moved.left}`);
  };

  const changeOpacity = (by: number): void => {
    const opacity = Math.min(1, Math.max(0.05, Math.round((brush.opacity + by) * 20) / 20));
    painter.setBrush({ opacity });
    setAnnouncement(`Brush opacity ${percent(opacity)}`);
  };

  const press = (event: KeyboardEvent): boolean => {
    const arrow = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (arrow !== undefined && event.shiftKey) moveTrigger(arrow.rows, arrow.columns);
    else if (arrow !== undefined) go({ row: cursor.row + arrow.rows, column: cursor.column + arrow.columns });
    else if (event.key === 'Home') go({ ...cursor, column: 0 });
    else if (event.key === 'End') go({ ...cursor, column: shape.width - 1 });
    else if (event.key === 'PageUp') go({ ...cursor, row: 0 });
    else if (event.key === 'PageDown') go({ ...cursor, row: shape.height - 1 });
    else if (event.key === 'Enter' || event.key === ' ') paint('brush');
    else if (event.key === 'Delete' || event.key === 'Backspace') paint('eraser');
    else if (event.key === '[') changeOpacity(-0.1);
    else if (event.key === ']') changeOpacity(0.1);
    else return false;
    return true;
  };

  /** Keys that the grid takes do not reach the page, where Space runs the experiment. */
  const onKeyDown = (event: KeyboardEvent): void => {
    if (painter.disabled || !press(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return { cursor, setCursor: setPlace, announcement, onKeyDown, onFocus: () => say(cursor) };
}
