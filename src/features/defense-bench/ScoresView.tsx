import { Button, Group, Slider, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Population, ScoresEvidence } from '../../core/defenses/evidence.ts';
import { linearAxis, innerTicks } from '../../ui/charts/ticks.ts';
import { meaningColor, type Meaning } from '../../ui/theme/colors.ts';
import { formatMeasure, formatPercent, formatPercentTick } from '../training/format.ts';
import classes from './bench.module.css';
import { binned, flaggedAt, type Flagged } from './histogram.ts';
import { Plot } from './Plot.tsx';

const BINS = 40;

const MEANING: Record<Population, Meaning> = {
  clean: 'clean',
  backdoor: 'backdoor',
  control: 'control',
  mixed: 'evasion',
};

const RATE: Record<Population, string> = {
  clean: 'False positives',
  control: 'False positives of the control',
  backdoor: 'True positives',
  mixed: 'Flagged',
};

/** Scores as histograms; the threshold moves by pointer and by keys, and what it flags follows. */
export function ScoresView({ evidence }: { evidence: ScoresEvidence }) {
  const { title, axis, populations, flagged } = evidence;
  const { low, high, shares } = useMemo(() => binned(populations, BINS), [populations]);
  const [moved, setMoved] = useState<number | null>(null);
  const threshold = moved ?? evidence.threshold;
  const most = Math.max(0.01, ...shares.flat());
  const x = { domain: [low, high] as [number, number], ticks: innerTicks(low, high, 6) };
  const y = linearAxis(0, most, 4);
  const clamp = (value: number): number => Math.min(high, Math.max(low, value));
  const told = threshold === null ? [] : flaggedAt(evidence, threshold);
  const words = `${title}. ${populations.map(({ name, values }) => `${name}, ${values.length}`).join('; ')}. ${rateWords(told)}`;
  const step = (high - low) / 200;
  return (
    <>
      <Legend evidence={evidence} />
      <Plot
        words={words}
        x={x}
        y={y}
        xLabel={axis}
        formatY={formatPercentTick}
        onDrag={(at) => setMoved(clamp(at))}
      >
        {(scales, { height }) => (
          <>
            {populations.map(({ name, population }, at) => (
              <path
                key={name}
                d={outline(shares[at] ?? [], low, high, scales)}
                fill={meaningColor(MEANING[population])}
                fillOpacity={0.35}
                stroke={meaningColor(MEANING[population])}
                strokeWidth={1.5}
                {...(population === 'clean' || population === 'control' ? {} : { strokeDasharray: '5 2' })}
              />
            ))}
            {threshold !== null && (
              <g>
                <line
                  className={classes.threshold}
                  x1={scales.x(clamp(threshold))}
                  x2={scales.x(clamp(threshold))}
                  y1={0}
                  y2={height}
                />
                <text
                  className={classes.tick}
                  x={scales.x(clamp(threshold)) + (flagged === 'above' ? 5 : -5)}
                  y={14}
                  textAnchor={flagged === 'above' ? 'start' : 'end'}
                >
                  {flagged === 'above' ? 'flagged →' : '← flagged'}
                </text>
              </g>
            )}
          </>
        )}
      </Plot>
      <Slider
        thumbLabel={`Threshold of ${title}`}
        thumbProps={{ 'aria-valuetext': `${formatMeasure(threshold ?? low)}: ${rateWords(told)}` }}
        min={low}
        max={high}
        step={step}
        label={null}
        value={clamp(threshold ?? low)}
        onChange={setMoved}
        className={classes.slider}
      />
      <Group gap="md" className={classes.number}>
        <Text size="sm" data-testid="threshold">
          Threshold {threshold === null ? '–' : formatMeasure(threshold)}
        </Text>
        {told.map((one) => (
          <Text key={one.name} size="sm" title={`${one.flagged} of ${one.n}`}>
            {RATE[one.population]} <b>{formatPercent(one.n === 0 ? null : one.flagged / one.n)}</b>{' '}
            <Text span size="xs" c="dimmed">
              n = {one.n.toLocaleString('en')}
            </Text>
          </Text>
        ))}
        {moved !== null && (
          <Button size="compact-xs" variant="subtle" onClick={() => setMoved(null)}>
            Back to the method’s
          </Button>
        )}
      </Group>
    </>
  );
}

function Legend({ evidence: { populations } }: { evidence: ScoresEvidence }) {
  return (
    <Group gap="sm">
      {populations.map(({ name, population }) => (
        <span key={name} className={classes.key}>
          <span style={{ background: meaningColor(MEANING[population]) }} aria-hidden="true" />
          {name}
        </span>
      ))}
    </Group>
  );
}

function rateWords(told: readonly Flagged[]): string {
  return told
    .map(({ population, flagged, n }) => `${RATE[population]} ${formatPercent(n === 0 ? null : flagged / n)}`)
    .join(', ');
}

function outline(
  bins: readonly number[],
  low: number,
  high: number,
  scales: { x: (value: number) => number; y: (value: number) => number },
): string {
  const wide = (high - low) / Math.max(1, bins.length);
  const edge = (at: number): string => scales.x(low + at * wide).toFixed(1);
  const steps = bins.map((share, at) => `V${scales.y(share).toFixed(1)}H${edge(at + 1)}`).join('');
  return `M${edge(0)},${scales.y(0).toFixed(1)}${steps}V${scales.y(0).toFixed(1)}Z`;
}
