/**
 * What the defenses of the lab must show on MNIST: each on models of several seeds. `lab reproduce defenses` runs them, and
 * says which hold.
 */
import type { ExperimentInput } from '../config/schema.ts';
import type { DefenseDefinition } from '../defenses/defense.ts';
import { defenseMethods, type DefenseId } from '../defenses/definitions.ts';
import type { Metrics } from '../defenses/result.ts';
import { reproductionOf } from './reproductions.ts';

/** What is known of one seed. */
export interface Shown {
  /** Of the model that was defended; null where nothing was attacked. */
  attackSuccess: number | null;
  score: number | null;
  verdict: string | null;
  /** Labels that are flagged. */
  labels: readonly number[];
  metrics: Metrics;
  seconds: number;
}

export interface DefenseClaim {
  id: string;
  title: string;
  defense: { kind: DefenseId } & Record<string, unknown>;
  /** What the model is trained with, without a seed. */
  experiment: ExperimentInput;
  /** Whether the defense judges the shipped clean model too. */
  control: boolean;
  /** What is shown of each seed, in this order. */
  figures: readonly { title: string; of: (shown: Shown) => number | null }[];
  must: string;
  holds: (shown: Shown) => boolean;
  /** In which share of the seeds it must hold. */
  share: number;
  /** Why it does not hold, where that is known; shown where it does not. */
  note?: string;
}

/** By the id of a claim. */
const NOTES: Partial<Record<string, string>> = {
  clp: 'SimpleNet has two convolutions with 70 channels in all and no batch normalisation. The channels that carry the trigger are not far from the mean of their layer: at the published three deviations a channel or two are pruned, and the backdoor lives on in the others.',
};

const TARGET = 8;

/** All seeds but one of five. */
const MOST = 0.8;

const patternAttack = (): ExperimentInput => configOf('badnets');

function configOf(id: string): ExperimentInput {
  const found = reproductionOf(id);
  if (!found) throw new RangeError(`no reproduction ${id}`);
  return found.config;
}

/** The blind attack with an evasion in its balance, trained for longer: it has more to learn. */
function evading(evasion: object, epochs = 2): ExperimentInput {
  const { training, attack, ...rest } = configOf('blind');
  return {
    ...rest,
    name: 'Blind attack with an evasion',
    training: { ...training, epochs },
    attack: { ...attack, evasions: evasion },
  };
}

const metric =
  (name: string) =>
  ({ metrics }: Shown): number | null =>
    metrics[name] ?? null;

const ASR = { title: 'ASR', of: ({ attackSuccess }: Shown) => attackSuccess };
const INDEX = { title: 'index', of: ({ score }: Shown) => score };
const LOW_RATE = { title: 'TPR at 1 % FPR', of: metric('tpr_at_1_fpr') };
const AUROC = { title: 'AUROC', of: metric('auroc') };
const ASR_AFTER = { title: 'ASR after', of: metric('attack_success_after') };
const CLEAN_AFTER = { title: 'clean after', of: metric('clean_accuracy_after') };

const atLeast = (value: number | null, least: number): boolean => value !== null && value >= least;
const below = (value: number | null, most: number): boolean => value !== null && value < most;

function neuralCleanse(): DefenseClaim[] {
  const of = { defense: { kind: 'neural_cleanse' as const }, control: false, share: MOST };
  const clean = { ...patternAttack(), name: 'Clean control', attack: { enabled: false } };
  return [
    {
      ...of,
      id: 'neural-cleanse',
      title: 'Neural Cleanse, pattern in 5 % of the training set',
      experiment: patternAttack(),
      figures: [ASR, INDEX, { title: 'seconds', of: ({ seconds }) => seconds }],
      must: `label ${TARGET} flagged in 4 of 5 seeds`,
      holds: ({ verdict, labels }) => verdict === 'backdoored' && labels.includes(TARGET),
    },
    {
      ...of,
      id: 'neural-cleanse-clean',
      title: 'Neural Cleanse, clean model',
      experiment: clean,
      figures: [INDEX],
      must: 'nothing flagged in 4 of 5 seeds',
      holds: ({ verdict }) => verdict !== 'backdoored',
    },
    {
      ...of,
      id: 'neural-cleanse-evaded',
      title: 'Neural Cleanse, blind attack that evades it',
      experiment: evading({ neural_cleanse: { enabled: true } }),
      figures: [ASR, INDEX],
      must: `ASR 0.95 and label ${TARGET} not flagged in 4 of 5 seeds`,
      holds: ({ attackSuccess, labels }) => atLeast(attackSuccess, 0.95) && !labels.includes(TARGET),
    },
  ];
}

