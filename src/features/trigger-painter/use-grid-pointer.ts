import { useRef, useState, type PointerEvent, type RefObject } from 'react';
import { cellAt, isInside, type Cell } from './painter-geometry.ts';
import type { Painter } from './use-painter.ts';

interface Point {
  x: number;
  y: number;
}

const PEN_ERASER_BUTTONS = 32;
const RIGHT_BUTTON = 2;

/**
 * Pointer events of the grid: one finger, pen or mouse button draws; the right button and a pen's other end erase;
 * Alt picks a colour; two fingers scroll the zoomed grid.
 */
export function useGridPointer(
  painter: Painter,
  cellSize: number,
  viewport: RefObject<HTMLElement | null>,
  onTouch: (cell: Cell) => void,
) {
  const [hover, setHover] = useState<Cell | null>(null);
  const fingers = useRef(new Map<number, Point>());

  const cellOf = (event: PointerEvent<HTMLCanvasElement>): Cell => {
    const box = event.currentTarget.getBoundingClientRect();
    return cellAt(event.clientX - box.left, event.clientY - box.top, cellSize);
  };

  const onPointerDown = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (painter.disabled || event.button === 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (fingers.current.size > 1) {
      painter.cancelStroke();
      return;
    }
    const cell = cellOf(event);
    onTouch(cell);
    const erases = event.button === RIGHT_BUTTON || (event.buttons & PEN_ERASER_BUTTONS) !== 0;
    if (event.altKey) painter.pick(cell);
    else if (erases) painter.beginStroke(cell, 'eraser');
    else painter.beginStroke(cell);
  };

  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>): void => {
    const cell = cellOf(event);
    const inside = event.pointerType !== 'touch' && !painter.disabled && isInside(cell, painter.shape);
    setHover((before) =>
      inside ? (before?.row === cell.row && before.column === cell.column ? before : cell) : null,
    );
    const before = fingers.current.get(event.pointerId);
    if (before === undefined) return;
    if (fingers.current.size > 1) {
      // Each of n fingers carries its share of the scroll.
      const share = fingers.current.size;
      viewport.current?.scrollBy((before.x - event.clientX) / share, (before.y - event.clientY) / share);
    } else {
      painter.continueStroke(cell);
    }
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };

  const onPointerUp = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (fingers.current.delete(event.pointerId)) painter.endStroke();
  };

  const onPointerCancel = (event: PointerEvent<HTMLCanvasElement>): void => {
    fingers.current.delete(event.pointerId);
    painter.cancelStroke();
    setHover(null);
  };

  return {
    hover,
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerCancel,
      onPointerLeave: () => setHover(null),
    },
  };
}
