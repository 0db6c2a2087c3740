import { UnstyledButton } from '@mantine/core';

import type { ChartSeries } from './chartSource.ts';
import classes from './charts.module.css';
import type { SeriesFacts } from './plot.ts';
import { SeriesSwatch } from './SeriesSwatch.tsx';

interface ChartLegendProps {
  series: readonly ChartSeries[];
  hidden: ReadonlySet<string>;
  facts: Readonly<Record<string, SeriesFacts>>;
  filled: boolean;
  format: (value: number) => string;
  onToggle: (key: string) => void;
}

/** A button for each series: what it is called, what it is at now, and whether it is shown. */
export function ChartLegend({ series, hidden, facts, filled, format, onToggle }: ChartLegendProps) {
  return (
    <div className={classes.legend}>
      {series
        .filter((one) => one.marksOf === undefined)
        .map((one) => {
          const latest = facts[one.key]?.latest ?? Number.NaN;
          const isShown = !hidden.has(one.key);
          return (
            <UnstyledButton
              key={one.key}
              className={classes.legendButton ?? ''}
              aria-pressed={isShown}
              title={isShown ? `Hide ${one.label}` : `Show ${one.label}`}
              onClick={() => onToggle(one.key)}
            >
              <SeriesSwatch series={one} filled={filled} />
              <span className={classes.legendLabel}>{one.label}</span>
              <span className={classes.legendValue}>
                {isShown && Number.isFinite(latest) ? format(latest) : ''}
              </span>
            </UnstyledButton>
          );
        })}
    </div>
  );
}
