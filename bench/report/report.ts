/** What a run of the bench found, as `--json` writes it. */
import { beside, type LabContestant, type PeerContestant } from '../contestants.ts';
import { flopsOf } from '../flops.ts';
import type { MemoryState, Where } from '../protocol.ts';
import type { Outcome } from '../race.ts';
import type { Runner } from '../runner.ts';
import type { StepName } from '../workload-list.ts';

export interface PeerTiming {
  ms: number;
  spread: number;
  samples: number;
}

export interface WorkloadReport {
  name: string;
  where: Where;
  /** As the engine names it. */
  backend: string;
  /** Which build of the wasm kernels; null on other backends. */
  variant: string | null;
  /** That shared a step. */
  threads: number;
  /** Median of a step. */
  ms: number;
  /** Interquartile range over the median. */
  spread: number;
  samples: number;
  /** 10^9 floating-point operations a second. */
  gflops: number | null;
  /** Of the same kernel language, on one core, measured in the same run; null where it is not measured. */
  peakGflops: number | null;
  /** Medians of the peers, in milliseconds. */
  peers: Record<string, number>;
  peerTimings: Record<string, PeerTiming>;
  /** Why a peer is missing. */
  skippedPeers: Record<string, string>;
}

export interface Skipped {
  name: string;
  where: Where;
  backend: string;
  why: string;
}

export interface Machine {
  processor: string;
  cores: number;
  memoryBytes: number;
  system: string;
  node: string;
  chromium: string | null;
  /** What each contestant says it is. */
  contestants: Record<string, string>;
}

/** How memory went through a long run. */
export interface MemoryCourse {
  where: Where;
  backend: string;
  steps: number;
  flat: boolean;
  /** One state each few hundred steps. */
  states: (MemoryState & { step: number })[];
}

export interface BenchReport {
  machine: Machine;
  /** ISO 8601. */
  date: string;
  command: string;
  workloads: WorkloadReport[];
  skipped: Skipped[];
  memory: MemoryCourse[];
  parallel: Speedup[];
  rounds: RoundCosts[];
  epochs: EpochReport[];
}

/** One workload on one thread and on several, in the same race. */
export interface Speedup {
  name: string;
  where: Where;
  backend: string;
  threads: number;
  oneThreadMs: number;
  ms: number;
  /** oneThreadMs / ms */
  speedup: number;
  /** The same of as many runs on one thread side by side, which share nothing: what the machine gives. */
  ceiling: number;
}

/** Federated rounds of SimpleNet. */
export interface RoundCosts {
  where: Where;
  backend: string;
  threads: number;
  /** By clients a round, each of four steps. */
  times: { clients: number; ms: number }[];
  /** By clients in all, of which ten take part in a round, over the same examples. */
  memory: (MemoryState & { clients: number })[];
}

/** A whole epoch as the product runs it. */
export interface EpochReport {
  where: Where;
  backend: string;
  steps: number;
  seconds: number;
  /** The part that the evaluation at its end took. */
  evaluationSeconds: number;
  cleanAccuracy: number;
  attackSuccess: number;
}

/** The rows of one workload: one for each contestant of the lab, with the peers that stand beside it. */
export function workloadReports(
  name: StepName,
  outcomes: ReadonlyMap<Runner, Outcome>,
): { rows: WorkloadReport[]; skipped: Skipped[] } {
  const rows: WorkloadReport[] = [];
  const skipped: Skipped[] = [];
  const entries = [...outcomes];
  for (const [runner, outcome] of entries) {
    const { contestant } = runner;
    if (contestant.role !== 'lab') continue;
    const { where, backend } = contestant;
    if ('skipped' in outcome) {
      skipped.push({ name, where, backend: labelOf(contestant), why: outcome.skipped });
      continue;
    }
    const { median: ms, spread, samples } = outcome.summary;
    rows.push({
      name,
      where,
      backend,
      variant: runner.variant,
      threads: outcome.threads,
      ms,
      spread,
      samples,
      gflops: flopsOf(name) / ms / 1e6,
      peakGflops: runner.peakGflops,
      ...besides(
        contestant,
        entries.flatMap(([{ contestant: other }, its]) =>
          other.role === 'peer' ? [{ peer: other, outcome: its }] : [],
        ),
      ),
    });
  }
  return { rows, skipped };
}

function besides(
  lab: LabContestant,
  all: readonly { peer: PeerContestant; outcome: Outcome }[],
): Pick<WorkloadReport, 'peers' | 'peerTimings' | 'skippedPeers'> {
  const found = { peers: {}, peerTimings: {}, skippedPeers: {} } as Pick<
    WorkloadReport,
    'peers' | 'peerTimings' | 'skippedPeers'
  >;
  for (const { peer, outcome } of all) {
    if (!beside(lab, peer)) continue;
    if ('skipped' in outcome) {
      found.skippedPeers[peer.peer] = outcome.skipped;
      continue;
    }
    const { median: ms, spread, samples } = outcome.summary;
    found.peers[peer.peer] = ms;
    found.peerTimings[peer.peer] = { ms, spread, samples };
  }
  return found;
}

function labelOf({ backend, variant }: LabContestant): string {
  return variant === null ? backend : `${backend}-${variant}`;
}
