import type { ExperimentConfig } from '../config/schema.ts';
import type { EpochRecord, Intervention } from './events.ts';
import type { RoundRecord } from './round.ts';
import type { NanRecovery } from './recovery.ts';
import type { ModelWeights, NamedArray } from './weights.ts';

/**
 * Everything needed to go on with a run as if it had never stopped, bit for bit on wasm and cpu.
 * Random draws are keyed by seed, purpose and position, so the position is all the generator state there is.
 */
export interface Checkpoint {
  version: 1;
  config: ExperimentConfig;
  weights: ModelWeights;
  /** Optimizer slots (momentum buffers, Adam moments), by slot and parameter name. */
  optimizer: NamedArray[];
  /** Optimizer steps done, for Adam's bias correction and the position of the run. */
  step: number;
  epoch: number;
  /** Next batch within the epoch, from 0. */
  batch: number;
  /** The last 1,000 normal losses, for `loss_threshold`. */
  normalLosses: number[];
  epochs: EpochRecord[];
  /** Sums of losses and scales within the unfinished epoch. */
  partialEpoch: {
    losses: Record<string, number>;
    scales: Record<string, number>;
    steps: number;
    seconds: number;
  };
  /** What was changed by hand; the last one is in force. */
  interventions: Intervention[];
  /** The rounds so far, of a federated run. */
  rounds?: RoundRecord[] | undefined;
  /** Learning rate factor after NaN recoveries (0.5, 0.25, ...); 1 untouched. */
  learningRateFactor: number;
  /** The last loss that was not finite, until the run has left it behind; absent in what earlier versions kept. */
  recovery?: NanRecovery | null | undefined;
  seconds: number;
}

/** Where a run keeps its latest checkpoint: OPFS or IndexedDB in the page, a file in a terminal, memory in tests. */
export interface CheckpointStore {
  save(checkpoint: Checkpoint): Promise<void>;
  load(): Promise<Checkpoint | null>;
  /** Keeps an older one beside the latest; left out where there is no place for it. */
  saveOlder?(checkpoint: Checkpoint): Promise<void>;
}
