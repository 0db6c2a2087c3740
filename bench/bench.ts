/** A whole run: starts the contestants, races every workload, gathers the report. */
import os from 'node:os';
import { at } from '../scripts/setup/files.mjs';
import { type Contestant, labContestant, nameOf, peerContestants } from './contestants.ts';
import { ChromiumHouse } from './lanes/chromium.ts';
import type { Lane } from './lanes/lane.ts';
import { nodeLane } from './lanes/node-lane.ts';
import { pythonLane } from './lanes/python-lane.ts';
import { describeMachine } from './machine.ts';
import type { BenchOptions } from './options.ts';
import { type Pace, QUICK_PACE, USUAL_PACE } from './pace.ts';
import { buildStockHost } from './page/build.ts';
import { buildPeak } from './peak/build.ts';
import { courses } from './courses.ts';
import { race } from './race.ts';
import { type BenchReport, workloadReports } from './report/report.ts';
import { Runner } from './runner.ts';
import { isStep } from './workload-list.ts';

export interface BenchTools {
  signal: AbortSignal;
  onProgress: (text: string) => void;
}

/** @throws LabError, or Error when something that the run cannot do without is missing */
export async function runBench(
  options: BenchOptions,
  tools: BenchTools,
): Promise<Omit<BenchReport, 'command'>> {
  const { onProgress, signal } = tools;
  const pace = paceOf(options);
  onProgress('building');
  const peaks = { relaxed: await buildPeak('relaxed'), simd: await buildPeak('simd') };
  const house = options.places.includes('chromium')
    ? await ChromiumHouse.open({ softwareGpu: options.softwareGpu })
    : null;
  const open = (contestant: Contestant): Runner => runnerOf(contestant, options, house);
  const runners = contestantsOf(options).map(open);
  const report: Omit<BenchReport, 'command'> = {
    machine: describeMachine(house?.version ?? null, {}),
    date: new Date().toISOString(),
    workloads: [],
    skipped: [],
    memory: [],
    parallel: [],
    rounds: [],
    epochs: [],
  };
  try {
    for (const name of options.only.filter(isStep)) {
      signal.throwIfAborted();
      const outcomes = await race(name, runners, pace, peaks, onProgress);
      const { rows, skipped } = workloadReports(name, outcomes);
      report.workloads.push(...rows);
      report.skipped.push(...skipped);
    }
    await courses(options, { runners, house, pace, peaks, open }, report, tools);
  } finally {
    await Promise.all(runners.map((runner) => runner.end()));
    await house?.close();
  }
  for (const { name, label } of runners) if (label !== '') report.machine.contestants[name] = label;
  return report;
}

function paceOf({ quick, rounds }: BenchOptions): Pace {
  const pace = quick ? QUICK_PACE : USUAL_PACE;
  return rounds === null ? pace : { ...pace, rounds };
}

function contestantsOf(options: BenchOptions): Contestant[] {
  const { backends, places, peers } = options;
  return [
    ...places.flatMap((where) => backends.map((choice) => labContestant(choice, where, threadsOf(options)))),
    ...peerContestants(peers, places),
  ];
}

/** More threads than four find too little to do in one step of the lab. */
function threadsOf({ threads }: BenchOptions): number {
  return threads ?? Math.min(4, os.availableParallelism());
}

function runnerOf(contestant: Contestant, options: BenchOptions, house: ChromiumHouse | null): Runner {
  return new Runner(contestant, () => openLane(contestant, options, house), {
    backend: contestant.backend ?? 'cpu',
    variant: contestant.role === 'lab' ? contestant.variant : null,
    softwareGpu: options.softwareGpu,
    threads: contestant.role === 'lab' ? contestant.threads : 1,
  });
}

let stockHost: Promise<string> | null = null;

async function openLane(
  contestant: Contestant,
  options: BenchOptions,
  house: ChromiumHouse | null,
): Promise<Lane> {
  const { role, where } = contestant;
  if (where === null) {
    return pythonLane({ threads: threadsOf(options), device: options.torchDevice });
  }
  if (where === 'node') {
    return nodeLane(role === 'lab' ? at('bench/hosts/lab-node.ts') : await (stockHost ??= buildStockHost()));
  }
  if (!house) throw new Error(`no Chromium for ${nameOf(contestant)}`);
  return house.lane(role === 'lab' ? 'lab' : 'stock');
}
