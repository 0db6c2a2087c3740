/**
 * One training step: a gradient for each objective, their balance, one update. The combined gradient is the weighted
 * sum of the objectives' gradients, so there is no further backward pass (Backdoors 101 runs one).
 */
import * as tf from '@tensorflow/tfjs-core';
import { type BalancerConfig, EVASIONS, type ObjectiveName } from '../../core/config/schema.ts';
import type { StepRecord } from '../../core/experiment/events.ts';
import type { StepTask } from '../../core/training/tasks.ts';
import type { Network } from '../models/network.ts';
import { balance } from '../objectives/balancer.ts';
import { type EvasionTerm, gradientOfLoss } from '../objectives/evasion.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import { measure } from './gradients.ts';
import { shardedGradients } from '../parallel/sharded-gradients.ts';
import type { Team } from '../parallel/team.ts';
import type { GradientShaper } from '../privacy/gradient-shaper.ts';
import type { Optimizer } from './optimizer.ts';

export interface StepOutcome {
  numbers: Pick<StepRecord, 'losses' | 'scales' | 'gradientNorms' | 'cosine' | 'minimumNorm'>;
  /** False when a loss or gradient was not finite: nothing was updated. */
  finite: boolean;
}

/**
 * @param step 1 for the first update of the run
 * @param team shares the work, on the wasm backend; it has taken the network
 * @param evasions further objectives; one whose gradient is nothing is satisfied and not weighed
 * @param shaper clips gradients and adds noise; those of single examples are computed on this thread alone
 */
export async function trainingStep(
  network: Network,
  optimizer: Optimizer,
  tasks: readonly StepTask[],
  balancer: BalancerConfig | null,
  learningRate: number,
  step: number,
  team: Team | null = null,
  evasions: readonly EvasionTerm[] = [],
  shaper: GradientShaper | null = null,
): Promise<StepOutcome> {
  const shared = [...tasks, ...evasions.filter((term) => 'batch' in term)];
  const own = evasions.filter((term) => 'loss' in term);
  const objectives = [...shared, ...own].map(({ objective }) => objective);
  const batches = shared.map(({ batch }) => batch);
  const computed = [
    ...(shaper?.perExample
      ? batches.map((batch) => shaper.gradientOf(network, batch))
      : team
        ? await shardedGradients(team, batches)
        : batches.map((batch) => lossAndGradient(network, batch))),
    ...own.map(({ loss }) => gradientOfLoss(network, loss)),
  ];
  const gradients = computed.map(({ gradient }) => gradient);
  const { losses, gram } = await measure(
    computed.map(({ loss }) => loss),
    gradients,
  );
  const norms = gram.map((row, task) => Math.sqrt(row[task] ?? 0));
  const finite = [...losses, ...gram.flat()].every(Number.isFinite);
  const { weights, minimumNorm } = finite
    ? balanceOfThose(balancer, objectives, losses, gram)
    : { weights: objectives.map(() => 0), minimumNorm: null };
  if (finite) {
    if (shaper) {
      const factor = shaper.factor(weights, gram);
      const noise = shaper.noise(network, step, batches[0]?.count ?? 0);
      const scales = [...weights.map((weight) => weight * factor), 1];
      optimizer.applyWeighted([...gradients, noise], scales, learningRate, step);
      tf.dispose(noise);
    } else optimizer.applyWeighted(gradients, weights, learningRate, step);
    // One objective after another, as their forward passes would have it.
    for (const { statistics } of computed) network.track(statistics);
    team?.changed();
  }
  for (const { loss, gradient, statistics } of computed) tf.dispose([loss, ...gradient, ...statistics]);
  const numbers = {
    // A Poisson batch may be empty: there is no loss to tell.
    losses: batches[0]?.count === 0 ? {} : record(objectives, losses),
    scales: record(objectives, weights),
    gradientNorms: record(objectives, norms),
    cosine: objectives.length < 2 ? null : cosine(gram),
    minimumNorm,
  };
  return { numbers, finite };
}

/** The balance without the evasions that ask for nothing: beside a gradient of length 0 MGDA would take no other. */
function balanceOfThose(
  balancer: BalancerConfig | null,
  objectives: readonly ObjectiveName[],
  losses: readonly number[],
  gram: readonly (readonly number[])[],
): ReturnType<typeof balance> {
  const asking = [...objectives.keys()].filter(
    (index) => !isEvasion(objectives[index]) || (gram[index]?.[index] ?? 0) > 0,
  );
  if (asking.length === objectives.length) return balance(balancer, objectives, losses, gram);
  const of = <T>(values: readonly T[]): T[] => values.filter((_, index) => asking.includes(index));
  const { weights, minimumNorm } = balance(balancer, of(objectives), of(losses), of(gram).map(of));
  return { weights: objectives.map((_, index) => weights[asking.indexOf(index)] ?? 0), minimumNorm };
}

function isEvasion(name: ObjectiveName | undefined): boolean {
  return (EVASIONS as readonly (string | undefined)[]).includes(name);
}

function record(
  objectives: readonly ObjectiveName[],
  values: readonly number[],
): Partial<Record<ObjectiveName, number>> {
  return Object.fromEntries(objectives.map((objective, index) => [objective, values[index] ?? 0]));
}

function cosine(gram: readonly (readonly number[])[]): number | null {
  const product = Math.sqrt((gram[0]?.[0] ?? 0) * (gram[1]?.[1] ?? 0));
  return product > 0 ? (gram[0]?.[1] ?? 0) / product : null;
}
