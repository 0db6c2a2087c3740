/**
 * Defense effectiveness rate: what a repair takes off the attack, less what it costs in clean accuracy, in [0, 1]; 0.5 for
 * no change. (max(0, drop of attack success) - max(0, drop of accuracy) + 1) / 2. Source: Zhu et al., Enhancing Fine-Tuning
 * based Backdoor Defense with Sharpness-Aware Minimization, ICCV 2023, section 5.1. BackdoorBench's
 * `defense_effectiveness_rate` adds the second term; its analysis uses the formula here.
 */
export function defenseEffectiveness(before: Performance, after: Performance): number {
  const gain = Math.max(0, before.attackSuccess - after.attackSuccess);
  const cost = Math.max(0, before.cleanAccuracy - after.cleanAccuracy);
  return (gain - cost + 1) / 2;
}

/** Fractions in [0, 1]. */
export interface Performance {
  cleanAccuracy: number;
  attackSuccess: number;
}
