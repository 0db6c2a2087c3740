import type { ExperimentConfig } from '../../core/config/schema.ts';
import { differingPaths } from '../../state/config-path.ts';

/** Objects that a person changes as one thing, however many keys that touches. */
const WHOLES = ['attack.synthesizer', 'attack.label', 'attack.injection.balancer'];

const wholeOf = (path: string): string => WHOLES.find((whole) => path.startsWith(`${whole}.`)) ?? path;

/** How many changes lead from one experiment to the other, as a person counts: a new trigger is one. */
export function countChanges(from: ExperimentConfig, to: ExperimentConfig): number {
  return new Set(differingPaths(from, to).map(wholeOf)).size;
}
