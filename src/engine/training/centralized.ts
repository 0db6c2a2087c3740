import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { WeightEdit } from '../../core/experiment/weight-edit.ts';
import type { NamedArray } from '../../core/experiment/weights.ts';
import type { TaskSource } from '../../core/training/tasks.ts';
import type { Network } from '../models/network.ts';
import { balancerOf } from '../objectives/balancer.ts';
import type { Evasions } from '../objectives/evasions.ts';
import type { TriggerTraining } from '../attacks/trigger-training.ts';
import type { Team } from '../parallel/team.ts';
import type { RunController } from './controller.ts';
import type { PrivacyRecord } from '../../core/privacy/plan.ts';
import type { PrivateTraining } from '../privacy/private-training.ts';
import { Optimizer } from './optimizer.ts';
import type { Regime, RegimeStep } from './regime.ts';
import type { RunState } from './run-state.ts';
import { trainingStep } from './step.ts';

/** Training in one place: a batch for each objective, one update. */
export class Centralized implements Regime {
  private readonly optimizer: Optimizer;

  constructor(
    private readonly config: ExperimentConfig,
    private readonly controller: RunController,
    private readonly source: TaskSource,
    private readonly network: Network,
    private readonly team: Team | null,
    private readonly evasions: Evasions,
    private readonly editWeights: (() => Promise<WeightEdit>) | null = null,
    private readonly privacy: PrivateTraining | null = null,
    private readonly triggers: TriggerTraining | null = null,
  ) {
    this.optimizer = new Optimizer(config.training.optimizer, network.parameters);
  }

  get stepsPerEpoch(): number {
    return this.source.stepsPerEpoch;
  }

  async step(state: RunState, learningRate: number): Promise<RegimeStep> {
    const { injection } = this.config.attack;
    const held = injection.kind === 'loss' && state.heldBack(injection.loss_threshold);
    const stepTasks = await this.source.step(state.epoch, state.batch, held);
    const byHand = injection.kind === 'loss' ? this.controller.balancer : null;
    const evading = injection.kind === 'loss' ? this.controller.evasions : null;
    state.intervene({ balancer: byHand, evasions: evading });
    const terms = await this.evasions.terms(this.network, stepTasks, state.step + 1, evading);
    const learnTriggers = await this.triggers?.step(this.network, stepTasks, learningRate);
    const outcome = await trainingStep(
      this.network,
      this.optimizer,
      stepTasks.tasks,
      byHand ?? balancerOf(injection),
      learningRate,
      state.step + 1,
      this.team,
      terms,
      this.privacy?.shaper,
    );
    if (outcome.finite) learnTriggers?.();
    const { maskNorm } = this.evasions;
    const isSought = terms.some(({ objective }) => objective === 'neural_cleanse');
    const numbers = isSought ? { ...outcome.numbers, maskNorm } : outcome.numbers;
    return { ...outcome, numbers, attacking: stepTasks.attacking };
  }

  async edit(): Promise<WeightEdit | null> {
    if (!this.editWeights) return null;
    const edit = await this.editWeights();
    this.team?.changed();
    return edit;
  }

  promised(steps: number, live: boolean): PrivacyRecord | null {
    const meter = this.privacy?.meter;
    return meter && (meter.isQuick || !live) ? meter.after(steps) : null;
  }

  async slots(): Promise<NamedArray[]> {
    const triggers = this.triggers?.state() ?? [];
    return [...(await this.optimizer.state()), ...(await this.evasions.state()), ...triggers];
  }

  restore(slots: readonly NamedArray[]): void {
    this.optimizer.restore(slots);
    this.evasions.restore(slots);
    this.triggers?.restore(slots);
  }

  dispose(): void {
    this.optimizer.dispose();
    this.evasions.dispose();
  }
}
