/** What a team's lead and its helpers say to each other. Arrays are in the engine's layouts, not PyTorch's. */
import type { LabErrorData } from '../../core/errors.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import type { SearchJob, SearchState } from '../defenses/neural-cleanse/search.ts';
import type { ClientJob, ClientResult } from '../federated/client-job.ts';
import type { ExchangePlace } from './exchange-place.ts';

/** One piece of work on a network; pieces depend on each other only where they meet at an exchange. */
export type Work =
  /**
   * The gradient of the sum of cross-entropies over all shards, divided by `divisor`; added up as `addUp` does. Shards of
   * a batch that other threads work on too, and that depend on each other, meet them at `exchange`.
   */
  | { kind: 'gradient'; shards: LabelledImages[]; divisor: number; exchange: ExchangePlace | null }
  /** Class probabilities for `count` normalised images. */
  | { kind: 'probabilities'; images: Float32Array; count: number }
  /** The training of a federated client from the network's values, which are the client's afterwards. */
  | { kind: 'client'; job: ClientJob }
  /** One step of a search for a trigger. */
  | { kind: 'search'; job: SearchJob };

/** What a piece of work came to, as it travels. */
export type Finished =
  /** The gradient in all parameters, one after another, then what batch-norm saw: as long as the network's values. */
  | { kind: 'gradient'; loss: number; gradient: Float32Array<ArrayBuffer> }
  /** [count, classes] */
  | { kind: 'probabilities'; probabilities: Float32Array }
  | ({ kind: 'client' } & ClientResult)
  | { kind: 'search'; state: SearchState };

export type ToHelper =
  /** The network that the work to come is about. */
  | { type: 'network'; weights: ModelWeights; frozen: readonly string[] }
  | {
      type: 'work';
      id: number;
      work: Work[];
      /** The network's new values, one after another; null while they are those sent last. */
      values: Float32Array<ArrayBuffer> | null;
      /** Used arrays as long as all values together, for the answers. */
      spare: Float32Array<ArrayBuffer>[];
    };

export type FromHelper =
  /** It has a backend and waits for work. */
  | { type: 'ready' }
  | { type: 'done'; id: number; finished: Finished[]; spare: Float32Array<ArrayBuffer>[] }
  | { type: 'failed'; error: LabErrorData };

/** One end of the line between two threads. */
export interface Line<Out, In> {
  post: (message: Out, transfer?: ArrayBuffer[]) => void;
  listen: (listener: (message: In) => void) => void;
}

/** The lead's end: it also hears of a helper's death, and can end it. */
export interface HelperLine extends Line<ToHelper, FromHelper> {
  onError: (listener: (why: string) => void) => void;
  terminate: () => void;
  /** Whether it leads to a thread of its own, which can be sent shared memory and be waited for. */
  sharesMemory: boolean;
}

/** Starts one helper thread. */
export type SpawnHelper = () => HelperLine;
