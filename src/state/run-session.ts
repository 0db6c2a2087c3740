/**
 * One run at a time in the training worker: begins it, hands it orders, restarts it when its worker dies, keeps its last
 * checkpoint, and holds the run before it for an undo.
 */
import type { BalancerConfig, EvasionName, ExperimentConfig } from '../core/config/schema.ts';
import { asLabError, type LabError } from '../core/errors.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import { type ExperimentEvent, setByHand } from '../core/experiment/events.ts';
import {
  type FreshStart,
  hasExploded,
  nextStart,
  planRecovery,
  recoveryWords,
} from '../core/experiment/recovery.ts';
import type { ClientByHand } from '../core/federated/by-hand.ts';
import { RunSeries } from '../core/series/runSeries.ts';
import type { JobHandle } from '../workers/client.ts';
import { keptRuns } from '../storage/kept-runs.ts';
import type { Control, RunPlace } from '../workers/protocol.ts';
import { claimRun, releaseRun } from './run-claims.ts';
import { IDLE, pickFacts, type RunFacts, type RunState } from './run-state.ts';
import { newRunId } from './saved-runs.ts';
import { chosenThreads } from './thread-choice.ts';
import { labWorkers } from './workers.ts';

/** A stop that is not answered within this time (the worker hangs in one step) ends the worker. */
const STOP_PATIENCE_MS = 15_000;

/** A worker that dies this often in one run is not started again by itself. */
const MAX_RESTARTS = 3;

/** How a run begins: to the end, for one batch or epoch, or paused. */
export type Order = 'run' | 'batch' | 'epoch' | 'paused';

/** A run in this browser's storage. */
interface Place {
  id: string;
  /** The step of the checkpoint that is kept there, with the series up to it; null while there is none. */
  kept: number | null;
}

interface Past {
  place: Place | null;
  facts: RunFacts;
  series: RunSeries;
  checkpoint: Checkpoint | null;
  saved: RunState['saved'];
}

export class RunSession {
  lastCheckpoint: Checkpoint | null = null;
  private place: Place | null = null;
  /** Runs of this tab that go from storage once the next one is kept. */
  private replaced: Place[] = [];
  private job: JobHandle<'run'> | null = null;
  private past: Past | null = null;
  private stopping = false;
  private restarts = 0;
  /** The balancer chosen by hand in this run. */
  private balancer: BalancerConfig | null = null;
  /** The evasions that were switched on by hand in this run. */
  private evasions: readonly EvasionName[] | null = null;
  /** Federated clients that were taken by hand in this run. */
  private clients = new Map<number, ClientByHand>();
  private snapshotWaiters: ((checkpoint: Checkpoint) => void)[] = [];

  constructor(
    private readonly get: () => RunState,
    private readonly set: (change: Partial<RunState>) => void,
    private readonly receive: (event: ExperimentEvent) => void,
    /** Delivers what views still wait for. */
    private readonly flush: () => void,
  ) {}

  /** Id of the run that the page shows; null without one. */
  get runId(): string | null {
    return this.place?.id ?? null;
  }

  get active(): boolean {
    return this.job !== null;
  }

  control(control: Control): void {
    if (control.action === 'balance' && this.job) this.balancer = control.balancer;
    if (control.action === 'evade' && this.job) this.evasions = control.evasions;
    if (control.action === 'take-client' && this.job) this.clients.set(control.client.client, control.client);
    this.job?.control(control);
  }

  /** A new run; the one on the page can come back by `restorePast`. */
  start(config: ExperimentConfig, order: Order): void {
    if (this.job) return;
    this.restarts = 0;
    this.balancer = null;
    this.evasions = null;
    this.clients.clear();
    this.keepPast();
    this.lastCheckpoint = null;
    this.takeNewPlace();
    this.begin(config, null, order);
  }

  /** Goes on from a checkpoint; the charts keep what came before it. */
  goOn(config: ExperimentConfig, from: Checkpoint): void {
    if (this.job) return;
    this.restarts = 0;
    this.balancer = null;
    this.evasions = null;
    this.clients.clear();
    this.lastCheckpoint = from;
    this.begin(config, from, 'run');
  }

  /** Whether the way on from a loss that is not finite leads further back than to the last checkpoint. */
  get mustGoBack(): boolean {
    const newest = this.lastCheckpoint;
    if (!newest || newest.step === 0) return false;
    return nextStart(newest.recovery, this.get().step + 1) !== 'newest' || hasExploded(newest);
  }

