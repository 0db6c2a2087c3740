import { useComputedColorScheme, VisuallyHidden } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { drawGrid } from './draw-grid.ts';
import { fittingCellSize } from './painter-geometry.ts';
import classes from './PainterGrid.module.css';
import { KEYBOARD_HELP, useGridKeyboard } from './use-grid-keyboard.ts';
import { useGridPointer } from './use-grid-pointer.ts';
import type { Painter } from './use-painter.ts';

interface PainterGridProps {
  painter: Painter;
  /** RGBA of a test image to paint over; null shows chequers. */
  background: Uint8ClampedArray<ArrayBuffer> | null;
  /** 1 shows the whole image. */
  zoom: number;
  /** Asks for another zoom, relative to this one. */
  onZoom: (factor: number) => void;
}

/** The pixel grid: one canvas for pointer, pen, touch and keyboard. */
export function PainterGrid({ painter, background, zoom, onZoom }: PainterGridProps) {
  const { shape, disabled } = painter;
  const helpId = useId();
  const scheme = useComputedColorScheme('light');
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const viewport = useRef<HTMLDivElement>(null);
  const viewportRef = useMergedRef(sizeRef, viewport);
  const canvas = useRef<HTMLCanvasElement>(null);
  const anchor = useRef<{ x: number; y: number } | null>(null);
  const lastCellSize = useRef(1);
  const [cursorShown, setCursorShown] = useState(false);

  const cellSize = Math.max(1, Math.round(fittingCellSize(shape, width) * zoom));
  const keyboard = useGridKeyboard(painter);
  const pointer = useGridPointer(painter, cellSize, viewport, (cell) => {
    setCursorShown(false);
    keyboard.setCursor(cell);
  });

  useLayoutEffect(() => {
    if (canvas.current === null || width === 0) return;
    const style = getComputedStyle(canvas.current);
    const color = (name: string): string => style.getPropertyValue(name);
    drawGrid(
      canvas.current,
      {
        shape,
        pixels: painter.pixels,
        background,
        cellSize,
        hover: pointer.hover,
        hoverSize: painter.tool === 'move' ? 1 : painter.brush.size,
        cursor: cursorShown ? keyboard.cursor : null,
        colors: {
          light: color('--chequer-light'),
          dark: color('--chequer-dark'),
          line: color('--grid-line'),
          outline: color('--trigger-outline'),
          cursor: color('--grid-cursor'),
        },
      },
      window.devicePixelRatio,
    );
  });

  useEffect(() => {
    const element = viewport.current;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = element?.getBoundingClientRect();
      if (box !== undefined) anchor.current = { x: event.clientX - box.left, y: event.clientY - box.top };
      onZoom(event.deltaY < 0 ? 1.25 : 0.8);
    };
    // React listens passively, which cannot keep the browser from zooming the page.
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [onZoom]);

  // The point under the pointer (else the middle) stays where it is while the grid grows.
  useLayoutEffect(() => {
    const element = viewport.current;
    const ratio = cellSize / lastCellSize.current;
    lastCellSize.current = cellSize;
    if (element === null || ratio === 1) return;
    const { x, y } = anchor.current ?? { x: element.clientWidth / 2, y: element.clientHeight / 2 };
    anchor.current = null;
    element.scrollTo((element.scrollLeft + x) * ratio - x, (element.scrollTop + y) * ratio - y);
  }, [cellSize]);

  const { row, column } = keyboard.cursor;
  useEffect(() => {
    const element = viewport.current;
    if (!cursorShown || element === null) return;
    const [x, y] = [column * cellSize, row * cellSize];
    const left = Math.min(x, Math.max(element.scrollLeft, x + cellSize - element.clientWidth));
    const top = Math.min(y, Math.max(element.scrollTop, y + cellSize - element.clientHeight));
    element.scrollTo(left, top);
  }, [cursorShown, row, column, cellSize]);

  return (
    <div className={classes.frame}>
      <div
        ref={viewportRef}
        className={classes.viewport}
        // Until its width is known: the square that it will fill, so that nothing below jumps.
        style={width === 0 ? { aspectRatio: shape.width / shape.height } : undefined}
      >
        <canvas
          ref={canvas}
          className={classes.canvas}
          data-tool={painter.tool}
          data-scheme={scheme}
          data-disabled={disabled || undefined}
          style={{ width: shape.width * cellSize, height: shape.height * cellSize }}
          tabIndex={disabled ? -1 : 0}
          role="application"
          aria-roledescription="pixel grid"
          aria-label={`Trigger painter, ${shape.height} rows by ${shape.width} columns`}
          aria-describedby={helpId}
          aria-disabled={disabled || undefined}
          onContextMenu={(event) => event.preventDefault()}
          onFocus={(event) => {
            if (!event.currentTarget.matches(':focus-visible')) return;
            setCursorShown(true);
            keyboard.onFocus();
          }}
          onBlur={() => setCursorShown(false)}
          onKeyDown={(event) => {
            setCursorShown(true);
            keyboard.onKeyDown(event);
          }}
          {...pointer.handlers}
        />
      </div>
      <VisuallyHidden id={helpId}>{KEYBOARD_HELP}</VisuallyHidden>
      <VisuallyHidden aria-live="polite" role="status">
        {keyboard.announcement}
      </VisuallyHidden>
    </div>
  );
}
