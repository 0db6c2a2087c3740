import type { ExperimentConfig } from '../../core/config/schema.ts';
import { cancelledError, LabError } from '../../core/errors.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import type { Checkpoint } from '../../core/experiment/checkpoint.ts';
import {
  type BackendReport,
  type Evaluation,
  type RunResult,
  setByHand,
  type StepRecord,
} from '../../core/experiment/events.ts';
import type { WeightEdit } from '../../core/experiment/weight-edit.ts';
import { type Backdoor, learnedArrays } from '../../core/training/backdoor.ts';
import { cosineLearningRate } from '../../core/training/schedule.ts';
import type { DeviceWatch } from '../backend/device-watch.ts';
import type { Network } from '../models/network.ts';
import type { Team } from '../parallel/team.ts';
import { evaluate } from './evaluate.ts';
import { memoryReport } from './memory.ts';
import { OlderCheckpoint } from './older-checkpoint.ts';
import type { Regime } from './regime.ts';
import type { RunContext } from './run-context.ts';
import { RunState } from './run-state.ts';
import { yieldTask } from './yield-task.ts';

/** Status events come at most this often, but for one when a thread joins or leaves. */
const STATUS_INTERVAL_MS = 250;

/** Slow steps are kept more often than their number asks: no more than this is ever lost. */
const CHECKPOINT_PATIENCE_MS = 10_000;

/** A run with everything ready: epochs, steps, evaluations, checkpoints, and a person’s orders between two steps. */
export class RunLoop {
  private readonly state: RunState;
  private readonly lastEpoch: number;
  private readonly older = new OlderCheckpoint();
  private lastStatus = -Infinity;
  private lastThreads = 0;
  private lastSave = -Infinity;
  private storageFailed = false;
  private edited: WeightEdit | null = null;
  /** From before the attack edited the weights: what a stop keeps until the run has ended. */
  private unedited: Checkpoint | null = null;

  constructor(
    private readonly config: ExperimentConfig,
    private readonly context: RunContext,
    private readonly backend: BackendReport,
    private readonly dataset: Dataset,
    private readonly regime: Regime,
    private readonly backdoors: readonly Backdoor[],
    private readonly network: Network,
    private readonly team: Team | null,
    private readonly device: DeviceWatch,
  ) {
    this.state = RunState.from(context.checkpoint, config, context.fresh);
    this.lastEpoch = config.training.epochs;
    if (context.checkpoint) {
      regime.restore(context.checkpoint.optimizer);
      const last = setByHand(context.checkpoint.interventions);
      if (last.balancer && !context.controller.balancer) context.controller.balance(last.balancer);
      if (last.evasions && !context.controller.evasions) context.controller.evade(last.evasions);
      if (context.controller.clients.length === 0)
        for (const client of last.clients) context.controller.takeClient(client);
    }
  }

  async toTheEnd(): Promise<RunResult> {
    const { state, context, regime } = this;
    context.emit({
      type: 'started',
      backend: this.backend,
      parameters: this.network.parameterCount,
      stepsPerEpoch: regime.stepsPerEpoch,
      totalSteps: this.totalSteps(),
      step: state.step,
    });
    let last: Evaluation | null = null;
    try {
      if (this.lastEpoch === 0 && context.checkpoint === null) await this.edit();
      if (state.step === 0) {
        await this.saveCheckpoint();
        if (this.config.evaluation.live_every > 0 || this.lastEpoch === 0)
          last = await this.evaluation(this.lastEpoch === 0 ? 'full' : 'live');
      }
      while (state.epoch <= this.lastEpoch) {
        while (state.batch < regime.stepsPerEpoch) {
          await this.gate();
          await this.oneStep();
        }
        last = await this.endEpoch();
      }
    } catch (thrown) {
      // Without an epoch there is nothing to go on with: the edit is made anew.
      if (context.signal.aborted && this.lastEpoch > 0) await this.saveCheckpoint(this.unedited);
      throw thrown;
    }
    await this.saveCheckpoint();
    const privacy = regime.promised?.(state.step, false, state.rounds);
    const result: RunResult = {
      config: this.config,
      seed: this.config.seed,
      backend: this.backend.name,
      epochs: state.epochs,
      steps: state.step,
      seconds: state.seconds,
      evaluation: last,
      interventions: state.interventions,
      ...(state.rounds.length > 0 && { rounds: [...state.rounds] }),
      ...(this.edited && { edit: this.edited }),
      ...(privacy && { privacy }),
    };
    context.emit({ type: 'done', result });
    return result;
  }