  /**
   * After a loss that was not finite: goes on at half the learning rate from the last checkpoint; from the older one, or
   * from the starting weights, where that leads to the same again, and says so.
   */
  async recover(config: ExperimentConfig): Promise<void> {
    const failedStep = this.get().step + 1;
    await this.stop();
    const older = this.place && (await keptRuns.loadOlder(this.place.id).catch(() => null));
    const newest = this.lastCheckpoint;
    if (!newest || this.job) return;
    const plan = planRecovery(newest, older, failedStep);
    const words = recoveryWords(plan, newest);
    // What was set by hand holds, also before the step at which it was set.
    const byHand = setByHand(newest.interventions);
    const balancer = this.balancer ?? byHand.balancer;
    this.restarts = 0;
    this.balancer = balancer;
    this.evasions ??= byHand.evasions;
    for (const client of byHand.clients)
      if (!this.clients.has(client.client)) this.clients.set(client.client, client);
    this.lastCheckpoint = plan.checkpoint;
    this.begin(config, plan.checkpoint, 'run', plan);
    if (words) {
      const what = `At step ${failedStep} the loss was no longer a finite number.`;
      const fix = `The run went back to ${words.place}, at ${words.rate}.`;
      this.set({ warnings: [{ code: 'E-NAN', what, why: words.why, fix }] });
    }
  }

  /** Resolves when the run has ended; a worker that does not answer is ended. */
  async stop(): Promise<void> {
    const job = this.job;
    if (!job) return;
    this.stopping = true;
    job.control({ action: 'cancel' });
    const settled = job.result.then(
      () => true,
      () => true,
    );
    const patience = new Promise<false>((resolve) => setTimeout(() => resolve(false), STOP_PATIENCE_MS));
    if (!(await Promise.race([settled, patience]))) labWorkers().endTrainer();
    await settled;
  }

  /** Clears the page's run, after stopping it; `restorePast` brings it back. */
  async clear(): Promise<void> {
    await this.stop();
    this.keepPast();
    this.lastCheckpoint = null;
    this.leavePlace();
    const { backend, memory } = this.get();
    this.set({ ...IDLE, backend, memory, series: new RunSeries(), saved: null });
  }

  async restorePast(): Promise<void> {
    const past = this.past;
    if (!past) return;
    await this.stop();
    this.past = null;
    this.leavePlace();
    this.place = past.place;
    this.replaced = this.replaced.filter((place) => place !== past.place);
    if (this.place) void claimRun(this.place.id);
    this.lastCheckpoint = past.checkpoint;
    this.set({ ...past.facts, series: past.series, saved: past.saved, canUndoReset: false });
  }

  /** The state as it is now; the last one kept when there is no run. */
  snapshot(): Promise<Checkpoint | null> {
    const job = this.job;
    if (!job || this.get().phase === 'preparing') return Promise.resolve(this.lastCheckpoint);
    return new Promise((resolve) => {
      this.snapshotWaiters.push(resolve);
      job.control({ action: 'snapshot' });
      // A run that ends meanwhile has handed over its last state.
      void job.result.catch(() => undefined).then(() => resolve(this.lastCheckpoint));
    });
  }

  /** Takes up a run from storage, to go on with. */
  adopt(id: string, checkpoint: Checkpoint): void {
    this.place = { id, kept: checkpoint.step };
    this.lastCheckpoint = checkpoint;
  }

  /** Takes note that storage has the run up to this step, and no longer those that it replaced. */
  kept(step: number): void {
    if (this.place) this.place.kept = step;
    for (const place of this.replaced.splice(0)) {
      place.kept = null;
      releaseRun(place.id);
    }
  }

  /** Removes a run from storage. */
  async discard(id: string): Promise<void> {
    if (this.place?.id === id) this.place = null;
    if (this.get().phase === 'idle') this.lastCheckpoint = null;
    await keptRuns.remove(id);
    releaseRun(id);
  }

  private keepPast(): void {
    const { series, saved } = this.get();
    const facts = pickFacts(this.get());
    if (facts.phase === 'idle' && !saved) return;
    this.past = { place: this.place, facts, series, checkpoint: this.lastCheckpoint, saved };
    this.set({ canUndoReset: true });
  }

