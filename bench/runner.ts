import { type Contestant, nameOf } from './contestants.ts';
import { flopsOf } from './flops.ts';
import type { Lane } from './lanes/lane.ts';
import { LaneError } from './lanes/lane.ts';
import type { Pace } from './pace.ts';
import type { Answers, KernelVariant, RequestKind, Requests } from './protocol.ts';
import type { StepName } from './workload-list.ts';

/** Steps faster than this are warmed up again at the start of a turn: others have used the caches since. */
const WARM_TURN_MS = 200;

/** A contestant with its lane: starts it when it is needed, again when it died, and remembers why it cannot take part. */
export class Runner {
  readonly name: string;
  label = '';
  variant: KernelVariant | null = null;
  /** Threads that share the current workload. */
  threads = 1;
  /** Best of all measurements; null where there is no register tile in the contestant's kernel language. */
  peakGflops: number | null = null;
  private lane: Lane | null = null;
  private refusal: string | null = null;
  private stepMs = Infinity;
  /** The speed of a workload that it finished, to foresee others. */
  private known: { workload: StepName; gflops: number } | null = null;

  constructor(
    readonly contestant: Contestant,
    private readonly open: () => Promise<Lane>,
    private readonly start: Requests['start'],
  ) {
    this.name = nameOf(contestant);
  }

  /** Sets a workload up and warms it up. @returns why it cannot take part, or null */
  async enter(workload: StepName, pace: Pace, peakModules: PeakModules): Promise<string | null> {
    if (this.refusal !== null) return this.refusal;
    const foreseen = this.foresee(workload, pace);
    if (foreseen !== null) return foreseen;
    try {
      await this.started();
    } catch (thrown) {
      this.refusal = reason(thrown);
      await this.end();
      return this.refusal;
    }
    try {
      await this.measurePeak(peakModules);
      const { firstMs, threads } = await this.ask('prepare', { workload }, pace.patienceMs);
      this.stepMs = firstMs;
      this.threads = threads;
      if (pace.warmUpMs > firstMs) await this.turn({ ...pace, turnMs: pace.warmUpMs });
      return null;
    } catch (thrown) {
      return this.failed(thrown);
    }
  }

  /** Milliseconds of each step of one turn. @throws LaneError */
  async turn(pace: Pace): Promise<number[]> {
    const { ms } = await this.ask(
      'sample',
      { milliseconds: pace.turnMs, atMost: pace.stepsPerTurn, warm: this.stepMs < WARM_TURN_MS ? 1 : 0 },
      2 * pace.patienceMs,
    );
    this.stepMs = Math.min(...ms);
    return ms;
  }

  /** After an error in a turn: what to tell. A lane that died is started again for the next workload. */
  async failed(thrown: unknown): Promise<string> {
    if (thrown instanceof LaneError && thrown.fatal) await this.end();
    return reason(thrown);
  }

  async leave(workload: StepName, medianMs: number): Promise<void> {
    if (Number.isFinite(medianMs)) this.known = { workload, gflops: flopsOf(workload) / medianMs / 1e6 };
    if (this.lane) await this.ask('finish', {}, 60_000).catch((thrown: unknown) => this.failed(thrown));
  }

  /** For courses of their own, such as `long`. Throws what the lane throws. */
  async ask<Kind extends RequestKind>(
    kind: Kind,
    request: Requests[Kind],
    limitMs: number,
  ): Promise<Answers[Kind]> {
    const lane = await this.started();
    return lane.ask(kind, request, limitMs);
  }

  async end(): Promise<void> {
    const { lane } = this;
    this.lane = null;
    await lane?.close();
  }

  private async started(): Promise<Lane> {
    if (this.lane) return this.lane;
    const lane = await this.open();
    this.lane = lane;
    const { label, variant } = await lane.ask('start', this.start, 60_000);
    this.label = label;
    this.variant = variant;
    return lane;
  }

  private async measurePeak(modules: PeakModules): Promise<void> {
    if (this.contestant.role !== 'lab' || this.variant === null) return;
    const { gflops } = await this.ask('peak', { module: [...modules[this.variant]] }, 60_000);
    this.peakGflops = Math.max(this.peakGflops ?? 0, gflops);
  }

  private foresee(workload: StepName, { patienceMs }: Pace): string | null {
    if (!this.known) return null;
    const ms = flopsOf(workload) / this.known.gflops / 1e6;
    if (ms < 3 * patienceMs) return null;
    const speed = `${this.known.gflops.toPrecision(2)} GFLOP/s of its ${this.known.workload}`;
    return `at the ${speed}, a step would take about ${Math.round(ms / 60_000)} minutes`;
  }
}

/** Compiled register tiles. */
export type PeakModules = Readonly<Record<KernelVariant, Uint8Array>>;

function reason(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
