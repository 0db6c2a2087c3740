/** What is told while defenses run. */
import type { DefenseId } from './definitions.ts';
import type { Evidence } from './evidence.ts';
import type { DefenseResult } from './result.ts';

/** `model`: the model in question; `control`: training the clean one, and the method on it; `measure`: what the truth tells. */
export type DefenseStage = 'model' | 'control' | 'measure';

export type DefenseEvent =
  | {
      type: 'defense-progress';
      id: DefenseId;
      stage: DefenseStage;
      done: number;
      total: number;
      /** Of this stage, at the pace so far; null until there is one. */
      secondsLeft: number | null;
    }
  /** Of the model in question, as soon as there is something to see. */
  | { type: 'defense-evidence'; id: DefenseId; evidence: Evidence }
  | { type: 'defense-done'; result: DefenseResult };
