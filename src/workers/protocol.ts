/**
 * The messages between the page and a worker: one documented union each way.
 * Every request has an id; events, the result and the error carry it back. A request ends with exactly one
 * `result` or `failed`. Control messages name the request they steer.
 */
import type { BackendChoice, BalancerConfig, EvasionName, ExperimentConfig } from '../core/config/schema.ts';
import type { AggregatorConfig } from '../core/config/schema-federated.ts';
import type { DatasetInfo } from '../core/datasets/dataset.ts';
import type { ImageWish } from '../core/datasets/loaders/loader.ts';
import type { TextColumns } from '../core/datasets/loaders/text-columns.ts';
import type { DefenseEvent } from '../core/defenses/events.ts';
import type { ScatterEvidence } from '../core/defenses/evidence.ts';
import type { DefenseResult } from '../core/defenses/result.ts';
import type { LabErrorData } from '../core/errors.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import type { BackendReport, Evaluation, ExperimentEvent, RunResult } from '../core/experiment/events.ts';
import type { Replay } from '../core/experiment/replay.ts';
import type { FreshStart } from '../core/experiment/recovery.ts';
import type { ClientByHand } from '../core/federated/by-hand.ts';
import type { ModelWeights } from '../core/experiment/weights.ts';
import type { RunRecords } from '../core/series/runSeries.ts';
import type { BrowsedImages } from '../core/training/browse.ts';
import type { PruningCurve } from '../engine/defenses/bench/pruning-curve.ts';
import type { LatentMapJob, PruneJob, TrainModelJob } from './bench-jobs.ts';
import type { DefendJob } from './defend-job.ts';
import type { HeldModel, HoldModelJob, Look, LookJob } from './look-jobs.ts';
import type { BrowseJob, SimilarImages, SimilarJob } from './pick-jobs.ts';
import type { PoisonExportJob, PoisonPage, PoisonPageJob } from './poison-jobs.ts';

export type Job =
  /** Load a data set and hand over its first images; a later job goes on with it. */
  | { kind: 'load-data'; dataset: string }
  /** Choose and self-test a backend, and load a data set, so that a run starts at once. */
  | {
      kind: 'prepare';
      backend: BackendChoice;
      dataset: string;
      /** Time the backends now, whatever is remembered; left out while a run is under way, which owns the backend. */
      measure: boolean;
    }
  /**
   * Train to the end. `checkpoint` goes on from there; `weights` are the imported starting weights; `threads` may share
   * the steps, null for as many as pay. `fresh` starts over after losses that were not finite. `place` is where it is kept.
   */
  | {
      kind: 'run';
      config: ExperimentConfig;
      checkpoint: Checkpoint | null;
      fresh?: FreshStart | null;
      weights: ModelWeights | null;
      startPaused: boolean;
      threads: number | null;
      place: RunPlace;
    }
  /** Bring the recorded updates of a round together by other rules, and measure what comes of it; the run goes on as it is. */
  | { kind: 'replay'; run: string; round: number; rules: readonly AggregatorConfig[] }
  /** Measure given weights on the test set under the config's trigger. */
  | { kind: 'evaluate'; config: ExperimentConfig; weights: ModelWeights; scope: Evaluation['scope'] }
  /** Read a person's IDX files and keep them as a data set. */
  | { kind: 'bring-data'; title: string; train: FilePair; test: FilePair | null }
  | BringFilesJob
  | DefendJob
  | PruneJob
  | LatentMapJob
  | TrainModelJob
  | PoisonPageJob
  | PoisonExportJob
  | HoldModelJob
  | LookJob
  | BrowseJob
  | SimilarJob;

/** Where a run is kept in the browser, and what is missing there. */
export interface RunPlace {
  id: string;
  /** What is kept of later steps counts no longer; -1 for all of it. */
  after: number;
  /** Recorded after that step, and before the run began or goes on. */
  before: RunRecords;
  /** Runs that go when this one is first kept. */
  replaces: readonly string[];
}

/** Read a person's files of any layout that the loaders know, and keep them as a data set. */
export interface BringFilesJob {
  kind: 'bring-files';
  title: string;
  /** Paths with `/`, as in the folder they come from. */
  files: { path: string; blob: Blob }[];
  image: ImageWish;
  /** Of tables of texts, by name; null reads what the files are, and finds columns by names and contents. */
  columns: Partial<TextColumns> | null;
}

export interface FilePair {
  images: { name: string; bytes: Uint8Array };
  labels: { name: string; bytes: Uint8Array };
}

export interface JobResults {
  'load-data': DatasetInfo;
  prepare: { backend: BackendReport; info: DatasetInfo };
  run: RunResult;
  replay: Replay;
  evaluate: Evaluation;
  'bring-data': DatasetInfo;
  'bring-files': DatasetInfo;
  defend: DefenseResult[];
  prune: PruningCurve;
  'latent-map': ScatterEvidence;
  'train-model': ModelWeights;
  'poison-page': PoisonPage;
  'poison-export': Blob;
  'hold-model': HeldModel;
  look: Look;
  browse: BrowsedImages;
  similar: SimilarImages;
}

export type JobKind = keyof JobResults;

export type Control =
  | { action: 'cancel' }
  | { action: 'pause' }
  | { action: 'resume' }
  /** One more step or one more epoch, then pause. */
  | { action: 'step'; unit: 'batch' | 'epoch' }
  /** Take another balancer from the next step on. */
  | { action: 'balance'; balancer: BalancerConfig }
  /** Have exactly these evasions on from the next step on. */
  | { action: 'evade'; evasions: readonly EvasionName[] }
  /** Take a federated client by hand, or release it, from the next round on. */
  | { action: 'take-client'; client: ClientByHand }
  /** Send the current checkpoint as a `checkpoint` message: weights for export, or to keep before a reset. */
  | { action: 'snapshot' };

export type ToWorker =
  | { id: number; type: 'job'; job: Job }
  | { id: number; type: 'control'; control: Control };

export type FromWorker =
  /** The worker holds the Web Lock of this name for as long as it lives; null where there are no locks. */
  | { type: 'ready'; lock: string | null }
  | { id: number; type: 'event'; event: ExperimentEvent }
  /** Of a `defend` job. */
  | { id: number; type: 'defense'; event: DefenseEvent }
  /** Asked for, or the last state of a run that has ended. */
  | { id: number; type: 'snapshot'; checkpoint: Checkpoint }
  | { id: number; type: 'result'; result: JobResults[JobKind] }
  | { id: number; type: 'failed'; error: LabErrorData };
