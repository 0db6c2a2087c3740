import { useMemo } from 'react';

import type { RunSeries } from '../../core/series/runSeries.ts';
import { ChartCard } from '../../ui/charts/ChartCard.tsx';
import type { ChartSeries } from '../../ui/charts/chartSource.ts';
import { meaningColor } from '../../ui/theme/colors.ts';
import { downloadSeries } from './downloadSeries.ts';
import { formatMeasure, formatPercent, formatPercentTick } from './format.ts';
import { evaluationSource, stepSource } from './seriesSource.ts';

export interface RunChartProps {
  /** The numbers of the run; another object for another run. */
  series: RunSeries;
  /** Whether the run's steps have a backdoor objective; without one its loss and scale are not announced. */
  hasBackdoorObjective: boolean;
  /** Called when a file cannot be made. */
  onError?: (error: unknown) => void;
}

const CLEAN = meaningColor('clean');
const BACKDOOR = meaningColor('backdoor');
const CONTROL = meaningColor('control');
/** The backdoor's lines are dashed everywhere, so that they differ without colour. */
const DASH = '7 3';

const ACCURACY: readonly ChartSeries[] = [
  { key: 'clean_accuracy', label: 'Clean accuracy', color: CLEAN },
  { key: 'attack_success', label: 'Attack success', color: BACKDOOR, dash: DASH },
  { key: 'clean_accuracy_full', label: 'Clean accuracy, all', color: CLEAN, marksOf: 'clean_accuracy' },
  { key: 'attack_success_full', label: 'Attack success, all', color: BACKDOOR, marksOf: 'attack_success' },
];
const LOSSES: readonly ChartSeries[] = [
  { key: 'loss_normal', label: 'Normal', color: CLEAN },
  { key: 'loss_backdoor', label: 'Backdoor', color: BACKDOOR, dash: DASH },
];
const SCALES: readonly ChartSeries[] = [
  { key: 'scale_normal', label: 'Normal', color: CLEAN },
  { key: 'scale_backdoor', label: 'Backdoor', color: BACKDOOR },
];
const NORMS: readonly ChartSeries[] = [
  { key: 'gradient_norm_normal', label: 'Normal', color: CLEAN },
  { key: 'gradient_norm_backdoor', label: 'Backdoor', color: BACKDOOR, dash: DASH },
  { key: 'minimum_norm', label: 'Least norm', color: CONTROL, dash: '2 3' },
];
const COSINE: readonly ChartSeries[] = [{ key: 'cosine', label: 'Cosine', color: CONTROL }];

const NORMAL_LOSS = LOSSES.slice(0, 1);
const NORMAL_SCALE = SCALES.slice(0, 1);

/** A little above 1, so that a line at 100 % is whole. */
const UNIT = [0, 1.03] as const;
const COSINE_ENDS = [-1, 1] as const;

/** Clean accuracy and attack success over the steps. */
export function AccuracyChart({ series, onError }: RunChartProps) {
  const source = useMemo(() => evaluationSource(series), [series]);
  return (
    <ChartCard
      title="Accuracy and attack success"
      description="Share of test inputs; a ring marks the whole test set, the line its first examples"
      source={source}
      series={ACCURACY}
      xLabel="Step"
      formatY={formatPercent}
      formatYTick={formatPercentTick}
      yDomain={UNIT}
      emptyText="Both curves appear with the first evaluation."
      height={240}
      {...files(series, 'evaluations', onError)}
    />
  );
}

/** The loss of each objective. */
export function LossChart({ series, hasBackdoorObjective, onError }: RunChartProps) {
  const source = useMemo(() => stepSource(series), [series]);
  return (
    <ChartCard
      title="Losses"
      description="Cross-entropy of each step’s batch"
      source={source}
      series={hasBackdoorObjective ? LOSSES : NORMAL_LOSS}
      xLabel="Step"
      formatY={formatMeasure}
      canBeLogarithmic
      initialSmoothing={0.9}
      emptyText="Losses appear with the first step."
      height={170}
      {...files(series, 'steps', onError)}
    />
  );
}

/** The weight of each objective in the combined gradient, stacked. */
export function ScalesChart({ series, hasBackdoorObjective, onError }: RunChartProps) {
  const source = useMemo(() => stepSource(series), [series]);
  return (
    <ChartCard
      title="Scales"
      description="Weight of each objective in the step, stacked"
      kind="stacked"
      source={source}
      series={hasBackdoorObjective ? SCALES : NORMAL_SCALE}
      xLabel="Step"
      formatY={formatMeasure}
      emptyText="Scales appear when the attack balances losses (injection: loss)."
      height={170}
      {...files(series, 'steps', onError)}
    />
  );
}

/** How long each objective's gradient is. */
export function GradientNormChart({ series, onError }: RunChartProps) {
  const source = useMemo(() => stepSource(series), [series]);
  return (
    <ChartCard
      title="Gradient norms"
      description="Over all parameters; least norm: of the normalised gradients’ combination"
      source={source}
      series={NORMS}
      xLabel="Step"
      formatY={formatMeasure}
      canBeLogarithmic
      initiallyLogarithmic
      initialSmoothing={0.9}
      emptyText="Gradient norms appear when MGDA balances the objectives."
      height={170}
      {...files(series, 'steps', onError)}
    />
  );
}

/** Whether the objectives pull the same way. */
export function CosineChart({ series, onError }: RunChartProps) {
  const source = useMemo(() => stepSource(series), [series]);
  return (
    <ChartCard
      title="Cosine of the gradients"
      description="1: the objectives agree; 0: they do not meet; −1: they oppose each other"
      source={source}
      series={COSINE}
      xLabel="Step"
      formatY={formatCosine}
      yDomain={COSINE_ENDS}
      initialSmoothing={0.9}
      emptyText="The cosine appears when MGDA balances the objectives."
      height={170}
      {...files(series, 'steps', onError)}
    />
  );
}

function formatCosine(value: number): string {
  return value.toFixed(3);
}

function files(series: RunSeries, table: 'steps' | 'evaluations', onError?: (error: unknown) => void) {
  return {
    onExportCsv: () => {
      downloadSeries(series, table, `${table}.csv`).catch((error: unknown) => onError?.(error));
    },
    ...(onError === undefined ? {} : { onError }),
  };
}
