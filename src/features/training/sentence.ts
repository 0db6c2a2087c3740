import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { Evaluation, PauseReason } from '../../core/experiment/events.ts';
import { collapseOf, type Collapse } from './collapse.ts';
import { formatPercent } from './format.ts';

/** What one example is called, and with the trigger: `digit`, `digits`, `stamped`. */
export interface Noun {
  one: string;
  many: string;
  triggered: string;
}

export interface RunFacts {
  phase: 'ready' | 'preparing' | 'running' | 'paused' | 'stopped' | 'done';
  pauseReason: PauseReason | null;
  /** Optimizer steps done. */
  step: number;
  evaluation: Evaluation | null;
  /** Whether the newest step attacked; null before the first. */
  attacking: boolean | null;
  /** What a run of this experiment starts from. */
  weights: ExperimentConfig['task']['weights'];
  attack: Pick<ExperimentConfig['attack'], 'enabled' | 'label' | 'injection'>;
  /** Class names. */
  classes: readonly string[];
  noun: Noun;
}

/** Below this the attack has not taken hold, above the other it has; between it is on its way. Fractions. */
const TAKEN_HOLD = 0.9;
const ON_ITS_WAY = 0.5;

type Start = Readonly<Record<RunFacts['weights'], (many: string) => string>>;

const ATTACKS: Start = {
  random: (many) => `the network will learn to read ${many}, and`,
  pretrained: (many) => `the network reads ${many} already, and will learn`,
  imported: () => 'the imported network will learn',
};
const CONTROLS: Start = {
  random: (many) => `the network will learn to read ${many}`,
  pretrained: (many) => `the network reads ${many} already and goes on learning`,
  imported: () => 'the imported network goes on learning',
};

/** What happened, in one or two plain sentences: the line under the charts. */
export function describeRun(facts: RunFacts): string {
  const { evaluation, step, noun } = facts;
  if (facts.phase === 'paused' && facts.pauseReason === 'nan') {
    return `Paused at step ${step}: the loss is no longer a number. Go on at half the learning rate, as offered above, or lower it yourself and run again.`;
  }
  if (evaluation === null) return beforeFirstFigures(facts);
  const reads = `the network reads ${formatPercent(evaluation.cleanAccuracy.value)} of clean ${noun.many} right`;
  if (isMeasuredAlone(evaluation)) return measuredAlone(facts, evaluation, reads);
  const collapse = collapseOf(evaluation);
  if (collapse !== null) return collapsed(facts, collapse, evaluation, openingOf(facts));
  const opening = `${openingOf(facts)} ${reads}`;
  if (!facts.attack.enabled) {
    if (evaluation.attackSuccess.value === null)
      return `${opening}. Nothing attacked it. ${unmeasured(facts)}`;
    return `${opening}. Nothing attacked it: it reads ${stamped(facts, '')}, and that is the control.`;
  }
  if (facts.attacking === false && !isEdited(facts)) return `${opening}. ${waiting(facts)}`;
  const success = evaluation.attackSuccess.value;
  if (success === null) return `${opening}. ${unmeasured(facts)}`;
  if (success >= TAKEN_HOLD) return `${opening}, and ${stamped(facts, '')}.`;
  const isOver = facts.phase === 'done' || facts.phase === 'stopped';
  if (success >= ON_ITS_WAY) return `${opening}, and ${isOver ? '' : 'already '}${stamped(facts, '')}.`;
  return `${opening}, but the attack has not taken hold: it reads ${stamped(facts, 'only ')}.`;
}

/** Figures of the whole test set before any step: of a model that was measured without a run. */
function isMeasuredAlone({ scope, step }: Evaluation): boolean {
  return scope === 'full' && step === 0;
}

function measuredAlone(facts: RunFacts, evaluation: Evaluation, reads: string): string {
  const opening = 'Measured without training:';
  const collapse = collapseOf(evaluation);
  if (collapse !== null) return collapsed(facts, collapse, evaluation, opening);
  const success = evaluation.attackSuccess.value;
  if (success === null) return `${opening} ${reads}. ${unmeasured(facts)}`;
  return success >= ON_ITS_WAY
    ? `${opening} ${reads}, and ${stamped(facts, '')}.`
    : `${opening} ${reads}, and ${stamped(facts, 'only ')}: this trigger does not fire in it.`;
}

