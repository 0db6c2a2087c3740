import { Text, Title } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';

import classes from './charts.module.css';
import { ChartLegend } from './ChartLegend.tsx';
import type { ChartSeries, ChartSource } from './chartSource.ts';
import { ChartTable } from './ChartTable.tsx';
import { ChartTools } from './ChartTools.tsx';
import { download, fileStem } from './download.ts';
import { chartPicture } from './picture.ts';
import { plot } from './plot.ts';
import { summarize } from './summary.ts';
import { formatTick } from './ticks.ts';
import { useThrottledVersion } from './useThrottledVersion.ts';

export interface ChartCardProps {
  title: string;
  /** One sentence: what is drawn, in which unit. */
  description: string;
  kind?: 'lines' | 'stacked';
  /** Both must keep their identity between renders. */
  source: ChartSource;
  series: readonly ChartSeries[];
  xLabel: string;
  formatY: (value: number) => string;
  formatYTick?: (value: number) => string;
  /** Fixed ends of the y axis; else they follow the values. */
  yDomain?: readonly [number, number];
  canBeLogarithmic?: boolean;
  initiallyLogarithmic?: boolean;
  canSmooth?: boolean;
  initialSmoothing?: number;
  /** What will be seen here once there is something. */
  emptyText: string;
  onExportCsv?: () => void;
  /** Called when a picture cannot be made. */
  onError?: (error: unknown) => void;
  height?: number;
  /** Redraws a second, at most. */
  hz?: number;
}

const loadPlot = () => import('./ChartPlot.tsx');

/** Recharts is a fifth of the page’s code, and an empty chart needs none of it. */
const ChartPlot = lazy(async () => ({ default: (await loadPlot()).ChartPlot }));

/** Fetches the drawing while nothing else happens: in the middle of a run it would come late, and all at once. */
function usePlotInTime(): void {
  useEffect(() => {
    const load = (): void => void loadPlot().catch(() => undefined); // drawing tries again, and tells
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(load, 1000);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(load, { timeout: 5000 });
    return () => cancelIdleCallback(idle);
  }, []);
}

/** Rows drawn at most, all series together sharing them: an envelope that a 600 px wide chart can show. */
const POINTS = 260;

/** One live chart with everything a reader may ask of it: hover values, legend, smoothing, scale, table, files. */
export function ChartCard(props: ChartCardProps) {
  const { title, source, series, kind = 'lines', xLabel, formatY, height = 200, yDomain, onError } = props;
  const [smoothing, setSmoothing] = useState(props.initialSmoothing ?? 0);
  const [logarithmic, setLogarithmic] = useState(props.initiallyLogarithmic ?? false);
  const [asTable, setAsTable] = useState(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const frame = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width } = useElementSize();
  usePlotInTime();
  const version = useThrottledVersion(source.subscribe, source.version, props.hz ?? 4);

  const visible = useMemo(
    () => series.filter((one) => !hidden.has(one.marksOf ?? one.key)),
    [series, hidden],
  );
  const drawn = useMemo(() => {
    const table = source.read(visible.map((one) => one.key));
    const stacked = kind === 'stacked';
    return {
      version,
      table,
      plot: plot(table, visible, { smoothing, logarithmic, stacked, yDomain, points: POINTS }),
    };
  }, [source, visible, version, smoothing, logarithmic, kind, yDomain]);
  const facts = Object.values(drawn.plot.facts);
  const isEmpty =
    drawn.plot.total === 0 || (facts.length > 0 && facts.every((fact) => Number.isNaN(fact.latest)));

  const toggle = useCallback((key: string) => {
    setHidden((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  }, []);

  const exportPicture = useCallback((): void => {
    const drawing = frame.current?.querySelector<SVGSVGElement>('svg.recharts-surface');
    if (drawing === undefined || drawing === null) return;
    chartPicture(
      drawing,
      title,
      visible.filter((one) => one.marksOf === undefined),
    )
      .then((picture) => download(`${fileStem(title)}.png`, [picture], 'image/png'))
      .catch((error: unknown) => onError?.(error));
  }, [title, visible, onError]);

  return (
    <section className={classes.card} aria-label={title}>
      <header className={classes.header}>
        <div className={classes.heading}>
          <Title order={2} size="h4">
            {title}
          </Title>
          <Text size="xs" c="dimmed">
            {props.description}
          </Text>
        </div>
        {!isEmpty && (
          <div className={classes.tools}>
            <ChartTools
              title={title}
              smoothing={smoothing}
              onSmoothing={setSmoothing}
              canSmooth={props.canSmooth ?? true}
              logarithmic={logarithmic}
              onLogarithmic={setLogarithmic}
              canBeLogarithmic={props.canBeLogarithmic ?? false}
              asTable={asTable}
              onAsTable={setAsTable}
              onExportPicture={exportPicture}
              onExportCsv={props.onExportCsv}
            />
          </div>
        )}
      </header>
      <ChartLegend
        series={series}
        hidden={hidden}
        facts={drawn.plot.facts}
        filled={kind === 'stacked'}
        format={formatY}
        onToggle={toggle}
      />
      <div ref={sizeRef}>
        {isEmpty ? (
          <div className={classes.empty} style={{ height }}>
            <Text size="sm" c="dimmed">
              {props.emptyText}
            </Text>
          </div>
        ) : asTable ? (
          <ChartTable
            title={title}
            table={drawn.table}
            series={visible}
            xLabel={xLabel}
            format={formatY}
            height={height}
          />
        ) : (
          <div
            ref={frame}
            role="img"
            aria-label={`${title}. ${summarize(visible, drawn.plot.facts, xLabel.toLowerCase(), formatY)}`}
            style={{ height }}
          >
            {width > 0 && (
              <Suspense fallback={null}>
                <ChartPlot
                  plot={drawn.plot}
                  series={visible}
                  kind={kind}
                  smoothed={smoothing > 0}
                  logarithmic={logarithmic}
                  xLabel={xLabel}
                  formatY={formatY}
                  formatYTick={props.formatYTick ?? formatTick}
                  width={width}
                  height={height}
                />
              </Suspense>
            )}
          </div>
        )}
      </div>
    </section>
  );
}
