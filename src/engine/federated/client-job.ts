/** What one client does in a round, as it travels to the thread that does it. */
import type { BalancerConfig, ObjectiveName, OptimizerConfig } from '../../core/config/schema.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import type { StepTask } from '../../core/training/tasks.ts';

export interface ClientJob {
  /** Its steps, epoch after epoch. */
  epochs: StepTask[][][];
  optimizer: OptimizerConfig;
  learningRate: number;
  balancer: BalancerConfig | null;
  /** Weight of the squared distance to the global model in the loss, beside the rest for the other objectives; 0 for none. */
  anomalyWeight: number;
  /** The local model is brought back within this distance of the global one after each epoch; null for none. */
  normBound: number | null;
  /** 1 for each value that may change, 0 for one that must not; null lets all change. */
  mask: Uint8Array | null;
  /** What the local model is measured on, clean and triggered; null measures nothing. */
  probe: { clean: LabelledImages; triggered: LabelledImages } | null;
}

export interface ClientResult {
  /** Local values minus the global ones, all of the network one after another. */
  delta: Float32Array<ArrayBuffer>;
  /** Mean of each objective over its steps. */
  losses: Partial<Record<ObjectiveName, number>>;
  steps: number;
  /** Of the probe: how many clean inputs it reads as what they are, and triggered ones as the backdoor wants. */
  probe: { clean: number; triggered: number } | null;
  milliseconds: number;
}