/** One class for nearly everything: neither reading nor a backdoor, however great the attack success looks. */
function collapsed(
  { classes, noun }: RunFacts,
  collapse: Collapse,
  { cleanAccuracy, step, scope }: Evaluation,
  opening: string,
): string {
  const every = collapse.clean >= 0.9 ? `nearly every clean ${noun.one}` : `most clean ${noun.many}`;
  const label = classes[collapse.label] ?? String(collapse.label);
  const both = collapse.triggered >= 0.5 ? `, ${noun.triggered} or not` : '';
  const verdict =
    step === 0 && scope === 'live' ? 'it has yet to learn' : 'that is a collapsed model, not a backdoor';
  return `${opening} the network reads ${every} as ${label}${both}, so only ${formatPercent(cleanAccuracy.value)} are right: ${verdict}.`;
}

function beforeFirstFigures(facts: RunFacts): string {
  const { attack, noun } = facts;
  switch (facts.phase) {
    case 'preparing':
      return 'Getting ready: data, backend, warm-up.';
    case 'running':
      return 'Training has begun; the first figures come with the first evaluation.';
    case 'stopped':
      return 'Stopped before the first evaluation.';
    case 'done':
      return 'The run is over; nothing was evaluated.';
    case 'ready':
    case 'paused':
      return attack.enabled
        ? `Press Run: ${ATTACKS[facts.weights](noun.many)} to read every ${noun.triggered} ${noun.one} as ${goal(facts)}.`
        : `Press Run: ${CONTROLS[facts.weights](noun.many)}, without an attack; the trigger is only watched, as a control.`;
  }
}

function openingOf({ phase, evaluation, step }: RunFacts): string {
  const at = evaluation?.step ?? step;
  const after = at === 0 ? 'before the first step' : `after ${counted(at, 'step')}`;
  switch (phase) {
    case 'done':
      return `Done: ${after}`;
    case 'paused':
      return `Paused: ${after}`;
    case 'stopped':
      return `Stopped: ${after}`;
    case 'ready':
    case 'preparing':
    case 'running':
      return `${after.charAt(0).toUpperCase()}${after.slice(1)}`;
  }
}

/** An attack on the weights has no steps: it comes after them. */
function isEdited({ attack, phase }: RunFacts): boolean {
  return attack.injection.kind === 'model' && phase === 'done';
}

function waiting({ attack, noun }: RunFacts): string {
  if (attack.injection.kind === 'model')
    return `The attack comes after the last step, when the weights are edited; until then ${noun.triggered} ${noun.many} are read as what they are.`;
  const threshold = attack.injection.kind === 'loss' ? attack.injection.loss_threshold : null;
  return threshold === null
    ? `The attack is not at work in these steps.`
    : `The attack waits: it starts once the mean normal loss is below ${threshold}, so ${noun.triggered} ${noun.many} are still read as what they are.`;
}

function stamped(facts: RunFacts, before: string): string {
  const value = facts.evaluation?.attackSuccess.value ?? 0;
  return `${before}${ofHundred(value)} of 100 ${facts.noun.triggered} ${facts.noun.many} as ${goal(facts)}`;
}

/** Attack success needs inputs that the trigger could turn into something else. */
function unmeasured(facts: RunFacts): string {
  return `Attack success cannot be measured: no test input is anything but ${goal(facts)} already.`;
}

function goal({ attack, classes, noun }: RunFacts): string {
  const { label } = attack;
  switch (label.kind) {
    case 'one_target':
    case 'source_specific':
      return classes[label.target] ?? String(label.target);
    case 'all_to_all':
      return label.shift === 1 ? `the next ${noun.one}` : `the class ${label.shift} further on`;
    case 'digits':
      return `the ${label.operation} of the two digits`;
    case 'attribute':
      return `the ${label.name}`;
  }
}

/** How many of 100; never all or none by rounding alone. */
function ofHundred(value: number): string {
  if (value > 0.995 && value < 1) return 'more than 99';
  if (value > 0 && value < 0.005) return 'fewer than 1';
  return String(Math.round(value * 100));
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
