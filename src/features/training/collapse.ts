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
  const clean = sharesReadAs(confusionClean);
  const label = clean.indexOf(Math.max(...clean));
  const share = clean[label] ?? 0;
  if (share < MOST || share - shareOf(confusionClean, label) < MORE_THAN_TRUE) return null;
  return { label, clean: share, triggered: sharesReadAs(confusionTriggered)[label] ?? 0 };
}

/** Of each class, the share of all inputs that are read as it. */
function sharesReadAs(matrix: Confusion): number[] {
  const sums = new Array<number>(matrix.length).fill(0);
  for (const row of matrix) row.forEach((count, label) => (sums[label] = (sums[label] ?? 0) + count));
  const total = Math.max(1, totalOf(matrix));
  return sums.map((sum) => sum / total);
}

function shareOf(matrix: Confusion, label: number): number {
  return (matrix[label] ?? []).reduce((sum, count) => sum + count, 0) / Math.max(1, totalOf(matrix));
}

function totalOf(matrix: Confusion): number {
  return matrix.reduce((total, row) => row.reduce((sum, count) => sum + count, total), 0);
}
