/** What filters show: a bar for each label, and points of each label in the plane. */
import type { BarsEvidence } from '../../../core/defenses/evidence.ts';
import type { DefenseContext } from '../context.ts';

/** Points of one label at most: every so-many-th of them. */
const MOST_POINTS = 2000;

export function showBars(
  { show }: Pick<DefenseContext, 'show'>,
  bars: Omit<BarsEvidence, 'kind' | 'threshold'> & { threshold?: number },
): void {
  show({ kind: 'bars', threshold: null, ...bars });
}

/**
 * Latents of a label along two directions.
 * @param points [count, at least 1] of the examples at `places`
 * @param cluster which of two clusters each is in; null where there are none
 */
export function showPoints(
  { show, info }: Pick<DefenseContext, 'show' | 'info'>,
  label: number,
  places: readonly number[],
  points: readonly Float64Array[],
  cluster: { of: ArrayLike<number>; flagged: number | null } | null = null,
): void {
  const every = Math.max(1, Math.ceil(places.length / MOST_POINTS));
  const chosen = [...places.keys()].filter((at) => at % every === 0);
  const name = info.classes[label] ?? String(label);
  show({
    kind: 'scatter',
    id: `latents-${label}`,
    title: `Latents of ${name}`,
    axes: ['first direction', 'second direction'],
    points: Float32Array.from(chosen.flatMap((at) => [points[at]?.[0] ?? 0, points[at]?.[1] ?? 0])),
    group: Uint16Array.from(chosen, (at) => cluster?.of[at] ?? 0),
    groups: cluster ? ['cluster 1', 'cluster 2'] : [name],
    flagged: Uint8Array.from(chosen, (at) => (cluster && cluster.of[at] === cluster.flagged ? 1 : 0)),
    poisoned: null,
    index: Uint32Array.from(chosen, (at) => places[at] ?? 0),
  });
}
