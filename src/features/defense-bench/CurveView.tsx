import { Group, Slider, Text } from '@mantine/core';
import { useState } from 'react';
import type { CurveEvidence } from '../../core/defenses/evidence.ts';
import { type Axis, innerTicks, linearAxis } from '../../ui/charts/ticks.ts';
import { meaningColor, type Meaning } from '../../ui/theme/colors.ts';
import { formatMeasure, formatPercent, formatPercentTick } from '../training/format.ts';
import classes from './bench.module.css';
import { Plot } from './Plot.tsx';
import { ValueTable } from './ValueTable.tsx';

const DASHES = [undefined, '6 3', '2 3', '8 3 2 3'];

/** Lines over one axis, and a slider that reads them off: accuracy and attack success as neurons go. */
export function CurveView({
  evidence,
  onMove,
}: {
  evidence: CurveEvidence;
  /** Called with the value of x that is read off. */
  onMove?: (x: number) => void;
}) {
  const { title, x, lines, chosen } = evidence;
  const [moved, setMoved] = useState<number | null>(null);
  const last = Math.max(0, x.values.length - 1);
  const move = (to: number): void => {
    setMoved(to);
    onMove?.(x.values[to] ?? 0);
  };
  const at = Math.min(last, moved ?? chosen ?? last);
  const all = lines.flatMap(({ values }) => [...values]).filter(Number.isFinite);
  const areShares = all.every((value) => value >= 0 && value <= 1);
  const y: Axis = areShares
    ? { domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] }
    : linearAxis(Math.min(0, ...all), Math.max(1e-9, ...all), 4);
  const format = (value: number): string =>
    Number.isFinite(value) ? (areShares ? formatPercent(value) : formatMeasure(value)) : '–';
  const [low, high] = [x.values[0] ?? 0, x.values[last] ?? 1];
  const xAxis: Axis = {
    domain: low < high ? [low, high] : [low - 0.5, low + 0.5],
    ticks: innerTicks(low, high > low ? high : low + 1, 6),
  };
  const here = x.values[at] ?? 0;
  const readings = lines.map(({ name, values }) => `${name} ${format(values[at] ?? NaN)}`).join(', ');
  const nearest = (value: number): void => {
    let best = 0;
    x.values.forEach((one, index) => {
      if (Math.abs(one - value) < Math.abs((x.values[best] ?? 0) - value)) best = index;
    });
    move(best);
  };
  return (
    <>
      <Group gap="sm">
        {lines.map(({ name, population }, index) => (
          <span key={name} className={classes.key}>
            <svg width="20" height="8" aria-hidden="true">
              <line
                x1="0"
                x2="20"
                y1="4"
                y2="4"
                stroke={meaningColor(meaningOf(population))}
                strokeWidth="2"
                strokeDasharray={DASHES[index % DASHES.length]}
              />
            </svg>
            {name} <b className={classes.number}>{format(lines[index]?.values[at] ?? NaN)}</b>
          </span>
        ))}
      </Group>
      <Plot
        words={`${title}. At ${x.title} ${formatMeasure(here)}: ${readings}`}
        x={xAxis}
        y={y}
        xLabel={x.title}
        onDrag={nearest}
        {...(areShares && { formatY: formatPercentTick })}
      >
        {(scales, { height }) => (
          <>
            {lines.map(({ name, population, values }, index) => (
              <path
                key={name}
                fill="none"
                stroke={meaningColor(meaningOf(population))}
                strokeWidth={2}
                strokeDasharray={DASHES[index % DASHES.length]}
                d={path(x.values, values, scales)}
              />
            ))}
            <line className={classes.threshold} x1={scales.x(here)} x2={scales.x(here)} y1={0} y2={height} />
          </>
        )}
      </Plot>
      {last > 0 && (
        <Slider
          thumbLabel={`Position on ${title}`}
          thumbProps={{ 'aria-valuetext': `${x.title} ${formatMeasure(here)}: ${readings}` }}
          min={0}
          max={last}
          step={1}
          label={null}
          value={at}
          onChange={move}
          className={classes.slider}
        />
      )}
      <Text size="sm" className={classes.number}>
        {x.title}: {Number.isInteger(here) ? here : formatMeasure(here)}
        {chosen !== null && chosen === at && ' (the method’s choice)'}
      </Text>
      <ValueTable
        title={title}
        columns={[x.title, ...lines.map(({ name }) => name)]}
        rows={Array.from(x.values, (value, index) => [
          Number.isInteger(value) ? String(value) : formatMeasure(value),
          ...lines.map(({ values }) => format(values[index] ?? NaN)),
        ])}
      />
    </>
  );
}

function meaningOf(population: CurveEvidence['lines'][number]['population']): Meaning {
  return population === 'mixed' ? 'evasion' : population;
}

function path(
  xs: Float64Array,
  values: Float64Array,
  scales: { x: (value: number) => number; y: (value: number) => number },
): string {
  let drawing = false;
  let text = '';
  xs.forEach((x, at) => {
    const value = values[at] ?? NaN;
    if (!Number.isFinite(value)) {
      drawing = false;
      return;
    }
    text += `${drawing ? 'L' : 'M'}${scales.x(x).toFixed(1)},${scales.y(value).toFixed(1)}`;
    drawing = true;
  });
  return text;
}
