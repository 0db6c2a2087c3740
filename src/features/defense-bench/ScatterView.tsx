import { Group, SegmentedControl, Switch, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { ScatterEvidence } from '../../core/defenses/evidence.ts';
import { linearAxis } from '../../ui/charts/ticks.ts';
import { meaningColor, type Meaning } from '../../ui/theme/colors.ts';
import classes from './bench.module.css';
import { Plot } from './Plot.tsx';

const GROUP_COLORS: readonly Meaning[] = [
  'clean',
  'defended',
  'evasion',
  'backdoor_2',
  'backdoor_3',
  'backdoor_4',
  'control',
  'backdoor',
];

const CIRCLE = { r: 2, shape: 'dot' } as const;

type Coloring = 'group' | 'flagged' | 'truth';

/** Points in the plane, coloured by class or cluster, by what is flagged, or by what is poisoned in truth. */
export function ScatterView({ evidence }: { evidence: ScatterEvidence }) {
  const { title, axes, points, poisoned, groups, line } = evidence;
  const [wanted, setWanted] = useState<Coloring>(poisoned ? 'truth' : 'group');
  const coloring = wanted === 'truth' && !poisoned ? 'group' : wanted;
  const [withPoisoned, setWithPoisoned] = useState(true);
  const layers = useMemo(
    () => layersOf(evidence, coloring, withPoisoned),
    [evidence, coloring, withPoisoned],
  );
  const [x, y] = useMemo(() => axesOf(points), [points]);
  const count = points.length / 2;
  const bad = poisoned?.reduce((sum, one) => sum + one, 0) ?? null;
  const flagged = evidence.flagged.reduce((sum, one) => sum + one, 0);
  const words = `${title}. ${count} points in ${groups.length} groups, ${flagged} flagged${
    bad === null ? '' : `, ${bad} poisoned in truth`
  }.`;
  return (
    <>
      <Group gap="sm">
        <SegmentedControl
          aria-label={`Colour of ${title}`}
          value={coloring}
          onChange={(value) => setWanted(value)}
          data={[
            { value: 'group', label: 'Group' },
            { value: 'flagged', label: 'Flagged' },
            { value: 'truth', label: 'Truth', disabled: poisoned === null },
          ]}
        />
        {poisoned && (
          <Switch
            label="Poisoned points"
            checked={withPoisoned}
            onChange={(event) => setWithPoisoned(event.currentTarget.checked)}
          />
        )}
      </Group>
      <Group gap="sm">
        {layers.map(({ name, meaning, count: of }) => (
          <span key={name} className={classes.key}>
            <span style={{ background: meaningColor(meaning) }} aria-hidden="true" />
            {name} <span className={classes.number}>{of.toLocaleString('en')}</span>
          </span>
        ))}
      </Group>
      <Plot words={words} x={x} y={y} xLabel={`${axes[0]}; upwards: ${axes[1]}`} height={280}>
        {(scales) => (
          <>
            {layers.map(({ name, meaning, places, strong }) => (
              <path
                key={name}
                fill="none"
                stroke={meaningColor(meaning)}
                strokeOpacity={strong ? 0.95 : 0.55}
                strokeWidth={(strong ? 2.6 : 2) * CIRCLE.r}
                strokeLinecap={strong ? 'square' : 'round'}
                d={places
                  .map(
                    (at) =>
                      `M${scales.x(points[2 * at] ?? 0).toFixed(1)},${scales.y(points[2 * at + 1] ?? 0).toFixed(1)}h0`,
                  )
                  .join('')}
              />
            ))}
            {line && (
              <path
                className={classes.threshold}
                fill="none"
                d={`M${Array.from({ length: line.points.length / 2 }, (_, at) => `${scales.x(line.points[2 * at] ?? 0).toFixed(1)},${scales.y(line.points[2 * at + 1] ?? 0).toFixed(1)}`).join('L')}`}
              />
            )}
          </>
        )}
      </Plot>
      <Text size="xs" c="dimmed">
        {words}
      </Text>
    </>
  );
}

interface Layer {
  name: string;
  meaning: Meaning;
  places: number[];
  count: number;
  /** Drawn larger and square, on top. */
  strong: boolean;
}

function layersOf(
  { group, groups, flagged, poisoned }: ScatterEvidence,
  coloring: Coloring,
  withPoisoned: boolean,
): Layer[] {
  const names =
    coloring === 'group'
      ? groups
      : coloring === 'flagged'
        ? ['not flagged', 'flagged']
        : ['clean', 'poisoned in truth'];
  const of = (at: number): number =>
    coloring === 'group'
      ? (group[at] ?? 0)
      : coloring === 'flagged'
        ? (flagged[at] ?? 0)
        : (poisoned?.[at] ?? 0);
  const layers = names.map((name, index): Layer => {
    const isBad = coloring !== 'group' && index === 1;
    const meaning =
      coloring === 'group'
        ? (GROUP_COLORS[index % GROUP_COLORS.length] ?? 'clean')
        : isBad
          ? 'backdoor'
          : 'clean';
    return { name, meaning, places: [], count: 0, strong: isBad };
  });
  for (let at = 0; at < group.length; at++) {
    const layer = layers[of(at)];
    if (!layer) continue;
    layer.count++;
    if (withPoisoned || poisoned?.[at] !== 1) layer.places.push(at);
  }
  return layers;
}

function axesOf(points: Float32Array): [ReturnType<typeof linearAxis>, ReturnType<typeof linearAxis>] {
  const ends = [0, 1].map((offset) => {
    let [low, high] = [Infinity, -Infinity];
    for (let at = offset; at < points.length; at += 2) {
      const value = points[at] ?? NaN;
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return low <= high ? linearAxis(low, high, 5) : linearAxis(0, 1, 5);
  });
  const [x = linearAxis(0, 1, 5), y = linearAxis(0, 1, 5)] = ends;
  return [x, y];
}
