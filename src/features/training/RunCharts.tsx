import { useMemo } from 'react';

import type { EvasionName } from '../../core/config/schema.ts';
import type { RunSeries } from '../../core/series/runSeries.ts';
import { ChartCard } from '../../ui/charts/ChartCard.tsx';
import type { ChartSeries } from '../../ui/charts/chartSource.ts';
import { type Meaning, meaningColor } from '../../ui/theme/colors.ts';
import { csvOf } from './downloadSeries.ts';
import { formatMeasure, formatPercent, formatPercentTick } from './format.ts';
import { useSeenEvasions } from './use-seen-evasions.ts';
import { evaluationSource, stepSource } from './seriesSource.ts';

export interface RunChartProps {
  /** The numbers of the run; another object for another run. */
  series: RunSeries;
  /** Backdoors of the attack, at least 1. */
  backdoors: number;
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

/** What the lines of the further backdoors look like. */
const FURTHER = [2, 3, 4].map((number) => ({
  number,
  label: `Backdoor ${number}`,
  color: meaningColor(`backdoor_${number}` as Meaning),
  dash: ['2 3', '9 3 2 3', '5 2'][number - 2] ?? DASH,
}));

/** Lines of the further backdoors, keyed by their number. */
function further(backdoors: number, key: (number: number) => string, label?: string): ChartSeries[] {
  return FURTHER.filter(({ number }) => number <= backdoors).map(({ number, ...line }) => ({
    ...line,
    key: key(number),
    label: label === undefined ? line.label : `${label} ${number}`,
  }));
}

/** All evasions have one colour; their dashes tell them apart. */
const EVASION_LINES: Record<EvasionName, { label: string; dash: string }> = {
  neural_cleanse: { label: 'Evading Neural Cleanse', dash: '8 2' },
  sentinet_evasion: { label: 'Evading SentiNet', dash: '4 2' },
  spectral_evasion: { label: 'Evading Spectral Signatures', dash: '2 2' },
  activation_clustering_evasion: { label: 'Evading Activation Clustering', dash: '8 2 2 2' },
  strip_evasion: { label: 'Evading STRIP', dash: '4 2 1 2' },
  pruning_aware: { label: 'Surviving pruning', dash: '12 3' },
};

function evasionSeries(
  prefix: 'loss' | 'scale' | 'gradient_norm',
  evasions: readonly EvasionName[],
  dashed = true,
): ChartSeries[] {
  return evasions.map((name) => ({
    key: `${prefix}_${name}`,
    label: EVASION_LINES[name].label,
    color: meaningColor('evasion'),
    ...(dashed ? { dash: EVASION_LINES[name].dash } : {}),
  }));
}

function accuracySeries(backdoors: number): ChartSeries[] {
  return [
    { key: 'clean_accuracy', label: 'Clean accuracy', color: CLEAN },
    { key: 'attack_success', label: 'Attack success', color: BACKDOOR, dash: DASH },
    ...further(backdoors, (number) => `attack_success_${number}`, 'Attack success'),
    { key: 'clean_accuracy_full', label: 'Clean accuracy, all', color: CLEAN, marksOf: 'clean_accuracy' },
    { key: 'attack_success_full', label: 'Attack success, all', color: BACKDOOR, marksOf: 'attack_success' },
  ];
}

/** One line for the normal objective, and one for each backdoor, if the steps have them. */
function objectiveSeries(
  prefix: 'loss' | 'scale' | 'gradient_norm',
  backdoors: number,
  dash: string | null,
): ChartSeries[] {
  const normal = { key: `${prefix}_normal`, label: 'Normal', color: CLEAN };
  if (backdoors === 0) return [normal];
  const dashed = dash === null ? {} : { dash };
  return [
    normal,
    { key: `${prefix}_backdoor`, label: 'Backdoor', color: BACKDOOR, ...dashed },
    ...further(backdoors, (number) => `${prefix}_backdoor_${number}`),
  ];
}

const LEAST_NORM: ChartSeries = {
  key: 'minimum_norm',
  label: 'Least norm',
  color: CONTROL,
  dash: '2 3',
};
const COSINE: readonly ChartSeries[] = [{ key: 'cosine', label: 'Cosine', color: CONTROL }];

/** A little above 1, so that a line at 100 % is whole. */
const UNIT = [0, 1.03] as const;
const COSINE_ENDS = [-1, 1] as const;

/** Clean accuracy and attack success over the steps. */
export function AccuracyChart({ series, backdoors, onError }: RunChartProps) {
  const source = useMemo(() => evaluationSource(series), [series]);
  const lines = useMemo(() => accuracySeries(backdoors), [backdoors]);
  return (
    <ChartCard
      title="Accuracy and attack success"
      description="Share of test inputs; a ring marks the whole test set, the line its first examples"
      source={source}
      series={lines}
      xLabel="Step"
      formatY={formatPercent}
      formatYTick={formatPercentTick}
      yDomain={UNIT}
      emptyText="Both curves appear with the first evaluation."
      height={240}
      {...csvOf(series, 'evaluations', onError)}
    />
  );
}

/** The loss of each objective. */
export function LossChart({ series, backdoors, hasBackdoorObjective, onError }: RunChartProps) {
  const source = useMemo(() => stepSource(series), [series]);
  const shown = hasBackdoorObjective ? backdoors : 0;
  const evasions = useSeenEvasions(series);
  const lines = useMemo(
    () => [...objectiveSeries('loss', shown, DASH), ...evasionSeries('loss', evasions)],
    [shown, evasions],
  );
  return (
    <ChartCard
      title="Losses"
      description="Cross-entropy of each step’s batch; an evasion has a loss of its own"
      source={source}
      series={lines}
      xLabel="Step"
      formatY={formatMeasure}
      canBeLogarithmic
      initialSmoothing={0.9}
      emptyText="Losses appear with the first step."
      height={170}
      {...csvOf(series, 'steps', onError)}
    />
  );
}

/** The weight of each objective in the combined gradient, stacked. */
export function ScalesChart({ series, backdoors, hasBackdoorObjective, onError }: RunChartProps) {
  const source = useMemo(() => stepSource(series), [series]);
  const shown = hasBackdoorObjective ? backdoors : 0;
  const evasions = useSeenEvasions(series);
  const lines = useMemo(
    () => [...objectiveSeries('scale', shown, null), ...evasionSeries('scale', evasions, false)],
    [shown, evasions],
  );
  return (
    <ChartCard
      title="Scales"
      description="Weight of each objective in the step, stacked"
      kind="stacked"
      source={source}
      series={lines}
      xLabel="Step"
      formatY={formatMeasure}
      emptyText="Scales appear when the attack balances losses (injection: loss)."
      height={170}
      {...csvOf(series, 'steps', onError)}
    />
  );
}

/** How long each objective's gradient is. */
export function GradientNormChart({ series, backdoors, onError }: RunChartProps) {
  const evasions = useSeenEvasions(series);
  const source = useMemo(() => stepSource(series), [series]);
  const lines = useMemo(
    () => [
      ...objectiveSeries('gradient_norm', backdoors, DASH),
      ...evasionSeries('gradient_norm', evasions),
      LEAST_NORM,
    ],
    [backdoors, evasions],
  );
  return (
    <ChartCard
      title="Gradient norms"
      description="Over all parameters; least norm: of the normalised gradients’ combination"
      source={source}
      series={lines}
      xLabel="Step"
      formatY={formatMeasure}
      canBeLogarithmic
      initiallyLogarithmic
      initialSmoothing={0.9}
      emptyText="Gradient norms appear when MGDA balances the objectives."
      height={170}
      {...csvOf(series, 'steps', onError)}
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
      {...csvOf(series, 'steps', onError)}
    />
  );
}

function formatCosine(value: number): string {
  return value.toFixed(3);
}
