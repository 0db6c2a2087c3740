/** Private training of a run, from its experiment. */
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { PrivacyMeter, privacyPlan } from '../../core/privacy/plan.ts';
import type { TaskSource } from '../../core/training/tasks.ts';
import type { Network } from '../models/network.ts';
import { assertClippable } from './clipped-gradient.ts';
import { GradientShaper } from './gradient-shaper.ts';

export interface PrivateTraining {
  shaper: GradientShaper;
  /** Counts what is promised; null where nothing is. */
  meter: PrivacyMeter | null;
}

/**
 * @param source of Poisson batches for DP-SGD
 * @returns null where gradients stay as they are
 * @throws LabError E-MODEL where examples have no gradient of their own, E-CONFIG-VALUE as `privacyPlan`
 */
export function privateTraining(
  { seed, training }: ExperimentConfig,
  { clean, samplingRate, stepsPerEpoch }: TaskSource,
  network: Network,
): PrivateTraining | null {
  const { privacy, epochs, start_epoch } = training;
  if (privacy.kind === 'none') return null;
  if (privacy.kind === 'gradient_shaping') {
    const shaper = GradientShaper.withoutGuarantee(seed, privacy);
    if (shaper.perExample) assertClippable(network);
    return { shaper, meter: null };
  }
  assertClippable(network);
  if (samplingRate === null) throw new Error('DP-SGD draws Poisson batches');
  const steps = Math.max(0, epochs - start_epoch + 1) * stepsPerEpoch;
  const plan = privacyPlan(privacy, clean.length, samplingRate, steps);
  const expected = samplingRate * clean.length;
  return {
    shaper: GradientShaper.private(seed, privacy.clip, plan.noiseMultiplier, expected),
    meter: new PrivacyMeter(plan, 'example'),
  };
}
