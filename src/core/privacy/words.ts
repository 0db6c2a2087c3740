import type { PrivacyRecord } from './plan.ts';

/** `1.23`, `0.0046`; for tables and tiles. */
export function epsilonWords(epsilon: number): string {
  if (epsilon === 0) return '0';
  return epsilon >= 100 || epsilon < 0.01 ? epsilon.toPrecision(2) : epsilon.toPrecision(3);
}

/** `5.6e-6`, `0.013`. */
export function deltaWords(delta: number): string {
  return delta < 0.001 ? delta.toExponential(1).replace('.0e', 'e') : delta.toPrecision(2);
}

/** What is promised, for people: `ε 1.23 at δ 5.6e-6 for an example, after 16 steps (rdp)`. */
export function privacyWords({ epsilon, delta, unit, steps, accountant }: PrivacyRecord): string {
  const times = `${steps} ${unit === 'example' ? 'step' : 'round'}${steps === 1 ? '' : 's'}`;
  const whose = unit === 'example' ? 'an example' : 'a client';
  return `ε ${epsilonWords(epsilon)} at δ ${deltaWords(delta)} for ${whose}, after ${times} (${accountant})`;
}
