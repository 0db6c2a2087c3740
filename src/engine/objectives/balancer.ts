/** How the objectives of a step share it: fixed weights, or the min-norm weights of MGDA. */
import type { BalancerConfig, InjectionConfig, ObjectiveName } from '../../core/config/schema.ts';
import { minNormPoint } from '../../core/mgda/min-norm.ts';
import { gradientDivisor, normalizeGram } from '../../core/mgda/normalize.ts';

export interface Balance {
  /** Weight of each objective's gradient, in the order given. */
  weights: number[];
  /** Norm of the min-norm point of the normalised gradients; null without MGDA. */
  minimumNorm: number | null;
}

/**
 * @param gram [n][n] inner products of the objectives' gradients
 * @param losses mean loss of each objective
 */
export function balance(
  balancer: BalancerConfig | null,
  objectives: readonly ObjectiveName[],
  losses: readonly number[],
  gram: readonly (readonly number[])[],
): Balance {
  if (objectives.length === 1 || !balancer) return { weights: objectives.map(() => 1), minimumNorm: null };
  if (balancer.kind === 'fixed') {
    return {
      weights: objectives.map((objective) => fixedScale(balancer.scales, objective)),
      minimumNorm: null,
    };
  }
  const divisors = losses.map((loss, task) =>
    gradientDivisor(balancer.normalize, loss, Math.sqrt(gram[task]?.[task] ?? 0)),
  );
  const point = minNormPoint(normalizeGram(gram, divisors));
  return { weights: point.weights, minimumNorm: point.norm };
}

/** A further backdoor without a weight has that of the first. */
function fixedScale(scales: Partial<Record<ObjectiveName, number>>, objective: ObjectiveName): number {
  return scales[objective] ?? (objective === 'normal' ? 0 : (scales.backdoor ?? 0));
}

/** The balancer of an injection; null where there is one objective only. */
export function balancerOf(injection: InjectionConfig): BalancerConfig | null {
  return injection.kind === 'loss' ? injection.balancer : null;
}
