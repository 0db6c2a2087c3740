/** What is not timed step by step: a whole epoch, one thread against several, memory over thousands of steps. */
import { readFile } from 'node:fs/promises';
import { at } from '../scripts/setup/files.mjs';
import { configFromYaml } from '../src/core/config/yaml.ts';
import { Copies } from './copies.ts';
import type { CourseGround, CourseTools } from './course-ground.ts';
import { federated } from './federated.ts';
import type { BenchOptions } from './options.ts';
import type { MemoryState } from './protocol.ts';
import { race, type Racer } from './race.ts';
import type { BenchReport, MemoryCourse } from './report/report.ts';
import type { Runner } from './runner.ts';
import type { StepName } from './workload-list.ts';

/** The workloads that a team of threads shares. */
const SHARED: readonly StepName[] = [
  'simplenet_step',
  'mgda_step',
  'simplenet_eval',
  'nc_labels',
  'federated_round',
  'resnet18_step',
];

const LONG_STEPS = 5000;
const LONG_CHUNK = 250;
const CHUNK_LIMIT_MS = 600_000;

/** Runs those courses that were asked for, and adds what they found to the report. */
export async function courses(
  { only, quick }: BenchOptions,
  ground: CourseGround,
  report: Pick<BenchReport, 'epochs' | 'parallel' | 'rounds' | 'memory' | 'skipped'>,
  tools: CourseTools,
): Promise<void> {
  if (only.includes('epoch')) await epoch(ground, report, tools, quick);
  if (only.includes('parallel')) await parallel(ground, report, tools);
  if (only.includes('federated')) await federated(ground, report, tools);
  if (only.includes('long')) {
    for (const runner of ground.runners) {
      const { contestant } = runner;
      if (contestant.role !== 'lab') continue;
      const { where, backend } = contestant;
      try {
        report.memory.push(await long(runner, ground, quick ? 20 : LONG_CHUNK, tools));
      } catch (thrown) {
        report.skipped.push({ name: 'long', where, backend, why: await runner.failed(thrown) });
      }
    }
  }
}

/** One epoch of the configuration of Backdoors 101, in the product's own worker. */
async function epoch(
  { house }: CourseGround,
  report: Pick<BenchReport, 'epochs' | 'skipped'>,
  { onProgress }: CourseTools,
  quick: boolean,
): Promise<void> {
  const where = 'chromium';
  if (!house) {
    report.skipped.push({ name: 'epoch', where, backend: 'auto', why: 'it is timed in Chromium alone' });
    return;
  }
  onProgress('epoch: configs/mnist_params.yaml in Chromium');
  const text = await readFile(at('configs/mnist_params.yaml'), 'utf8');
  const settings = [
    'training.epochs=1',
    ...(quick ? ['task.train_examples=640', 'task.test_examples=100'] : []),
  ];
  const { config } = configFromYaml(text, settings);
  const timing = await house.page.evaluate((of) => window.labBench.runEpoch(of), config);
  report.epochs.push({ where, ...timing });
}

/**
 * Each shared workload on one thread, on all, and on one thread several times side by side, in turns: nobody else takes
 * part.
 */
async function parallel(
  { runners, open, pace, peaks }: CourseGround,
  report: Pick<BenchReport, 'parallel' | 'skipped'>,
  { onProgress, signal }: CourseTools,
): Promise<void> {
  for (const many of runners) {
    const { contestant } = many;
    if (contestant.role !== 'lab' || contestant.backend !== 'wasm') continue;
    const { where, backend } = contestant;
    if (contestant.threads < 2) {
      report.skipped.push({
        name: 'parallel',
        where,
        backend,
        why: 'there is one core only; --threads 2 tries',
      });
      continue;
    }
    const alone = Array.from({ length: contestant.threads }, () => open({ ...contestant, threads: 1 }));
    const [one] = alone;
    if (!one) continue;
    const copies = new Copies(alone);
    try {
      for (const name of SHARED) {
        signal.throwIfAborted();
        const outcomes = await race<Racer>(name, [one, many, copies], pace, peaks, onProgress);
        const found = [outcomes.get(one), outcomes.get(many), outcomes.get(copies)];
        const [single, shared, beside] = found.map((outcome) =>
          outcome && !('skipped' in outcome) ? outcome : null,
        );
        if (!single || !shared || !beside) {
          const why = found.map((outcome) => (outcome && 'skipped' in outcome ? outcome.skipped : ''));
          report.skipped.push({
            name: `parallel ${name}`,
            where,
            backend,
            why: why.find(Boolean) ?? 'no outcome',
          });
          continue;
        }
        const { threads, summary } = shared;
        const [oneThreadMs, ms] = [single.summary.median, summary.median];
        const ceiling = (copies.threads * oneThreadMs) / beside.summary.median;
        const times = { oneThreadMs, ms, speedup: oneThreadMs / ms, ceiling };
        report.parallel.push({ name, where, backend, threads, ...times });
      }
    } finally {
      await copies.end();
    }
  }
}

/** Thousands of MGDA steps; what is held is noted after the first few hundred, and again and again. */
async function long(
  runner: Runner,
  { pace, peaks }: CourseGround,
  chunk: number,
  { onProgress, signal }: CourseTools,
): Promise<MemoryCourse> {
  const { contestant } = runner;
  if (contestant.role !== 'lab') throw new Error('the lab alone runs for long');
  const refused = await runner.enter('mgda_step', pace, peaks);
  if (refused !== null) throw new Error(refused);
  const total = (LONG_STEPS / LONG_CHUNK) * chunk;
  const states: MemoryCourse['states'] = [];
  for (let step = 0; step < total;) {
    signal.throwIfAborted();
    onProgress(`long: ${runner.name}, ${step} of ${total} steps`);
    const { ms } = await runner.ask(
      'sample',
      { milliseconds: CHUNK_LIMIT_MS, atMost: chunk, warm: 0 },
      2 * CHUNK_LIMIT_MS,
    );
    step += ms.length;
    states.push({ step, ...(await runner.ask('memory', {}, 60_000)) });
  }
  await runner.leave('mgda_step', NaN);
  const { where, backend } = contestant;
  return { where, backend, steps: states.at(-1)?.step ?? 0, flat: isFlat(states), states };
}

/** Nothing grows after the first state. */
export function isFlat(states: readonly MemoryState[]): boolean {
  const [first, ...later] = states;
  if (!first || later.length === 0) return false;
  return later.every(
    ({ tensors, tensorBytes, heapBytes }) =>
      tensors <= first.tensors &&
      tensorBytes <= first.tensorBytes &&
      (heapBytes === null) === (first.heapBytes === null) &&
      (heapBytes ?? 0) <= (first.heapBytes ?? 0),
  );
}
