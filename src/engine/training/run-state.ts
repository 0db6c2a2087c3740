import { equalValues } from '../../core/config/delta.ts';
import type { BalancerConfig, EvasionName, ExperimentConfig } from '../../core/config/schema.ts';
import type { Checkpoint } from '../../core/experiment/checkpoint.ts';
import {
  type EpochRecord,
  type Evaluation,
  type Intervention,
  setByHand,
  type StepRecord,
} from '../../core/experiment/events.ts';
import { type FreshStart, isPast, type NanRecovery } from '../../core/experiment/recovery.ts';
import type { RoundRecord } from '../../core/experiment/round.ts';
import { type ClientByHand, released } from '../../core/federated/by-hand.ts';
import type { ModelWeights, NamedArray } from '../../core/experiment/weights.ts';

/** How many normal losses `loss_threshold` averages (Backdoors 101). */
const LOSS_HISTORY = 1000;

/** Weight of the newest step in the running mean of step times. */
const TIME_SMOOTHING = 0.1;

type Totals = Checkpoint['partialEpoch'];

/** Where a run stands: everything in a checkpoint but the tensors. */
export class RunState {
  /** Steps done since this process took the run up, for estimates. */
  stepsHere = 0;
  private stepMilliseconds: number | null = null;

  private constructor(
    public step: number,
    public epoch: number,
    public batch: number,
    private normalLosses: number[],
    public epochs: EpochRecord[],
    private partial: Totals,
    public readonly learningRateFactor: number,
    public seconds: number,
    public interventions: Intervention[],
    public recovery: NanRecovery | null,
    private federatedRounds: RoundRecord[] = [],
  ) {}

  /** Of a federated run. */
  get rounds(): readonly RoundRecord[] {
    return this.federatedRounds;
  }

  static from(
    checkpoint: Checkpoint | null,
    config: ExperimentConfig,
    fresh: FreshStart | null = null,
  ): RunState {
    if (!checkpoint) {
      const first = config.training.start_epoch;
      const factor = fresh?.learningRateFactor ?? 1;
      return new RunState(0, first, 0, [], [], emptyTotals(), factor, 0, [], fresh?.recovery ?? null);
    }
    const { step, epoch, batch, normalLosses, epochs, partialEpoch, learningRateFactor, seconds } =
      checkpoint;
    return new RunState(
      step,
      epoch,
      batch,
      [...normalLosses],
      [...epochs],
      structuredClone(partialEpoch),
      learningRateFactor,
      seconds,
      [...checkpoint.interventions],
      checkpoint.recovery ?? null,
      (checkpoint.rounds ?? []).filter(({ round }) => round < epoch),
    );
  }

  /** Whether a threshold on the normal loss still holds the attack back: until 1,000 losses are there and their mean is below it. */
  heldBack(threshold: number | null): boolean {
    if (threshold === null) return false;
    const { normalLosses } = this;
    if (normalLosses.length < LOSS_HISTORY) return true;
    return normalLosses.reduce((sum, loss) => sum + loss, 0) / normalLosses.length >= threshold;
  }

  /** Takes note of what was chosen by hand when the next step is the first to use it. */
  intervene({
    balancer,
    evasions,
    clients = [],
  }: {
    balancer: BalancerConfig | null;
    evasions: readonly EvasionName[] | null;
    clients?: readonly ClientByHand[];
  }): void {
    const last = setByHand(this.interventions);
    const step = this.step + 1;
    if (balancer && !equalValues(last.balancer, balancer)) this.interventions.push({ step, balancer });
    if (evasions && !equalValues(last.evasions, evasions))
      this.interventions.push({ step, evasions: [...evasions] });
    for (const client of clients) {
      const before = last.clients.find((one) => one.client === client.client) ?? released(client.client);
      if (!equalValues(before, client)) this.interventions.push({ step, client });
    }
  }

  addRound(record: RoundRecord): void {
    this.federatedRounds.push(record);
  }

  addStep(record: StepRecord): void {
    this.step = record.step;
    if (this.recovery && isPast(this.recovery, this.step)) this.recovery = null;
    this.batch++;
    this.stepsHere++;
    const normal = record.losses.normal;
    if (normal !== undefined) {
      this.normalLosses.push(normal);
      if (this.normalLosses.length > LOSS_HISTORY) this.normalLosses.shift();
    }
    this.partial.steps++;
    addTo(this.partial.losses, record.losses);
    addTo(this.partial.scales, record.scales);
    this.addSeconds(record.milliseconds / 1000);
  }

  addSeconds(seconds: number): void {
    this.seconds += seconds;
    this.partial.seconds += seconds;
  }

  /** Closes the epoch with its full evaluation and moves to the next one. */
  endEpoch(evaluation: Evaluation): EpochRecord {
    const { losses, scales, steps, seconds } = this.partial;
    const record: EpochRecord = {
      epoch: this.epoch,
      clean_accuracy: evaluation.cleanAccuracy.value,
      attack_success_rate: evaluation.attackSuccess.value,
      attack_success_rate_all: evaluation.attackSuccessAll.value,
      ...(evaluation.others.length > 0 && {
        further_attack_success_rates: evaluation.others.map(({ attackSuccess }) => attackSuccess.value),
      }),
      ...(evaluation.crossTrigger && { cross_trigger_accuracy: evaluation.crossTrigger.value }),
      ...(evaluation.privacy && { epsilon: evaluation.privacy.epsilon }),
      losses: means(losses, steps),
      scales: means(scales, steps),
      seconds,
    };
    this.epochs.push(record);
    this.epoch++;
    this.batch = 0;
    this.partial = emptyTotals();
    return record;
  }

  /** Running mean of step times; the first steps, with their warm-up, soon fade. */
  averageMilliseconds(newest: number): number {
    this.stepMilliseconds =
      this.stepMilliseconds === null || this.stepsHere <= 3
        ? newest
        : this.stepMilliseconds + TIME_SMOOTHING * (newest - this.stepMilliseconds);
    return this.stepMilliseconds;
  }

  checkpoint(config: ExperimentConfig, weights: ModelWeights, optimizer: NamedArray[]): Checkpoint {
    return {
      version: 1,
      config,
      weights,
      optimizer,
      step: this.step,
      epoch: this.epoch,
      batch: this.batch,
      normalLosses: [...this.normalLosses],
      epochs: [...this.epochs],
      partialEpoch: structuredClone(this.partial),
      interventions: [...this.interventions],
      ...(this.federatedRounds.length > 0 && { rounds: [...this.federatedRounds] }),
      learningRateFactor: this.learningRateFactor,
      recovery: this.recovery,
      seconds: this.seconds,
    };
  }
}

function emptyTotals(): Totals {
  return { losses: {}, scales: {}, steps: 0, seconds: 0 };
}

/** Sums; an objective that some steps lack (held back by a threshold) keeps its own count under `objective/n`. */
function addTo(totals: Record<string, number>, values: Partial<Record<string, number>>): void {
  for (const [key, value] of Object.entries(values)) {
    totals[key] = (totals[key] ?? 0) + (value ?? 0);
    totals[`${key}/n`] = (totals[`${key}/n`] ?? 0) + 1;
  }
}

function means(totals: Record<string, number>, steps: number): EpochRecord['losses'] {
  return Object.fromEntries(
    Object.entries(totals)
      .filter(([key]) => !key.endsWith('/n'))
      .map(([key, sum]) => [key, sum / (totals[`${key}/n`] ?? steps)]),
  );
}
