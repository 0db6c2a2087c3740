/** What a defense works with. It sees no truth: neither the trigger nor which examples are poisoned, unless it says so. */
import type { z } from 'zod';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { Evidence } from '../../core/defenses/evidence.ts';
import type { ExampleSet } from '../../core/defenses/example-set.ts';
import type { Finding } from '../../core/defenses/result.ts';
import { cancelledError } from '../../core/errors.ts';
import type { DatasetInfo } from '../../core/datasets/dataset.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import type { SpawnHelper } from '../parallel/messages.ts';
import { yieldTask } from '../training/yield-task.ts';

export interface DefenseContext {
  /** The model in question; a method changes none of its arrays. */
  weights: ModelWeights;
  info: DatasetInfo;
  /**
   * Clean labelled examples that the defender holds, in an order drawn from the seed: one half of the test set. The frame
   * measures on the other half.
   */
  clean: ExampleSet;
  /** The training set as the attack left it, with its labels; null where nobody knows it. */
  training: ExampleSet | null;
  /** What a guard judges, clean and triggered inputs mixed; their labels are all 0. Null for other kinds of defense. */
  inputs: ExampleSet | null;
  /**
   * The same images without and with the trigger, those that the defender does not hold; for methods that say that they need
   * the trigger (`needs.trigger`), null for all others.
   */
  pairs: { clean: ExampleSet; triggered: ExampleSet } | null;
  /** How the model was trained, for methods that train as it was; null where nobody knows. Its attack is not for methods. */
  experiment: ExperimentConfig | null;
  /** Everything drawn at random comes from `randomStream(seed, id of the method, ...)`. */
  seed: number;
  signal: AbortSignal;
  /** How far it is, in steps of any size. */
  progress: (done: number, total: number) => void;
  /** Shows evidence, at once and in the result; that of an id that was shown before takes its place. */
  show: (evidence: Evidence) => void;
  /** Starts a helper thread for the wasm backend, and how many there may be; null computes on this thread alone. */
  helpers: { spawn: SpawnHelper; count: number } | null;
}

/**
 * A defense at work. It leaves no tensor behind, whatever happens.
 * @throws LabError E-DEFENSE where it cannot work, E-CANCELLED within one step when the signal aborts
 */
export type DefenseRun<P extends z.ZodObject = z.ZodObject> = (
  context: DefenseContext,
  params: z.output<P>,
) => Promise<Finding>;

/**
 * Between two steps: lets messages in, and stops where that was asked for.
 * @throws LabError E-CANCELLED
 */
export async function breathe(signal: AbortSignal): Promise<void> {
  await yieldTask();
  if (signal.aborted) throw cancelledError();
}
