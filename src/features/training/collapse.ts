import type { Evaluation } from '../../core/experiment/events.ts';
import type { Confusion } from './confusion.ts';

export interface Collapse {
  /** The class that the model gives for nearly everything. */
  label: number;
  /** Share of clean inputs read as that class, in [0, 1]. */
  clean: number;
  /** The same for triggered inputs. */
  triggered: number;
}

/** One class for so many clean inputs, and for so many more than truly are of it. */
const MOST = 0.6;
const MORE_THAN_TRUE = 0.3;

/**
 * Whether the model says one class for most clean inputs, whatever they show; null when it does not. Such a model reads
 * triggered inputs as that class as well, so its attack success tells of no backdoor.
 */
export function collapseOf({
  confusionClean,
  confusionTriggered,
}: Pick<Evaluation, 'confusionClean' | 'confusionTriggered'>): Collapse | null {
  for (let label = 0; label < confusionClean.length; label++) {
    const clean = shareReadAs(confusionClean, label);
    if (clean < MOST || clean - shareOf(confusionClean, label) < MORE_THAN_TRUE) continue;
    return { label, clean, triggered: shareReadAs(confusionTriggered, label) };
  }
  return null;
}

function shareReadAs(matrix: Confusion, label: number): number {
  return matrix.reduce((sum, row) => sum + (row[label] ?? 0), 0) / Math.max(1, totalOf(matrix));
}

function shareOf(matrix: Confusion, label: number): number {
  return (matrix[label] ?? []).reduce((sum, count) => sum + count, 0) / Math.max(1, totalOf(matrix));
}

function totalOf(matrix: Confusion): number {
  return matrix.reduce((total, row) => row.reduce((sum, count) => sum + count, total), 0);
}
