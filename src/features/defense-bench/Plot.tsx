import { useElementSize } from '@mantine/hooks';
import { type ReactNode, useId } from 'react';
import { FRAME, type Scales, scalesOf } from '../../ui/charts/geometry.ts';
import { type Axis, formatTick } from '../../ui/charts/ticks.ts';
import classes from './bench.module.css';

export interface PlotSize {
  width: number;
  height: number;
}

interface PlotProps {
  /** What it shows, for those who do not see it. */
  words: string;
  x: Axis;
  y: Axis;
  xLabel: string;
  /** Names on the x axis instead of its numbers. */
  xNames?: readonly string[];
  height?: number;
  /** As wide as high, at most this many pixels. */
  square?: number;
  formatY?: (value: number) => string;
  /** Called with the value of x where the pointer is pressed or drawn. */
  onDrag?: (x: number) => void;
  children: (scales: Scales, size: PlotSize) => ReactNode;
}

/** Axes and a grid around what the caller draws. */
export function Plot(props: PlotProps) {
  const { words, x, y, xLabel, xNames, square, onDrag, children, formatY = formatTick } = props;
  const { ref, width: room } = useElementSize();
  const clip = useId();
  const width = square === undefined ? room : Math.min(room, square);
  const height = square === undefined ? (props.height ?? 190) : width;
  const scales = scalesOf({ xAxis: x, yAxis: y }, false, width, height);
  const drag = (event: React.PointerEvent<SVGSVGElement>): void => {
    const { left } = event.currentTarget.getBoundingClientRect();
    onDrag?.(scales.xAt(event.clientX - left));
  };
  return (
    <div ref={ref} className={classes.plot} style={{ minHeight: square === undefined ? height : 120 }}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={words}
          {...(onDrag && {
            className: classes.draggable,
            onPointerDown: (event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              drag(event);
            },
            onPointerMove: (event) => {
              if (event.buttons > 0) drag(event);
            },
          })}
        >
          {y.ticks.map((tick) => (
            <g key={tick}>
              <line
                className={classes.gridLine}
                x1={FRAME.left}
                x2={width - FRAME.right}
                y1={scales.y(tick)}
                y2={scales.y(tick)}
              />
              <text className={classes.tick} x={FRAME.left - 6} y={scales.y(tick) + 4} textAnchor="end">
                {formatY(tick)}
              </text>
            </g>
          ))}
          {x.ticks.map((tick) => (
            <text
              key={tick}
              className={classes.tick}
              x={scales.x(tick)}
              y={height - FRAME.bottom + 14}
              textAnchor="middle"
            >
              {xNames ? xNames[tick] : formatTick(tick)}
            </text>
          ))}
          <clipPath id={clip}>
            <rect
              x={FRAME.left - 4}
              y={0}
              width={Math.max(0, width - FRAME.left - FRAME.right + 8)}
              height={height - FRAME.bottom + 2}
            />
          </clipPath>
          <g clipPath={`url(#${clip})`}>{children(scales, { width, height })}</g>
        </svg>
      )}
      <div className={classes.axisName}>{xLabel}</div>
    </div>
  );
}