  private totalSteps(): number {
    const { epochs, start_epoch } = this.config.training;
    return Math.max(0, epochs - start_epoch + 1) * this.regime.stepsPerEpoch;
  }

  /** Lets messages in, honours stop, waits while paused. */
  private async gate(): Promise<void> {
    const { controller, signal, emit } = this.context;
    await yieldTask();
    let announced = false;
    for (;;) {
      this.device.assertHere();
      if (signal.aborted) throw cancelledError();
      if (controller.snapshotWanted) controller.answerSnapshots(await this.checkpoint());
      const reason = controller.pauseReason;
      if (reason === null) break;
      if (!announced && reason !== 'nan') {
        emit({ type: 'paused', reason, step: this.state.step, error: null });
        await this.saveCheckpoint();
      }
      announced = true;
      if (controller.pauseReason !== null && !controller.snapshotWanted) await controller.nextOrder(signal);
    }
    if (announced) emit({ type: 'resumed', step: this.state.step });
  }

  private async oneStep(): Promise<void> {
    const { state, context, config } = this;
    const started = performance.now();
    const learningRate = this.learningRate();
    const outcome = await this.regime.step(state, learningRate, () => this.gate());
    if (!outcome.finite && config.training.nan_check) {
      this.stopAtNan(outcome.numbers.losses);
      return;
    }
    this.warnOfLostHelpers();
    const milliseconds = performance.now() - started;
    const { numbers, attacking } = outcome;
    const record: StepRecord = {
      ...numbers,
      step: state.step + 1,
      epoch: state.epoch,
      batch: state.batch,
      learningRate,
      attacking,
      milliseconds,
    };
    state.addStep(record);
    context.emit({ type: 'step', record });
    this.emitStatus(milliseconds);
    const { live_every } = config.evaluation;
    if (live_every > 0 && state.step % live_every === 0 && state.batch < this.regime.stepsPerEpoch)
      await this.evaluation('live');
    const { every } = config.checkpoints;
    const due = state.step % every === 0 || performance.now() - this.lastSave > CHECKPOINT_PATIENCE_MS;
    if (every > 0 && due) await this.saveCheckpoint();
    context.controller.ended('batch');
  }

  private warnOfLostHelpers(): void {
    for (const why of this.team?.takeLosses() ?? []) {
      const warning = new LabError({
        code: 'E-WORKER',
        what: 'A helper thread was lost.',
        why,
        fix: 'Nothing to do: the other threads took over its part, and the numbers stay the same.',
      });
      this.context.emit({ type: 'warning', warning: warning.toData() });
    }
  }

  private stopAtNan(losses: StepRecord['losses']): void {
    const { state, context } = this;
    const said = Object.entries(losses).map(([objective, loss]) => `${objective} ${loss}`);
    const error = new LabError({
      code: 'E-NAN',
      what: `At step ${state.step + 1} the loss is no longer a finite number (${said.join(', ')}).`,
      why: 'The weights grew without bound: the learning rate is usually too high. Nothing was updated in this step.',
      fix: 'Go on at half the learning rate, from the last checkpoint or from further back.',
      where: `epoch ${state.epoch}, batch ${state.batch}`,
    });
    if (context.onNan === 'throw') throw error;
    context.controller.pause('nan');
    context.emit({ type: 'paused', reason: 'nan', step: state.step, error: error.toData() });
  }

