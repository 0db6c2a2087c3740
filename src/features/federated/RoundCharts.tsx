import { useMemo } from 'react';
import type { EpochRecord } from '../../core/experiment/events.ts';
import type { RoundRecord } from '../../core/experiment/round.ts';
import { ChartCard } from '../../ui/charts/ChartCard.tsx';
import type { ChartSeries } from '../../ui/charts/chartSource.ts';
import { meaningColor } from '../../ui/theme/colors.ts';
import { formatMeasure, formatPercent, formatPercentTick } from '../training/format.ts';
import classes from './federated.module.css';
import { centralSource, roundSource } from './round-series.ts';

const UNIT = [0, 1.03] as const;
const CLEAN = meaningColor('clean');
const BACKDOOR = meaningColor('backdoor');
const CONTROL = meaningColor('control');

const CENTRAL: readonly ChartSeries[] = [
  { key: 'clean', label: 'Clean accuracy', color: CLEAN },
  { key: 'triggered', label: 'Attack success', color: BACKDOOR, dash: '7 3' },
];
const LOCAL: readonly ChartSeries[] = [
  { key: 'honest_clean', label: 'Honest, clean', color: CLEAN },
  { key: 'honest_triggered', label: 'Honest, attack', color: BACKDOOR, dash: '7 3' },
  { key: 'attacker_clean', label: 'Attackers, clean', color: CLEAN, dash: '2 3' },
  { key: 'attacker_triggered', label: 'Attackers, attack', color: BACKDOOR, dash: '2 3' },
];
const CHOSEN: readonly ChartSeries[] = [
  { key: 'chosen_clean', label: 'Chosen, clean', color: meaningColor('defended') },
  { key: 'chosen_triggered', label: 'Chosen, attack', color: meaningColor('evasion'), dash: '9 3 2 3' },
];
const LENGTHS: readonly ChartSeries[] = [
  { key: 'honest_norm', label: 'Honest', color: CLEAN },
  { key: 'attacker_norm', label: 'Attackers', color: BACKDOOR, dash: '7 3' },
  { key: 'aggregate_norm', label: 'Aggregate', color: CONTROL, dash: '2 3' },
];
const TRAFFIC: readonly ChartSeries[] = [{ key: 'megabytes', label: 'Megabytes', color: CONTROL }];
const COMPUTE: readonly ChartSeries[] = [{ key: 'steps', label: 'Steps', color: CONTROL }];

interface RoundChartsProps {
  rounds: readonly RoundRecord[];
  epochs: readonly EpochRecord[];
  chosen: number | null;
}

/** What the rounds came to, in the global model and in the clients’. */
export function RoundCharts({ rounds, epochs, chosen }: RoundChartsProps) {
  const central = useMemo(() => centralSource(epochs), [epochs]);
  const source = useMemo(() => roundSource(rounds, chosen), [rounds, chosen]);
  const local = useMemo(() => (chosen === null ? LOCAL : [...LOCAL, ...CHOSEN]), [chosen]);
  const common = { xLabel: 'Round', height: 170, canSmooth: false } as const;
  const rates = { formatY: formatPercent, formatYTick: formatPercentTick, yDomain: UNIT };
  const emptyText = 'Appears with the first round.';
  return (
    <div className={classes.columns}>
      <ChartCard
        {...common}
        {...rates}
        title="Global model"
        description="After each round, on the whole test set"
        source={central}
        series={CENTRAL}
        emptyText={emptyText}
      />
      <ChartCard
        {...common}
        {...rates}
        title="Local models"
        description="Mean over the clients of a round, on the first test examples; and the chosen client"
        source={source}
        series={local}
        emptyText={emptyText}
      />
      <ChartCard
        {...common}
        title="Length of updates"
        description="Euclidean, mean over the clients; of the aggregate before the server’s rate"
        source={source}
        series={LENGTHS}
        formatY={formatMeasure}
        canBeLogarithmic
        emptyText={emptyText}
      />
      <ChartCard
        {...common}
        title="Communication"
        description="Megabytes to and from clients, all rounds so far"
        source={source}
        series={TRAFFIC}
        formatY={formatMeasure}
        emptyText={emptyText}
      />
      <ChartCard
        {...common}
        title="Computing"
        description="Gradient steps of all clients, all rounds so far"
        source={source}
        series={COMPUTE}
        formatY={formatMeasure}
        emptyText={emptyText}
      />
    </div>
  );
}