function guards(): DefenseClaim[] {
  const guard = (kind: 'strip' | 'sentinet', title: string, least: number): DefenseClaim[] => [
    {
      id: kind,
      title: `${title}, pattern in 5 % of the training set`,
      defense: { kind },
      control: false,
      share: 1,
      experiment: patternAttack(),
      figures: [ASR, LOW_RATE, AUROC],
      must: `TPR ${least} at 1 % FPR`,
      holds: ({ metrics }) => atLeast(metrics['tpr_at_1_fpr'] ?? null, least),
    },
    {
      id: `${kind}-evaded`,
      title: `${title}, blind attack that evades it`,
      defense: { kind },
      control: false,
      share: 1,
      experiment: evading({ [`${kind}_evasion`]: { enabled: true } }),
      figures: [ASR, LOW_RATE, AUROC],
      must: 'ASR 0.95 and TPR below 0.3 at 1 % FPR',
      holds: ({ attackSuccess, metrics }) =>
        atLeast(attackSuccess, 0.95) && below(metrics['tpr_at_1_fpr'] ?? null, 0.3),
    },
  ];
  return [...guard('strip', 'STRIP', 0.95), ...guard('sentinet', 'SentiNet', 0.85)];
}

function filters(): DefenseClaim[] {
  return defenseMethods
    .filter(({ kind }) => kind === 'filters_data')
    .map(({ id, title }) => ({
      id: id.replaceAll('_', '-'),
      title: `${title}, pattern in 5 % of the training set`,
      defense: { kind: id as DefenseId, retrain: true },
      control: true,
      share: 1,
      experiment: patternAttack(),
      figures: [ASR, AUROC, ASR_AFTER, CLEAN_AFTER],
      must: 'AUROC 0.98, and ASR below 0.05 after training without what is flagged',
      holds: ({ metrics }) =>
        atLeast(metrics['auroc'] ?? null, 0.98) && below(metrics['attack_success_after'] ?? null, 0.05),
    }));
}

/** Whatever repairs a model, or trains another one. */
function repairs(): DefenseClaim[] {
  const repairing = ({ kind }: DefenseDefinition): boolean =>
    kind === 'repairs_model' || kind === 'changes_training';
  return defenseMethods.filter(repairing).map(({ id, title }) => ({
    id: id.replaceAll('_', '-'),
    title: `${title}, pattern in 5 % of the training set`,
    defense: { kind: id as DefenseId },
    control: false,
    share: 1,
    experiment: patternAttack(),
    figures: [ASR, ASR_AFTER, { title: 'clean', of: metric('clean_accuracy_before') }, CLEAN_AFTER],
    must: 'ASR below 0.1, clean accuracy down by 0.03 at most',
    holds: ({ metrics }) =>
      below(metrics['attack_success_after'] ?? null, 0.1) &&
      atLeast(metrics['clean_accuracy_after'] ?? null, (metrics['clean_accuracy_before'] ?? 1) - 0.03),
  }));
}

/** All of them; those of filters and repairs come from the list of the defenses. */
export const DEFENSE_CLAIMS: readonly DefenseClaim[] = [
  ...neuralCleanse(),
  ...guards(),
  ...filters(),
  ...repairs(),
].map((claim) => {
  const note = NOTES[claim.id];
  return note === undefined ? claim : { ...claim, note };
});
