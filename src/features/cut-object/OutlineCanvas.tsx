import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import type { Point } from '../../core/pictures/homography.ts';
import classes from './cut-object.module.css';
import { drawn, isOutline, moved, stretched, type Tool } from './outline.ts';

interface OutlineCanvasProps {
  shot: ImageData;
  tool: Tool;
  outline: readonly Point[];
  onOutline: (outline: readonly Point[]) => void;
}

/** Pixels of the photo that an arrow key moves the line by. */
const KEY_STEP = 5;

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-KEY_STEP, 0],
  ArrowRight: [KEY_STEP, 0],
  ArrowUp: [0, -KEY_STEP],
  ArrowDown: [0, KEY_STEP],
};

/** The photo with the line around the object, drawn by pointer or moved by keys. */
export function OutlineCanvas({ shot, tool, outline, onOutline }: OutlineCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [drawing, setDrawing] = useState<readonly Point[] | null>(null);
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(shot, 0, 0);
  }, [shot]);
  const at = (event: PointerEvent<Element>): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = (offset: number, length: number, side: number): number =>
      Math.min(side, Math.max(0, (offset / length) * side));
    return [
      place(event.clientX - box.left, box.width, shot.width),
      place(event.clientY - box.top, box.height, shot.height),
    ];
  };
  const key = (event: KeyboardEvent): void => {
    const by = ARROWS[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onOutline(event.shiftKey ? stretched(outline, by, shot) : moved(outline, by, shot));
  };
  const finish = (): void => {
    if (drawing && isOutline(drawing)) onOutline(drawing);
    setDrawing(null);
  };
  return (
    <div
      className={classes.shot}
      role="application"
      aria-label="Line around the object: draw it, or move it with the arrow keys and stretch it with Shift and the arrow keys"
      tabIndex={0}
      onKeyDown={key}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrawing(drawn(tool, [], at(event)));
      }}
      onPointerMove={(event) => {
        if (drawing) setDrawing(drawn(tool, drawing, at(event)));
      }}
      onPointerUp={finish}
      onPointerCancel={() => setDrawing(null)}
    >
      <canvas ref={canvas} width={shot.width} height={shot.height} aria-hidden />
      <svg viewBox={`0 0 ${shot.width} ${shot.height}`} aria-hidden>
        <polygon points={(drawing ?? outline).map((point) => point.join(',')).join(' ')} />
        <polygon
          className={classes.dashes}
          points={(drawing ?? outline).map((point) => point.join(',')).join(' ')}
        />
      </svg>
    </div>
  );
}
