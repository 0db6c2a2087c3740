import { memo, useMemo } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, Tooltip, XAxis, YAxis } from 'recharts';

import type { ChartSeries } from './chartSource.ts';
import { ChartTooltip } from './ChartTooltip.tsx';
import { rawKey, type Plot } from './plot.ts';
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

const MARGIN = { top: 8, right: 18, bottom: 0, left: 0 };
const TICK = { fontSize: 11, fill: 'var(--mantine-color-dimmed)' };
const AXIS_LINE = { stroke: 'var(--mantine-color-default-border)' };
const CURSOR = { stroke: 'var(--mantine-color-dimmed)', strokeDasharray: '2 3' };
/** Below this many measured places a line alone is hard to see, so each place gets a dot. */
const DOTS_BELOW = 3;

/** The drawing itself, on Recharts: ticks and sizes are given, so that nothing has to be measured, and nothing moves. */
export const ChartPlot = memo(function ChartPlot(props: ChartPlotProps) {
  const { plot, series, smoothed, logarithmic, xLabel, formatY, width, height } = props;
  const fewRows = plot.rows.length < DOTS_BELOW;
  const shapes = useMemo(
    () =>
      props.kind === 'stacked'
        ? series.map(layer)
        : [
            ...series.filter((one) => smoothed && one.marksOf === undefined).map(faintLine),
            ...series.map((one) => (one.marksOf === undefined ? line(one, fewRows) : marks(one))),
          ],
    [props.kind, series, smoothed, fewRows],
  );
  const tooltip = useMemo(
    () => <ChartTooltip series={series} smoothed={smoothed} xLabel={xLabel} format={formatY} />,
    [series, smoothed, xLabel, formatY],
  );
  return (
    <ComposedChart accessibilityLayer={false} data={plot.rows} width={width} height={height} margin={MARGIN}>
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
        tickFormatter={formatTick}
        interval={0}
        height={24}
        tick={TICK}
        tickLine={false}
        axisLine={AXIS_LINE}
      />
      <YAxis
        domain={plot.yAxis.domain}
        ticks={plot.yAxis.ticks}
        tickFormatter={props.formatYTick}
        scale={logarithmic ? 'log' : 'linear'}
        interval={0}
        width={44}
        tick={TICK}
        tickLine={false}
        axisLine={false}
        allowDataOverflow
      />
      <Tooltip content={tooltip} cursor={CURSOR} isAnimationActive={false} />
      {shapes}
      <text x={40} y={height - 8} textAnchor="end" {...TICK}>
        {xLabel}
      </text>
    </ComposedChart>
  );
});

function line(one: ChartSeries, dotted: boolean) {
  return (
    <Line
      key={one.key}
      dataKey={one.key}
      type="linear"
      stroke={one.color}
      strokeWidth={2}
      dot={dotted ? { r: 2.5, fill: one.color, strokeWidth: 0 } : false}
      activeDot={{ r: 3.5, strokeWidth: 0, fill: one.color }}
      isAnimationActive={false}
      {...(one.dash === undefined ? {} : { strokeDasharray: one.dash })}
    />
  );
}

function faintLine(one: ChartSeries) {
  return (
    <Line
      key={rawKey(one.key)}
      dataKey={rawKey(one.key)}
      type="linear"
      stroke={one.color}
      strokeWidth={1}
      strokeOpacity={0.3}
      dot={false}
      activeDot={false}
      isAnimationActive={false}
    />
  );
}

function marks(one: ChartSeries) {
  return (
    <Line
      key={one.key}
      dataKey={one.key}
      type="linear"
      stroke="none"
      dot={{ r: 4, fill: 'var(--mantine-color-body)', stroke: one.color, strokeWidth: 2 }}
      activeDot={false}
      isAnimationActive={false}
    />
  );
}

function layer(one: ChartSeries) {
  return (
    <Area
      key={one.key}
      dataKey={one.key}
      stackId="stack"
      type="linear"
      stroke={one.color}
      strokeWidth={1}
      fill={one.color}
      fillOpacity={0.75}
      dot={false}
      activeDot={false}
      isAnimationActive={false}
    />
  );
}
