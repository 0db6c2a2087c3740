import type { BackendChoice } from '../../core/config/schema.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import type { Checkpoint, CheckpointStore } from '../../core/experiment/checkpoint.ts';
import type { FreshStart } from '../../core/experiment/recovery.ts';
import type { BackendReport, ExperimentEvent } from '../../core/experiment/events.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import type { SpawnHelper } from '../parallel/messages.ts';
import type { RecordedRound } from '../federated/recorded-round.ts';
import type { RunController } from './controller.ts';

/** What a run needs from the place it runs in. */
export interface RunContext {
  signal: AbortSignal;
  emit: (event: ExperimentEvent) => void;
  /** Where the latest checkpoint is kept; null keeps none. */
  storage: CheckpointStore | null;
  controller: RunController;
  /** Makes a backend ready and says which and why. */
  prepareBackend: (choice: BackendChoice) => Promise<BackendReport>;
  loadDataset: (
    id: string,
    onProgress: (doneBytes: number, totalBytes: number) => void,
    signal: AbortSignal,
  ) => Promise<Dataset>;
  /** The shipped clean model of an architecture for a data set. */
  loadPretrained: (model: string, dataset: string) => Promise<ModelWeights>;
  /** Weights that a person brought, for `task.weights: imported`. */
  importedWeights: ModelWeights | null;
  /** Go on from here. */
  checkpoint: Checkpoint | null;
  /** Without a checkpoint: a start from the starting weights after losses that were not finite. */
  fresh?: FreshStart | null;
  /** Starts a helper thread for the wasm backend, and how many there may be; null computes on this thread alone. */
  helpers: { spawn: SpawnHelper; count: number } | null;
  /** Takes each federated round with its updates; left out where nobody looks at them again. */
  keepRound?: ((round: RecordedRound) => void) | undefined;
  /** At a loss that is not finite: pause and wait for a person, or fail with E-NAN. */
  onNan: 'pause' | 'throw';
}
