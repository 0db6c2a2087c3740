/**
 * What an experiment says while it runs: one documented union, the same in a worker, in Node and in tests.
 * Accuracies, rates and confidences are fractions in [0, 1]; times in milliseconds unless the name says seconds.
 */
import type {
  BackendName,
  BalancerConfig,
  EvasionName,
  ExperimentConfig,
  ObjectiveName,
} from '../config/schema.ts';
import type { DatasetInfo, ImageShape } from '../datasets/dataset.ts';
import type { LabErrorData } from '../errors.ts';
import type { ClientByHand } from '../federated/by-hand.ts';
import type { PrivacyRecord } from '../privacy/plan.ts';
import type { DrawnClient, RoundRecord } from './round.ts';
import type { WeightEdit } from './weight-edit.ts';

/** A fraction with what it was counted over. */
export interface Rate {
  value: number;
  /** Number of examples in the denominator. */
  n: number;
}

/** A fraction of what may be nobody: `value` is null, not measured, when n is 0. */
export interface OptionalRate {
  value: number | null;
  n: number;
}

/** What the model says of one example. */
export interface Verdict {
  label: number;
  confidence: number;
}

interface CommonSample {
  /** Index in the test split. */
  index: number;
  label: number;
  /** The label that the backdoor wants for the triggered input. */
  backdoorLabel: number;
  clean: Verdict;
  attacked: Verdict;
}

/** One test image as the gallery shows it. */
export interface ImageSample extends CommonSample {
  /** Pixels of the test image as it is, [height, width, channels], 0 to 255. */
  original: Uint8Array;
  /** The same with the trigger. */
  triggered: Uint8Array;
}

/** One test text as the gallery shows it: what the model reads of it. */
export interface TextSample extends CommonSample {
  /** Words with the trigger among them. */
  words: string[];
  /** The words that were put in: from this index on, so many; null for none. */
  inserted: { from: number; count: number } | null;
}

export type SampleVerdict = ImageSample | TextSample;

/** How one backdoor does. */
export interface BackdoorFigures {
  attackSuccess: OptionalRate;
  attackSuccessAll: Rate;
  robustAccuracy: OptionalRate;
  attackLoss: number;
}

export interface Evaluation {
  /** Optimizer steps done when it was measured. */
  step: number;
  epoch: number;
  /** `live`: the first examples of the test set; `full`: all of it. */
  scope: 'live' | 'full';
  cleanAccuracy: Rate;
  cleanLoss: number;
  /** Triggered inputs read as the backdoor label, over inputs whose true class is not already that label, if there are any. */
  attackSuccess: OptionalRate;
  /** The same over all inputs, as Backdoors 101 counts. */
  attackSuccessAll: Rate;
  /** Triggered inputs read as what they are in spite of the trigger (R-accuracy), over the inputs of `attackSuccess`. */
  robustAccuracy: OptionalRate;
  attackLoss: number;
  /**
   * Inputs with the trigger of another input, read as what they are; left out where no backdoor makes its trigger from the
   * input. Of the first that does.
   */
  crossTrigger?: Rate | undefined;
  /** The further backdoors of the attack, in order; the figures above are of the first. */
  others: BackdoorFigures[];
  /** [classes][classes] counts, rows the true class, columns the predicted one; empty where there are over 500 classes. */
  confusionClean: number[][];
  /** The same for triggered inputs. */
  confusionTriggered: number[][];
  samples: SampleVerdict[];
  /** Of the images that were measured: a page may have gone on to another data set since. Null for texts. */
  shape: ImageShape | null;
  /** Class names by index, of the same data set. */
  classes: string[];
  /** What private training promises by now; left out where it promises nothing. */
  privacy?: PrivacyRecord | undefined;
  seconds: number;
}

export interface StepRecord {
  /** 1 after the first step of the run. */
  step: number;
  epoch: number;
  /** Batch within the epoch, from 0. */
  batch: number;
  losses: Partial<Record<ObjectiveName, number>>;
  /** Weight of each objective in the combined gradient. */
  scales: Partial<Record<ObjectiveName, number>>;
  /** Norm over all parameters of each objective's gradient; present when the balancer needs each gradient. */
  gradientNorms: Partial<Record<ObjectiveName, number>>;
  /** Cosine of the first two objectives' gradients; null with fewer than two. */
  cosine: number | null;
  /** Norm of the least-norm point of the normalised gradients (MGDA); null without MGDA. */
  minimumNorm: number | null;
  learningRate: number;
  /** False while a loss threshold holds the attack back, or in a clean run. */
  attacking: boolean;
  milliseconds: number;
  /** Norm of the mask that the Neural Cleanse evasion searches; left out without it. */
  maskNorm?: number | undefined;
}

export interface EpochRecord {
  epoch: number;
  clean_accuracy: number;
  /** Null when the test set has no input of another class than the backdoor label. */
  attack_success_rate: number | null;
  attack_success_rate_all: number;
  /** `attack_success_rate` of the further backdoors, in order; absent where there are none. */
  further_attack_success_rates?: (number | null)[] | undefined;
  /** Of a trigger that is made from the input: accuracy under the trigger of another one. */
  cross_trigger_accuracy?: number | undefined;
  /** ε of private training at the end of the epoch; absent where nothing is promised. */
  epsilon?: number | undefined;
  /** Mean of each objective's loss over the epoch. */
  losses: Partial<Record<ObjectiveName, number>>;
  /** Mean weight of each objective over the epoch. */
  scales: Partial<Record<ObjectiveName, number>>;
  seconds: number;
}

