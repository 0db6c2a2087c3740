/** Where the examples of a poisoned training set come from, as a table. */
import type { ExperimentConfig } from '../config/schema.ts';
import type { PoisonedRow, PoisonedSet } from './poisoned-set.ts';

/** One row of the table; null is an empty cell. */
export interface Provenance {
  position: number;
  /** The loss that it counts for, in a batch. */
  objective: string | null;
  kind: string;
  /** Index in the training set of the example that was taken. */
  example: number;
  /** Name of the class that it is of, and of the one that it is given. */
  source_class: string;
  label: string;
  /** 1 for the first backdoor of the attack. */
  backdoor: number | null;
  trigger: string | null;
  /** Of a trigger that is a picture at a place: its top left corner and size, in pixels. */
  row: number | null;
  column: number | null;
  height: number | null;
  width: number | null;
  /** What else was drawn for it: `name=value`, with semicolons between. */
  drawn: string;
  seed: number;
  /** Purpose of the stream of random numbers that it was drawn from, as `randomStream(seed, ...)` takes it. */
  stream: string | null;
}

export const PROVENANCE_COLUMNS = [
  'position',
  'objective',
  'kind',
  'example',
  'source_class',
  'label',
  'backdoor',
  'trigger',
  'row',
  'column',
  'height',
  'width',
  'drawn',
  'seed',
  'stream',
] as const satisfies readonly (keyof Provenance)[];

/** @param classes names of the classes by index */
export function provenanceOf(
  { attack, seed }: Pick<ExperimentConfig, 'attack' | 'seed'>,
  set: PoisonedSet,
  row: PoisonedRow,
  classes: readonly string[],
): Provenance {
  const name = (label: number): string => classes[label] ?? String(label);
  const { plan, kind, position, objective } = row;
  const { stamp, origin } = plan;
  const config = origin && [attack, ...attack.others][origin.backdoor - 1];
  const placed = stamp && 'apply' in stamp ? (stamp.placed ?? null) : null;
  return {
    position,
    objective,
    kind,
    example: plan.index,
    source_class: name(set.sourceOf(row)),
    label: name(plan.label),
    backdoor: origin?.backdoor ?? null,
    trigger: config?.synthesizer.kind ?? null,
    row: placed?.row ?? null,
    column: placed?.column ?? null,
    height: placed?.trigger.height ?? null,
    width: placed?.trigger.width ?? null,
    drawn: drawnWords(row),
    seed,
    stream: origin ? streamOf(set, origin.backdoor) : null,
  };
}

/** As {@link Backdoor} names its streams: that of the first backdoor has no number. */
function streamOf({ place }: PoisonedSet, backdoor: number): string {
  const purpose = place ? ['trigger', place.epoch, place.batch] : ['poison'];
  return [...purpose, ...(backdoor > 1 ? [backdoor] : [])].join('/');
}

function drawnWords({ plan: { stamp, pixels, donor } }: PoisonedRow): string {
  const drawn: [string, number | string][] = [];
  if (stamp && 'words' in stamp) drawn.push(['words', stamp.words.join(' ')], ['place', stamp.place]);
  if (stamp && 'apply' in stamp) drawn.push(...Object.entries(stamp.drawn ?? {}));
  if (donor !== undefined) drawn.push(['trigger_of_example', donor]);
  if (pixels) drawn.push(['moved', 'by projected gradient descent on a clean surrogate']);
  return drawn
    .map(([name, value]) => `${name}=${typeof value === 'number' ? Number(value.toPrecision(6)) : value}`)
    .join('; ');
}
