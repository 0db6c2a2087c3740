/** Times one workload: contestants take turns in rounds, so that whatever else the machine does hits all alike. */
import type { Pace } from './pace.ts';
import type { PeakModules, Runner } from './runner.ts';
import { type Summary, summarize } from './statistics.ts';
import type { StepName } from './workload-list.ts';

/** What came of a contestant: its timings in milliseconds, or why there are none. */
export type Outcome = { summary: Summary; threads: number } | { skipped: string };

/** The part of a runner that a race uses; a test gives its own. */
export type Racer = Pick<Runner, 'name' | 'threads' | 'enter' | 'turn' | 'failed' | 'leave'>;

export async function race<Entrant extends Racer>(
  workload: StepName,
  runners: readonly Entrant[],
  pace: Pace,
  peakModules: PeakModules,
  onProgress: (text: string) => void = () => undefined,
): Promise<Map<Entrant, Outcome>> {
  const outcomes = new Map<Entrant, Outcome>();
  const samples = new Map<Entrant, number[]>();
  for (const runner of runners) {
    onProgress(`${workload}: ${runner.name} warms up`);
    const skipped = await runner.enter(workload, pace, peakModules);
    if (skipped === null) samples.set(runner, []);
    else outcomes.set(runner, { skipped });
  }
  for (let round = 0; round < pace.rounds; round++) {
    for (const runner of rotated([...samples.keys()], round)) {
      const before = samples.get(runner) ?? [];
      const spent = before.reduce((sum, ms) => sum + ms, 0);
      if (before.length > 0 && spent > pace.contestantMs) continue;
      onProgress(`${workload}: round ${round + 1} of ${pace.rounds}, ${runner.name}`);
      try {
        before.push(...(await runner.turn(pace)));
      } catch (thrown) {
        samples.delete(runner);
        outcomes.set(runner, { skipped: await runner.failed(thrown) });
      }
    }
  }
  for (const [runner, ms] of samples) {
    const summary = summarize(ms);
    outcomes.set(runner, { summary, threads: runner.threads });
    await runner.leave(workload, summary.median);
  }
  return outcomes;
}

/** The same order, begun elsewhere: nobody always follows the same neighbour's end of round. */
function rotated<T>(list: readonly T[], by: number): T[] {
  const start = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
