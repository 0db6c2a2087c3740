/** What federated rounds cost: time against the clients of a round, memory against the clients there are in all. */
import { withOwnWorkload } from './copies.ts';
import type { CourseGround, CourseTools } from './course-ground.ts';
import { race } from './race.ts';
import type { BenchReport, RoundCosts } from './report/report.ts';
import type { Runner } from './runner.ts';
import { type RoundName, ROUNDS } from './shared-work.ts';

/** By clients a round. */
const SIZES = ['federated_2', 'federated_round', 'federated_8', 'federated_16'] as const;
/** By clients in all. */
const CROWDS = ['federated_few', 'federated_many'] as const;
/** Rounds before memory is looked at. */
const ROUNDS_BEFORE = 4;
const LIMIT_MS = 300_000;

export async function federated(
  ground: CourseGround,
  report: Pick<BenchReport, 'rounds' | 'skipped'>,
  tools: CourseTools,
): Promise<void> {
  for (const { contestant } of ground.runners) {
    if (contestant.role !== 'lab' || contestant.backend !== 'wasm') continue;
    const { where, backend } = contestant;
    const opened: Runner[] = [];
    const fresh = (): Runner => {
      const runner = ground.open(contestant);
      opened.push(runner);
      return runner;
    };
    try {
      const times = await timesBySize(fresh, ground, tools);
      const memory: RoundCosts['memory'] = [];
      for (const name of CROWDS) memory.push(await memoryOf(fresh(), name, ground, tools));
      report.rounds.push({ where, backend, threads: contestant.threads, times, memory });
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      report.skipped.push({ name: 'federated', where, backend, why });
    } finally {
      for (const runner of opened) await runner.end();
    }
  }
}

/** Rounds of different sizes in turns, each in a process or worker of its own. */
async function timesBySize(
  fresh: () => Runner,
  { pace, peaks }: CourseGround,
  { onProgress }: CourseTools,
): Promise<RoundCosts['times']> {
  const racers = SIZES.map((name) => withOwnWorkload(fresh(), name));
  const outcomes = await race('federated_round', racers, pace, peaks, onProgress);
  return SIZES.map((name, index) => {
    const outcome = racers[index] && outcomes.get(racers[index]);
    if (!outcome || 'skipped' in outcome) throw new Error(outcome?.skipped ?? 'no outcome');
    return { clients: ROUNDS[name].perRound, ms: outcome.summary.median };
  });
}

/** What is held after some rounds in a process or worker that has done nothing else. */
async function memoryOf(
  runner: Runner,
  name: RoundName,
  { pace, peaks }: CourseGround,
  { onProgress, signal }: CourseTools,
): Promise<RoundCosts['memory'][number]> {
  signal.throwIfAborted();
  onProgress(`${name}: ${runner.name}`);
  const refused = await runner.enter(name, { ...pace, warmUpMs: 0 }, peaks);
  if (refused !== null) throw new Error(refused);
  await runner.ask('sample', { milliseconds: LIMIT_MS, atMost: ROUNDS_BEFORE, warm: 0 }, LIMIT_MS);
  const state = await runner.ask('memory', {}, 60_000);
  await runner.end();
  return { clients: ROUNDS[name].clients, ...state };
}
