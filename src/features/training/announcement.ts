import type { Evaluation } from '../../core/experiment/events.ts';
import { formatPercent } from './format.ts';

/** What a screen reader says of the figures: only those of the whole test set, once an epoch, or it would never rest. */
export function announcement(full: Evaluation | null): string {
  if (full === null) return '';
  const clean = formatPercent(full.cleanAccuracy.value);
  const success = full.attackSuccess.value;
  const attack = success === null ? 'not measured' : formatPercent(success);
  return `Epoch ${full.epoch}, step ${full.step}: clean accuracy ${clean}, attack success ${attack}.`;
}
