import { useMemo } from 'react';

import { ChartCard } from '../../ui/charts/ChartCard.tsx';
import type { ChartSeries } from '../../ui/charts/chartSource.ts';
import { meaningColor } from '../../ui/theme/colors.ts';
import { csvOf } from './downloadSeries.ts';
import { formatMeasure } from './format.ts';
import type { RunChartProps } from './RunCharts.tsx';
import { evaluationSource } from './seriesSource.ts';
import { useSeenPrivacy } from './use-seen-privacy.ts';

const LINES: readonly ChartSeries[] = [{ key: 'epsilon', label: 'ε', color: meaningColor('defended') }];

/** What private training has spent, step by step; nothing in a run that promises nothing. */
export function EpsilonChart({ series, onError }: Pick<RunChartProps, 'series' | 'onError'>) {
  const source = useMemo(() => evaluationSource(series), [series]);
  const isPrivate = useSeenPrivacy(series);
  if (!isPrivate) return null;
  return (
    <ChartCard
      title="Privacy spent (ε)"
      description="How much a model may tell of one example or client at most; smaller tells less"
      source={source}
      series={LINES}
      xLabel="Step"
      formatY={formatMeasure}
      emptyText="ε appears with the first evaluation."
      height={170}
      {...csvOf(series, 'evaluations', onError)}
    />
  );
}
