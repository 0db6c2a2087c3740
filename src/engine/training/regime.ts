/** How a run trains: in one place, or over federated clients. The run loop asks it for one step after another. */
import type { StepRecord } from '../../core/experiment/events.ts';
import type { WeightEdit } from '../../core/experiment/weight-edit.ts';
import type { RoundRecord } from '../../core/experiment/round.ts';
import type { NamedArray } from '../../core/experiment/weights.ts';
import type { PrivacyRecord } from '../../core/privacy/plan.ts';
import type { RunState } from './run-state.ts';

/** What one step came to. */
export interface RegimeStep {
  numbers: Pick<StepRecord, 'losses' | 'scales' | 'gradientNorms' | 'cosine' | 'minimumNorm' | 'maskNorm'>;
  /** False when a loss or gradient was not finite: nothing was updated. */
  finite: boolean;
  /** False in a clean run, and while the attack waits. */
  attacking: boolean;
}

export interface Regime {
  readonly stepsPerEpoch: number;
  /**
   * The step that follows what `state` says is done: the same for a seed and position, whatever ran before.
   * @param gate waits while a person has paused, for steps of several parts; the network is then as before the step
   */
  step(state: RunState, learningRate: number, gate: () => Promise<void>): Promise<RegimeStep>;
  /**
   * What is to be done to the network once the last step is done, before it is measured; null where nothing is.
   * @throws LabError E-MODEL where the attack cannot edit this network, E-CANCELLED
   */
  edit?(): Promise<WeightEdit | null>;
  /**
   * What is promised of single examples or clients after so many steps; null where nothing is.
   * @param live null too where counting takes so long that it would be felt
   * @param rounds so far, of a federated run
   */
  promised?(steps: number, live: boolean, rounds: readonly RoundRecord[]): PrivacyRecord | null;
  /** What a checkpoint keeps beside the weights, such as the slots of an optimizer. */
  slots(): Promise<NamedArray[]>;
  /** @throws LabError E-CHECKPOINT for slots of another experiment */
  restore(slots: readonly NamedArray[]): void;
  dispose(): void;
}
