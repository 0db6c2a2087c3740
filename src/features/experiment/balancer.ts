/** Changing the balancer by hand, before a run and in the middle of it. */
import type { BalancerConfig, ExperimentConfig, ObjectiveName } from '../../core/config/schema.ts';
import type { RunPhase } from '../../state/run-store.ts';

export type FixedBalancer = Extract<BalancerConfig, { kind: 'fixed' }>;

/** Whether a change of the balancer reaches the run that is on: it must be under way and balance losses. */
export function changesLiveRun(phase: RunPhase, config: ExperimentConfig | null): boolean {
  const underWay = phase === 'running' || phase === 'paused';
  return underWay && config !== null && config.attack.enabled && config.attack.injection.kind === 'loss';
}

/** A switch to fixed weights must not drop an objective that MGDA has just given almost nothing. */
const SMALLEST_START = 0.01;

/**
 * Fixed weights that start from those in force, to two digits, so that the switch from MGDA makes no jump;
 * none below 0.01, and 0.5 for an objective that has none yet.
 */
export function fixedFrom(
  objectives: readonly ObjectiveName[],
  scales: Partial<Record<ObjectiveName, number>>,
): FixedBalancer {
  const rounded = objectives.map((name): [ObjectiveName, number] => [
    name,
    Math.max(SMALLEST_START, Math.round((scales[name] ?? 0.5) * 100) / 100),
  ]);
  return { kind: 'fixed', scales: Object.fromEntries(rounded) };
}

/** A copy with one weight changed. */
export function withScale(balancer: FixedBalancer, objective: ObjectiveName, value: number): FixedBalancer {
  return { ...balancer, scales: { ...balancer.scales, [objective]: value } };
}

/** The objectives with one switched on or off; the order that is there stays, and the last one cannot go. */
export function toggled(
  objectives: readonly ObjectiveName[],
  objective: ObjectiveName,
  on: boolean,
): ObjectiveName[] {
  if (on) return objectives.includes(objective) ? [...objectives] : [...objectives, objective];
  const rest = objectives.filter((name) => name !== objective);
  return rest.length === 0 ? [...objectives] : rest;
}

/** The balancer made to fit the objectives: fixed weights get one for each, and none for others. */
export function fitBalancer(balancer: BalancerConfig, objectives: readonly ObjectiveName[]): BalancerConfig {
  if (balancer.kind !== 'fixed') return balancer;
  const scales = objectives.map((name) => [name, balancer.scales[name] ?? 0.5] as const);
  return { kind: 'fixed', scales: Object.fromEntries(scales) };
}
