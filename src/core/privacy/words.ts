import type { PrivacyRecord } from './plan.ts';

/** `1.23`, `0.0046`; for tables and tiles. */
export function epsilonWords(epsilon: number): string {
  if (epsilon === 0) return '0';
  return epsilon >= 100 || epsilon < 0.01 ? epsilon.toPrecision(2) : epsilon.toPrecision(3);
}

/** What is promised, for people: `ε 1.23 at δ 5.6e-6 for an example, after 16 steps (rdp)`. */
export function privacyWords({ epsilon, delta, unit, steps, accountant }: PrivacyRecord): string {
  const times = `${steps} ${unit === 'example' ? 'step' : 'round'}${steps === 1 ? '' : 's'}`;
  const whose = unit === 'example' ? 'an example' : 'a client';
  return `ε ${epsilonWords(epsilon)} at δ ${delta.toPrecision(2)} for ${whose}, after ${times} (${accountant})`;
}
