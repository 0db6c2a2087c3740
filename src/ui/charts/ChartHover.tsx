import { useState, type CSSProperties, type PointerEvent } from 'react';

import classes from './charts.module.css';
import type { ChartSeries } from './chartSource.ts';
import { ChartTooltip } from './ChartTooltip.tsx';
import { FRAME, nearestRow, type Scales } from './geometry.ts';
import type { PlotRow } from './plot.ts';

interface ChartHoverProps {
  rows: readonly PlotRow[];
  series: readonly ChartSeries[];
  smoothed: boolean;
  /** Whether to put a dot on each line. */
  dotted: boolean;
  scales: Scales;
  xLabel: string;
  format: (value: number) => string;
  width: number;
  height: number;
}

/** The layer over a chart that shows the values under the pointer; it alone is drawn again when the pointer moves. */
export function ChartHover(props: ChartHoverProps) {
  const { rows, series, scales, width, height } = props;
  const [pointer, setPointer] = useState<number | null>(null);
  const row = pointer === null ? null : nearestRow(rows, scales.xAt(pointer));
  const follow = (event: PointerEvent): void => {
    setPointer(event.clientX - event.currentTarget.getBoundingClientRect().left);
  };
  const x = row === null ? 0 : scales.x(row.x ?? 0);
  return (
    <div
      className={classes.hover}
      onPointerMove={follow}
      onPointerDown={follow}
      onPointerLeave={() => setPointer(null)}
    >
      {row !== null && (
        <>
          <svg width={width} height={height} aria-hidden="true">
            <line x1={x} x2={x} y1={FRAME.top} y2={height - FRAME.bottom} className={classes.cursor} />
            {props.dotted &&
              series.map((one) => {
                const value = row[one.key];
                if (typeof value !== 'number' || one.marksOf !== undefined) return null;
                return <circle key={one.key} cx={x} cy={scales.y(value)} r={3.5} fill={one.color} />;
              })}
          </svg>
          <div
            className={classes.tooltipPlace}
            data-side={x < width / 2 ? 'right' : 'left'}
            style={{ '--gap': `${10 + (x < width / 2 ? x : width - x)}px` } as CSSProperties}
          >
            <ChartTooltip
              row={row}
              series={series}
              smoothed={props.smoothed}
              xLabel={props.xLabel}
              format={props.format}
            />
          </div>
        </>
      )}
    </div>
  );
}
