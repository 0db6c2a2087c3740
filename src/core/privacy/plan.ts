/** What private training of one run does at each step, and what it promises after so many. */
import type { PrivacyConfig } from '../config/schema-privacy.ts';
import { LabError } from '../errors.ts';
import { epsilonAfter, noiseFor } from './accountant.ts';
import type { AccountantName } from './accountants.ts';
import type { Guarantee, SampledGaussian } from './mechanism.ts';
import { epsilonOfRdp, rdpCurve } from './rdp.ts';

/** Whose presence is hidden. */
export type PrivacyUnit = 'example' | 'client';

export interface PrivacyPlan extends SampledGaussian {
  delta: number;
  accountant: AccountantName;
}

/** What was promised by a step, as it is shown, exported and kept. */
export interface PrivacyRecord extends PrivacyPlan, Guarantee {
  unit: PrivacyUnit;
  /** Noised steps (of clients: rounds) that it counts. */
  steps: number;
}

/** δ where none was given: a little below 1 / n. */
export const usualDelta = (count: number): number => Math.max(2, count) ** -1.1;

/**
 * The plan of DP-SGD over `examples`, with the noise that was asked for or that keeps the wanted ε over all steps.
 * @param samplingRate chance of an example to be in a batch, (0, 1]
 * @throws LabError E-CONFIG-VALUE for a δ of 1 / n or more, and where no noise keeps the wanted ε
 */
export function privacyPlan(
  config: Extract<PrivacyConfig, { kind: 'dp_sgd' }>,
  examples: number,
  samplingRate: number,
  steps: number,
): PrivacyPlan {
  const { accountant, target_epsilon: wanted, noise_multiplier: given } = config;
  const delta = config.delta ?? usualDelta(examples);
  if (delta >= 1 / examples)
    throw new LabError({
      code: 'E-CONFIG-VALUE',
      what: `δ ${delta} promises nothing for ${examples} training examples.`,
      why: 'With a δ of 1 over their number, giving one example away whole would count as private.',
      fix: `Set it below ${(1 / examples).toPrecision(2)}, or leave it out for ${usualDelta(examples).toPrecision(2)}.`,
      where: 'training.privacy.delta',
    });
  const noiseMultiplier =
    wanted === null ? given : noiseFor(accountant, wanted, { samplingRate }, Math.max(1, steps), delta);
  return { samplingRate, noiseMultiplier, delta, accountant };
}

/** Counts ε of one plan; what does not depend on the steps is worked out once. */
export class PrivacyMeter {
  private curve: number[] | null = null;
  private last: PrivacyRecord | null = null;

  constructor(
    readonly plan: PrivacyPlan,
    private readonly unit: PrivacyUnit,
  ) {}

  /** Whether counting is so quick that it may be done between two steps. */
  get isQuick(): boolean {
    return this.plan.accountant === 'rdp';
  }

  /** After so many noised steps, 0 or more. */
  after(steps: number): PrivacyRecord {
    if (this.last?.steps !== steps)
      this.last = { ...this.plan, unit: this.unit, steps, epsilon: this.epsilon(steps) };
    return this.last;
  }

  private epsilon(steps: number): number {
    const { accountant, delta } = this.plan;
    if (accountant !== 'rdp' || steps === 0) return epsilonAfter(accountant, this.plan, steps, delta);
    this.curve ??= rdpCurve(this.plan);
    return epsilonOfRdp(
      this.curve.map((divergence) => divergence * steps),
      delta,
    ).epsilon;
  }
}