  private learningRate(): number {
    const { optimizer, schedule, epochs, start_epoch } = this.config.training;
    const base = optimizer.learning_rate * this.state.learningRateFactor;
    return schedule === 'cosine' ? cosineLearningRate(base, this.state.epoch - start_epoch, epochs) : base;
  }

  /** What the attack does to the weights once they are trained. A stop before the end keeps them as they were before. */
  private async edit(): Promise<void> {
    const { enabled, injection } = this.config.attack;
    if (enabled && injection.kind === 'model') this.unedited = await this.checkpoint();
    const edit = await this.regime.edit?.();
    if (!edit) return;
    this.edited = edit;
    this.context.emit({ type: 'edited', edit });
  }

  private async endEpoch(): Promise<Evaluation> {
    if (this.state.epoch === this.lastEpoch) await this.edit();
    const evaluation = await this.evaluation('full');
    const record = this.state.endEpoch(evaluation);
    this.unedited = null;
    this.context.emit({ type: 'epoch', record });
    await this.saveCheckpoint();
    this.context.controller.ended('epoch');
    return evaluation;
  }

  private async evaluation(scope: Evaluation['scope']): Promise<Evaluation> {
    const { state, context } = this;
    const privacy = this.regime.promised?.(state.step, scope === 'live', state.rounds);
    const measured = await evaluate(this.network, this.config, this.dataset, this.backdoors, {
      scope,
      step: state.step,
      epoch: state.epoch,
      signal: context.signal,
      team: this.team,
      onProgress: (done, total) => {
        if (scope === 'full')
          context.emit({ type: 'progress', stage: 'evaluation', done, total, unit: 'examples' });
      },
    });
    const evaluation = privacy ? { ...measured, privacy } : measured;
    state.addSeconds(evaluation.seconds);
    context.emit({ type: 'evaluation', evaluation });
    return evaluation;
  }

  private emitStatus(milliseconds: number): void {
    const { state } = this;
    const average = state.averageMilliseconds(milliseconds);
    const now = performance.now();
    const threads = this.team?.size ?? 1;
    if (now - this.lastStatus < STATUS_INTERVAL_MS && threads === this.lastThreads) return;
    this.lastStatus = now;
    this.lastThreads = threads;
    const remaining = (this.totalSteps() - state.step) * average;
    this.context.emit({
      type: 'status',
      memory: memoryReport(),
      stepMilliseconds: average,
      secondsLeft: state.stepsHere < 10 ? null : remaining / 1000,
      threads,
    });
  }

  private async checkpoint(): Promise<Checkpoint> {
    const trigger = learnedArrays(this.backdoors);
    const weights = { ...(await this.network.weights()), ...(trigger.length > 0 && { trigger }) };
    return this.state.checkpoint(this.config, weights, await this.regime.slots());
  }

  /** A checkpoint that cannot be kept is a warning, once: the run goes on. Weights that are not finite are not kept. */
  private async saveCheckpoint(given: Checkpoint | null = null): Promise<void> {
    const { storage, emit } = this.context;
    this.lastSave = performance.now();
    if (!storage || this.context.controller.pauseReason === 'nan' || this.device.isLost) return;
    const checkpoint = given ?? (await this.checkpoint());
    if (this.device.isLost) return; // what was read meanwhile may be anything
    if (!checkpoint.weights.parameters.every(({ data }) => data.every(Number.isFinite))) return;
    try {
      await storage.save(checkpoint);
      emit({ type: 'checkpoint', step: checkpoint.step, epoch: checkpoint.epoch });
      await this.older.follow(checkpoint, storage);
    } catch (thrown) {
      if (this.storageFailed) return;
      this.storageFailed = true;
      emit({ type: 'warning', warning: storageWarning(thrown) });
    }
  }
}

function storageWarning(thrown: unknown) {
  if (thrown instanceof LabError) return thrown.toData();
  return new LabError({
    code: 'E-STORAGE',
    what: 'The checkpoint could not be kept.',
    why: thrown instanceof Error ? thrown.message : String(thrown),
    fix: 'The run goes on; export the model before you close the page.',
  }).toData();
}