  private begin(
    config: ExperimentConfig,
    from: Checkpoint | null,
    order: Order,
    fresh: FreshStart | null = null,
  ): void {
    const { backend, memory, series: before, importedWeights, evaluation: shown } = this.get();
    const series = from && before.steps.length > 0 ? before : new RunSeries();
    series.rewindTo(from?.step ?? 0);
    const { step = 0, epoch = 0, epochs = [] } = from ?? {};
    // After a reload the last one measured has no pictures; on the page it still has.
    const newest = series.evaluationLog.at(-1) ?? null;
    const evaluation = newest?.step === shown?.step && newest?.scope === shown?.scope ? shown : newest;
    const fullEvaluation = series.evaluationLog.findLast(({ scope }) => scope === 'full') ?? null;
    this.set({
      ...IDLE,
      backend,
      memory,
      config,
      phase: 'preparing',
      step,
      epoch,
      epochs,
      evaluation,
      fullEvaluation,
      series,
      saved: null,
    });
    const weights = config.task.weights === 'imported' ? (importedWeights?.weights ?? null) : null;
    this.stopping = false;
    const job = labWorkers().start<'run'>(
      {
        kind: 'run',
        config,
        checkpoint: from,
        fresh: from ? null : fresh,
        weights,
        startPaused: order !== 'run',
        threads: chosenThreads(),
        place: this.placeFrom(step, series),
      },
      { onEvent: this.receive, onSnapshot: (checkpoint) => this.keep(checkpoint) },
    );
    this.job = job;
    if (order === 'batch' || order === 'epoch') job.control({ action: 'step', unit: order });
    if (this.balancer) job.control({ action: 'balance', balancer: this.balancer });
    if (this.evasions) job.control({ action: 'evade', evasions: this.evasions });
    for (const client of this.clients.values()) job.control({ action: 'take-client', client });
    job.result.then(
      () => this.ended(job),
      (thrown: unknown) => this.failed(job, asLabError(thrown)),
    );
  }

  /** Where the run is kept, and what of its series up to `step` is missing there. */
  private placeFrom(step: number, series: RunSeries): RunPlace {
    const { id, kept } = this.place ?? this.takeNewPlace();
    const after = kept === null ? -1 : Math.min(kept, step);
    return { id, after, before: series.records(after), replaces: this.replaced.map((place) => place.id) };
  }

  private takeNewPlace(): Place {
    this.leavePlace();
    this.place = { id: newRunId(), kept: null };
    void claimRun(this.place.id);
    return this.place;
  }

  private leavePlace(): void {
    if (this.place) this.replaced.push(this.place);
    this.place = null;
  }

  /** Takes a checkpoint; those in IndexedDB are written by the worker itself. */
  private keep(checkpoint: Checkpoint): void {
    // Asked for where the loss was not finite, it would only lead there again: the one before stays the last.
    if (this.get().pauseReason !== 'nan') this.lastCheckpoint = checkpoint;
    for (const resolve of this.snapshotWaiters.splice(0)) resolve(checkpoint);
  }

  private ended(job: JobHandle<'run'>): void {
    if (this.job === job) this.job = null;
    this.flush();
  }

  private failed(job: JobHandle<'run'>, error: LabError): void {
    if (this.job !== job) return;
    const wasPaused = this.get().phase === 'paused';
    this.ended(job);
    const died = error.code === 'E-WORKER';
    if (error.code === 'E-CANCELLED' || (died && this.stopping)) this.stopped();
    else if (died && this.lastCheckpoint && this.restarts < MAX_RESTARTS) this.restart(error, wasPaused);
    else this.set({ phase: 'failed', error: error.toData(), progress: null, secondsLeft: null });
  }

  /** Stopped by hand: what was done stays, and can go on. */
  private stopped(): void {
    const { config } = this.get();
    const { lastCheckpoint: last, place } = this;
    const saved =
      config && last && place && last.step > 0
        ? {
            id: place.id,
            name: config.name,
            step: last.step,
            epoch: last.epoch,
            savedAt: Date.now(),
            config: last.config,
          }
        : null;
    this.set({ phase: 'stopped', progress: null, pauseReason: null, error: null, secondsLeft: null, saved });
  }

  private restart(error: LabError, wasPaused: boolean): void {
    const { config } = this.get();
    const from = this.lastCheckpoint;
    if (!config || !from) return;
    this.restarts++;
    this.begin(config, from, wasPaused ? 'paused' : 'run');
    const where = from.step === 0 ? 'started again from the beginning' : `went on from step ${from.step}`;
    this.set({ warnings: [{ ...error.toData(), fix: `A new one was started, and the run ${where}.` }] });
  }
}
