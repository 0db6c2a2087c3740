import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';

import { MEANING_COLORS, type Meaning } from '../../ui/theme/colors.ts';
import { shade, type Confusion, type ConfusionPlace } from './confusion.ts';
import classes from './confusion.module.css';

interface ConfusionHeatProps {
  title: string;
  meaning: Meaning;
  matrix: Confusion;
  classNames: readonly string[];
  onPlace: (place: ConfusionPlace | null) => void;
}

const STEPS: Readonly<Record<string, ConfusionPlace>> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
};

/** A confusion matrix of many classes as a picture, one pixel a cell, scaled; pointer or arrow keys read it out. */
export function ConfusionHeat({ title, meaning, matrix, onPlace }: ConfusionHeatProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [at, setAt] = useState<ConfusionPlace | null>(null);
  const scheme = useComputedColorScheme('light');
  const size = matrix.length;
  const color = MEANING_COLORS[meaning][scheme];
  useEffect(() => {
    if (canvas.current !== null) paint(canvas.current, matrix, color);
  }, [matrix, color]);

  const goTo = (place: ConfusionPlace): void => {
    const clamp = (value: number): number => Math.min(size - 1, Math.max(0, value));
    const { row, column } = { row: clamp(place.row), column: clamp(place.column) };
    setAt({ row, column });
    onPlace({ row, column });
  };
  const pointTo = (event: PointerEvent): void => {
    const box = event.currentTarget.getBoundingClientRect();
    goTo({
      row: Math.floor(((event.clientY - box.top) / box.height) * size),
      column: Math.floor(((event.clientX - box.left) / box.width) * size),
    });
  };
  const walk = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    goTo(at === null ? { row: 0, column: 0 } : { row: at.row + step.row, column: at.column + step.column });
  };
  return (
    <div
      className={classes.heat}
      role="application"
      aria-roledescription="matrix"
      aria-label={`${title}, ${size} by ${size} classes; arrow keys move from cell to cell`}
      tabIndex={0}
      onPointerMove={pointTo}
      onPointerDown={pointTo}
      onKeyDown={walk}
      onPointerLeave={() => {
        setAt(null);
        onPlace(null);
      }}
    >
      <canvas ref={canvas} width={size} height={size} aria-hidden="true" />
      {at !== null && (
        <span
          className={classes.cursor}
          style={{
            top: `${(100 * at.row) / size}%`,
            left: `${(100 * at.column) / size}%`,
            width: `${100 / size}%`,
            height: `${100 / size}%`,
          }}
        />
      )}
    </div>
  );
}

/** One pixel for each cell: the colour of the meaning, as opaque as its share of the row asks. */
function paint(canvas: HTMLCanvasElement, matrix: Confusion, color: string): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const [red, green, blue] = [1, 3, 5].map((from) => Number.parseInt(color.slice(from, from + 2), 16));
  const image = context.createImageData(matrix.length, matrix.length);
  matrix.forEach((counts, row) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    counts.forEach((count, column) => {
      const alpha = total === 0 ? 0 : Math.round(255 * shade(count / total));
      image.data.set([red ?? 0, green ?? 0, blue ?? 0, alpha], 4 * (row * matrix.length + column));
    });
  });
  context.putImageData(image, 0, 0);
}
