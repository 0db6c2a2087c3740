import type { Pace } from './pace.ts';
import type { Racer } from './race.ts';
import type { PeakModules, Runner } from './runner.ts';
import type { StepName } from './workload-list.ts';

/** Runs of the same work side by side, which share nothing: what the machine gives to threads that need not wait. */
export class Copies implements Racer {
  readonly name: string;

  constructor(private readonly runners: readonly Runner[]) {
    this.name = `${runners.length} times ${runners[0]?.name ?? 'nothing'}`;
  }

  get threads(): number {
    return this.runners.length;
  }

  async enter(workload: StepName, pace: Pace, peakModules: PeakModules): Promise<string | null> {
    for (const runner of this.runners) {
      const refusal = await runner.enter(workload, pace, peakModules);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  /** Milliseconds of each step of all of them, begun at once. */
  async turn(pace: Pace): Promise<number[]> {
    return (await Promise.all(this.runners.map((runner) => runner.turn(pace)))).flat();
  }

  async failed(thrown: unknown): Promise<string> {
    const reasons = await Promise.all(this.runners.map((runner) => runner.failed(thrown)));
    return reasons[0] ?? '';
  }

  async leave(workload: StepName, medianMs: number): Promise<void> {
    for (const runner of this.runners) await runner.leave(workload, medianMs);
  }

  async end(): Promise<void> {
    for (const runner of this.runners) await runner.end();
  }
}

/** A runner that takes part in a race with a workload of its own. */
export function withOwnWorkload(runner: Runner, own: StepName): Racer {
  return {
    name: `${runner.name}, ${own}`,
    get threads() {
      return runner.threads;
    },
    enter: (_, pace, peakModules) => runner.enter(own, pace, peakModules),
    turn: (pace) => runner.turn(pace),
    failed: (thrown) => runner.failed(thrown),
    leave: (_, medianMs) => runner.leave(own, medianMs),
  };
}
