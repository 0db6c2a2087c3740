/** Small sayings of the bench. */
import type { DefenseConfig } from '../../core/config/schema-defense.ts';
import type { DefenseDefinition } from '../../core/defenses/defense.ts';
import { type DefenseId, defenses } from '../../core/defenses/definitions.ts';
import type { DefenseStage } from '../../core/defenses/events.ts';
import type { DefenseVerdict } from '../../core/defenses/result.ts';
import type { BenchModel } from '../../state/bench-models.ts';
import type { Trial } from '../../state/bench-trials.ts';
import { formatMeasure } from '../training/format.ts';

export const definitionOf = (id: DefenseId): DefenseDefinition => defenses[id];

export function defenseTitle({
  defense,
  variant,
}: {
  defense: DefenseConfig;
  variant: string | null;
}): string {
  const { title, variants } = definitionOf(defense.kind);
  const of = variants.find(({ id }) => id === variant);
  return of ? `${title}, ${of.title}` : title;
}

export const VERDICTS: Record<DefenseVerdict, string> = {
  backdoored: 'backdoored',
  clean: 'clean',
  undecided: 'undecided',
  repaired: 'repaired',
};

export function scoreWords(score: number | null): string {
  return score === null ? '–' : formatMeasure(score);
}

const STAGES: Record<DefenseStage, string> = {
  model: 'On the model',
  control: 'On a clean control',
  measure: 'Measuring',
};

/** `On the model: 340 of 1500 samples`. */
export function progressWords({ defense, phase, progress, evidence }: Trial): string {
  if (phase === 'waiting') return 'Waits its turn';
  if (!progress) return 'Starting';
  const { stage, done, total } = progress;
  const { flags } = definitionOf(defense.kind);
  const triggers = evidence.find((one) => one.kind === 'triggers');
  const whole = total <= 1;
  const parts = whole ? `${Math.round(100 * done)} %` : `${Math.round(done)} of ${Math.round(total)}`;
  const unit = whole ? '' : flags === 'inputs' && stage === 'model' ? ' samples' : ' steps';
  const ended = triggers?.triggers.filter(({ success }) => success === null).length ?? 0;
  const labels =
    triggers && stage === 'model'
      ? `, ${ended === 1 ? '1 label has' : `${ended} labels have`} a trigger`
      : '';
  return `${STAGES[stage]}: ${parts}${unit}${labels}`;
}

/** `step 240, trained here`. */
export function modelWords({ origin, step, knownTraining }: BenchModel): string {
  const steps = step === null ? '' : `step ${step.toLocaleString('en')}, `;
  switch (origin) {
    case 'live':
      return `${steps}as it is now`;
    case 'session':
      return `${steps}an earlier run`;
    case 'kept':
      return `${steps}kept in this browser`;
    case 'imported':
      return knownTraining
        ? 'from a file, with its experiment'
        : 'from a file; data and trigger are the draft’s';
  }
}

/** Names of metrics that people read; others stand as they are. */
export const METRICS: Readonly<Record<string, string>> = {
  true_positive_rate: 'True positives',
  false_positive_rate: 'False positives',
  auroc: 'AUROC',
  tpr_at_1_fpr: 'TPR at 1 % FPR',
  clean_accuracy_before: 'Clean accuracy before',
  clean_accuracy_after: 'Clean accuracy after',
  attack_success_before: 'Attack success before',
  attack_success_after: 'Attack success after',
  robust_accuracy_before: 'R-accuracy before',
  robust_accuracy_after: 'R-accuracy after',
  defense_effectiveness: 'DER',
};

/** Metrics that are fractions. */
export const isFraction = (name: string): boolean =>
  name in METRICS && name !== 'auroc' && name !== 'defense_effectiveness';

export function metricTitle(name: string): string {
  const words = name.replaceAll('_', ' ');
  return METRICS[name] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
