/** What a defense says in the end. */
import type { ModelWeights } from '../experiment/weights.ts';
import type { Evidence } from './evidence.ts';

/** `repaired`: it judges nothing, and gives another model. */
export type DefenseVerdict = 'backdoored' | 'clean' | 'undecided' | 'repaired';

export type Metrics = Record<string, number | null>;

/** What a method itself finds out, without the truth. */
export interface Finding {
  verdict: DefenseVerdict;
  /** What the verdict hangs on (`DefenseDefinition.score`); null where the method has no such number. */
  score: number | null;
  /** Labels, inputs, training examples or units (`DefenseDefinition.flags`), ascending. */
  flagged: number[];
  /** Figures that the method knows by itself. */
  metrics: Metrics;
  /**
   * Of a guard, how suspicious each of `context.inputs` is; of a filter, each of `context.training`; NaN for what was not
   * judged. Higher is more suspicious: a method whose low scores are suspicious negates them. From it the frame makes ROC
   * and rates, which need the truth.
   */
  suspicion?: Float64Array;
  /** Suspicion over which the method flags. */
  threshold?: number;
  /** The model that came out of a repair or of a changed training. */
  weights?: ModelWeights;
  /** Of a method that prunes. */
  course?: PruningCourse;
}

/** Models on the way of a pruning, of which the frame measures what only the truth tells. */
export interface PruningCourse {
  /** How many channels are pruned at each place, ascending. */
  counts: number[];
  /** The place that the method chose. */
  chosen: number;
  modelAt: (count: number) => ModelWeights;
}

export interface DefenseResult {
  id: string;
  verdict: DefenseVerdict;
  score: number | null;
  flagged: number[];
  /** The method's own, and what only the truth tells, such as `auroc` or `attack_success_after`; null is not measured. */
  metrics: Metrics;
  /** Of the method alone: without the control, and without measuring. */
  seconds: number;
  /** What the same method says of a clean model. */
  control: { verdict: DefenseVerdict; score: number | null } | null;
  evidence: Evidence[];
  weights: ModelWeights | null;
}