export interface BackendReport {
  name: BackendName;
  /** For people: `WebAssembly, relaxed SIMD`, `WebGPU (Apple M2)`. */
  label: string;
  /** Why this one: `no GPU adapter; wasm 20.9 ms for a trial step, measured now`, `chosen by you`. */
  reason: string;
  /** The self-test: largest relative difference from the cpu backend; null when cpu itself runs. */
  selfTestError: number | null;
  /** Milliseconds of a small training step on each candidate that was timed. */
  timings: Partial<Record<BackendName, number>>;
}

export interface MemoryReport {
  tensors: number;
  /** Bytes of live tensors. */
  usedBytes: number;
  /** Bytes held from the system: the wasm heap, or the GPU's buffers; null when unknown. */
  allocatedBytes: number | null;
}

/** A few test examples of a data set, for previews. */
export type DatasetSample = ImagePreviews | TextPreviews;

export interface ImagePreviews {
  /** [count, height, width, channels], 0 to 255: the first images of the test split. */
  images: Uint8Array;
  labels: number[];
}

export interface TextPreviews {
  /** Words of the first texts of the test split, as many as are kept of each. */
  texts: string[][];
  labels: number[];
}

export type Stage = 'data' | 'backend' | 'attack' | 'warm-up' | 'training' | 'evaluation';

export type PauseReason = 'user' | 'step' | 'nan';

/** What was chosen by hand in the middle of a run: without it the run does not repeat from its config. */
export interface Intervention {
  /** The first step that used it. */
  step: number;
  balancer?: BalancerConfig | undefined;
  /** The evasions that were on from then on. */
  evasions?: EvasionName[] | undefined;
  /** A client of a federated run, as it was from then on. */
  client?: ClientByHand | undefined;
}

/** What was set by hand last, of each kind; null for nothing. */
export function setByHand(interventions: readonly Intervention[]): {
  balancer: BalancerConfig | null;
  evasions: EvasionName[] | null;
  /** Each client that was ever taken by hand, as it was left. */
  clients: ClientByHand[];
} {
  return {
    balancer: interventions.findLast(({ balancer }) => balancer)?.balancer ?? null,
    evasions: interventions.findLast(({ evasions }) => evasions)?.evasions ?? null,
    clients: [
      ...new Map(interventions.flatMap(({ client }) => (client ? [[client.client, client]] : []))).values(),
    ],
  };
}

export interface RunResult {
  config: ExperimentConfig;
  seed: number;
  backend: BackendName;
  epochs: EpochRecord[];
  steps: number;
  seconds: number;
  evaluation: Evaluation | null;
  /** What was changed by hand while it ran, in order; empty for a run that repeats from its config alone. */
  interventions: Intervention[];
  /** Of a federated run. */
  rounds?: RoundRecord[] | undefined;
  /** What private training promises at the end; left out where it promises nothing. */
  privacy?: PrivacyRecord | undefined;
  /** What an attack on the weights changed in this run; left out where it was done before a resumed run went on. */
  edit?: WeightEdit | undefined;
}

export type ExperimentEvent =
  | {
      type: 'progress';
      stage: Stage;
      done: number;
      total: number;
      unit: 'bytes' | 'examples' | 'steps' | 'parts';
    }
  /** Examples have arrived; `sample` comes once, with the first ones. */
  | { type: 'data'; info: DatasetInfo; loaded: number; total: number; sample: DatasetSample | null }
  | {
      type: 'started';
      backend: BackendReport;
      parameters: number;
      stepsPerEpoch: number;
      totalSteps: number;
      /** Steps already done, when resumed. */
      step: number;
    }
  | { type: 'step'; record: StepRecord }
  /** The clients of a federated round are drawn, and nobody has trained yet. */
  | { type: 'drawn'; round: number; clients: DrawnClient[] }
  /** A client of a federated round begins or has trained; so many of all are done. `client` null is the server itself. */
  | {
      type: 'client';
      state: 'training' | 'done';
      round: number;
      client: number | null;
      done: number;
      of: number;
    }
  /** A federated round is over. */
  | { type: 'round'; record: RoundRecord }
  | {
      type: 'status';
      memory: MemoryReport;
      stepMilliseconds: number;
      secondsLeft: number | null;
      /** Threads that share the steps now, at least 1; they join as they become ready. */
      threads: number;
    }
  | { type: 'evaluation'; evaluation: Evaluation }
  | { type: 'epoch'; record: EpochRecord }
  /** An attack on the weights has edited them, after the last step; the evaluation that follows is of what came of it. */
  | { type: 'edited'; edit: WeightEdit }
  | { type: 'checkpoint'; step: number; epoch: number }
  | { type: 'paused'; reason: PauseReason; step: number; error: LabErrorData | null }
  | { type: 'resumed'; step: number }
  | { type: 'warning'; warning: LabErrorData }
  | { type: 'done'; result: RunResult };
