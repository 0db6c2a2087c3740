/** Images that were picked for a semantic backdoor: some teach it, others are held out and measure it. */
import type { SynthesizerConfig } from '../../core/config/schema.ts';
import { synthesizer } from '../../core/config/schema-synthesizer.ts';

export type Role = 'teaches' | 'measures';

/** By index in the training set, in the order in which they were picked. */
export type Picks = ReadonlyMap<number, Role>;

export type Semantic = Extract<SynthesizerConfig, { kind: 'semantic' }>;

/** One of so many measures. */
const SHARE = 4;

/** What an experiment names; nothing while it names what every new one begins with. */
export function picksOf({ train, test }: Semantic): Picks {
  const start = synthesizer.parse({ kind: 'semantic' }) as Semantic;
  if (train.join() === start.train.join() && test.join() === start.test.join()) return new Map();
  return new Map([
    ...train.map((index) => [index, 'teaches'] as const),
    ...test.map((index) => [index, 'measures'] as const),
  ]);
}

export function withRole(picks: Picks, role: Role): number[] {
  return [...picks].filter(([, its]) => its === role).map(([index]) => index);
}

/** One more; the second and then every fourth is held out and measures. One that was picked stays as it is. */
export function picked(picks: Picks, index: number): Picks {
  if (picks.has(index)) return picks;
  const total = picks.size + 1;
  const wanted = total < 2 ? 0 : Math.max(1, Math.floor(total / SHARE));
  const role = withRole(picks, 'measures').length < wanted ? 'measures' : 'teaches';
  return new Map([...picks, [index, role]]);
}

/** Picked if it was not, else no more. */
export function toggled(picks: Picks, index: number): Picks {
  return picks.has(index) ? new Map([...picks].filter(([other]) => other !== index)) : picked(picks, index);
}

/** Moved from those that teach to those that measure, or back. */
export function swapped(picks: Picks, index: number): Picks {
  const other: Record<Role, Role> = { teaches: 'measures', measures: 'teaches' };
  return new Map([...picks].map(([at, role]) => [at, at === index ? other[role] : role]));
}

/** The trigger with these images; null while none teaches or none measures. */
export function withPicks(config: Semantic, picks: Picks): Semantic | null {
  const [train, test] = [withRole(picks, 'teaches'), withRole(picks, 'measures')];
  return train.length > 0 && test.length > 0 ? { ...config, train, test } : null;
}
