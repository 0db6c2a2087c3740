import type { BackdoorConfig, LabelConfig } from '../../core/config/schema.ts';

/** One target that no backdoor of the list has yet, counted from 0. */
export function nextTarget(backdoors: readonly Pick<BackdoorConfig, 'label'>[]): LabelConfig {
  const taken = new Set(backdoors.map(({ label }) => (label.kind === 'one_target' ? label.target : -1)));
  let target = 0;
  while (taken.has(target)) target++;
  return { kind: 'one_target', target };
}
