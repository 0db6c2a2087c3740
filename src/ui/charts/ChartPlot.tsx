import { memo, useId, useMemo } from 'react';
import { CartesianGrid, ComposedChart, XAxis, YAxis } from 'recharts';

import { ChartHover } from './ChartHover.tsx';
import { ChartLines } from './ChartLines.tsx';
import classes from './charts.module.css';
import type { ChartSeries } from './chartSource.ts';
import { FRAME, scalesOf } from './geometry.ts';
import type { Plot } from './plot.ts';
import { formatTick } from './ticks.ts';

export interface ChartPlotProps {
  plot: Plot;
  series: readonly ChartSeries[];
  kind: 'lines' | 'stacked';
  smoothed: boolean;
  logarithmic: boolean;
  xLabel: string;
  formatY: (value: number) => string;
  formatYTick: (value: number) => string;
  width: number;
  height: number;
}

/** The chart's data are drawn by {@link ChartLines}: Recharts gets none, and so keeps no copy to compare and label. */
const NO_DATA: never[] = [];
const MARGIN = { top: FRAME.top, right: FRAME.right, bottom: 0, left: 0 };
const TICK = { fontSize: 11, fill: 'var(--mantine-color-dimmed)' };
const AXIS_LINE = { stroke: 'var(--mantine-color-default-border)' };

/**
 * The drawing: axes and grid by Recharts, lines and hover by us. With Recharts' own lines five live charts took a third
 * of a core and single updates 45 ms (it copies and labels every point of every line); ticks and sizes are given for
 * the same reason, so that nothing has to be measured.
 */
export const ChartPlot = memo(function ChartPlot(props: ChartPlotProps) {
  const { plot, series, kind, smoothed, logarithmic, width, height } = props;
  const clip = useId();
  const scales = useMemo(
    () => scalesOf(plot, logarithmic, width, height),
    [plot, logarithmic, width, height],
  );
  return (
    <div className={classes.plot}>
      <ComposedChart accessibilityLayer={false} data={NO_DATA} width={width} height={height} margin={MARGIN}>
        <CartesianGrid
          vertical={false}
          syncWithTicks
          stroke="var(--mantine-color-default-border)"
          strokeOpacity={0.7}
        />
        <XAxis
          dataKey="x"
          type="number"
          domain={plot.xAxis.domain}
          ticks={plot.xAxis.ticks}
          niceTicks="none"
          tickFormatter={formatTick}
          interval={0}
          height={FRAME.bottom}
          tick={TICK}
          tickLine={false}
          axisLine={AXIS_LINE}
          allowDataOverflow
        />
        <YAxis
          type="number"
          domain={plot.yAxis.domain}
          ticks={plot.yAxis.ticks}
          niceTicks="none"
          tickFormatter={props.formatYTick}
          scale={logarithmic ? 'log' : 'linear'}
          interval={0}
          width={FRAME.left}
          tick={TICK}
          tickLine={false}
          axisLine={false}
          allowDataOverflow
        />
        <text x={0} y={height - 8} {...TICK}>
          {props.xLabel}
        </text>
        <clipPath id={clip}>
          <rect
            x={FRAME.left}
            y={0}
            width={Math.max(0, width - FRAME.left)}
            height={Math.max(0, height - FRAME.bottom + 2)}
          />
        </clipPath>
        <g clipPath={`url(#${clip})`}>
          <ChartLines rows={plot.rows} series={series} kind={kind} smoothed={smoothed} scales={scales} />
        </g>
      </ComposedChart>
      <ChartHover
        rows={plot.rows}
        series={series}
        smoothed={smoothed}
        dotted={kind === 'lines'}
        scales={scales}
        xLabel={props.xLabel}
        format={props.formatY}
        width={width}
        height={height}
      />
    </div>
  );
});
