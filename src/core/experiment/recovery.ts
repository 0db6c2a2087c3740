/**
 * Ways on after a loss that was not finite. A checkpoint may be finite and past saving: its weights had grown without
 * bound already. So each failure at nearly the same step goes one place further back, at half the learning rate each time.
 */
import { equalValues } from '../config/delta.ts';
import type { Checkpoint } from './checkpoint.ts';

/** The newest checkpoint, the older one beside it, or the starting weights. */
export type RecoveryStart = 'newest' | 'older' | 'start';

/** A loss that was not finite, and from where the run goes on, or has gone on. */
export interface NanRecovery {
  /** The step that failed. */
  step: number;
  from: RecoveryStart;
  /** False until the run has gone on from there. */
  done: boolean;
}

/** Where a run starts when it has no checkpoint to go on from. */
export interface FreshStart {
  /** Of the learning rate of the experiment. */
  learningRateFactor: number;
  recovery: NanRecovery;
}

export interface RecoveryPlan extends FreshStart {
  /** What it goes on from, at the lower rate; null for the starting weights. */
  checkpoint: Checkpoint | null;
}

/** A failure at most so many steps behind the last one is the same failure again. */
const NEAR_STEPS = 50;

/** A loss of so many times that of a guess is no longer training. */
const ABSURD = 100;

/** Whether a run at `step` has left the failure behind that it recovered from. */
export function isPast({ step: failed }: NanRecovery, step: number): boolean {
  return step > failed + NEAR_STEPS;
}

/** From where to go on after the failure of a step, if all places are there; the newest may be the starting weights. */
export function nextStart(last: NanRecovery | null | undefined, failedStep: number): RecoveryStart {
  if (!last || isPast(last, failedStep)) return 'newest';
  if (!last.done) return last.from;
  return last.from === 'newest' ? 'older' : 'start';
}

/** The checkpoint with a failure that somebody has yet to answer: for a run that ends at it. */
export function withFailure(newest: Checkpoint, failedStep: number): Checkpoint {
  const from = nextStart(newest.recovery, failedStep);
  return { ...newest, recovery: { step: failedStep, from, done: false } };
}

/** Whether the last normal loss of a checkpoint says that its weights had grown without bound. */
export function hasExploded({ normalLosses, weights }: Checkpoint): boolean {
  const last = normalLosses.at(-1);
  return last !== undefined && !(last <= ABSURD * Math.log(Math.max(2, weights.classes)));
}

/**
 * The way on after the failure of a step; places that are missing or exploded are passed over.
 * @param older what was kept beside the newest; one of another experiment, or not behind the newest, does not count
 */
export function planRecovery(newest: Checkpoint, older: Checkpoint | null, failedStep: number): RecoveryPlan {
  const first = nextStart(newest.recovery, failedStep);
  const behind = older !== null && older.step < newest.step && isSameExperiment(older, newest) ? older : null;
  const places: [RecoveryStart, Checkpoint | null][] = [
    ['newest', first === 'newest' || newest.step === 0 ? newest : null],
    ['older', first === 'start' ? null : behind],
  ];
  const learningRateFactor = newest.learningRateFactor / 2;
  for (const [from, place] of places) {
    if (place === null || hasExploded(place)) continue;
    const recovery = { step: failedStep, from, done: true };
    return {
      recovery,
      checkpoint: { ...place, config: newest.config, learningRateFactor, recovery },
      learningRateFactor,
    };
  }
  return { recovery: { step: failedStep, from: 'start', done: true }, checkpoint: null, learningRateFactor };
}

/** What a plan that goes further back than the newest checkpoint does, and why, for people; null for one that does not. */
export function recoveryWords(
  { recovery, checkpoint, learningRateFactor }: RecoveryPlan,
  newest: Checkpoint,
): { why: string; place: string; rate: string } | null {
  if (recovery.from === 'newest') return null;
  const rate = `1/${Math.round(1 / learningRateFactor)} of the learning rate`;
  const again = nextStart(newest.recovery, recovery.step) !== 'newest';
  const why = again
    ? `The way it went on before led there again, at nearly the same step.`
    : `The checkpoint of step ${newest.step} is past saving: its weights had grown without bound already.`;
  const place =
    checkpoint === null || checkpoint.step === 0
      ? 'the starting weights'
      : `the older checkpoint of step ${checkpoint.step}`;
  return { why, place, rate };
}

/** The same but for what a run may change on its way: backend, epochs, and what is shown and kept. */
function isSameExperiment(a: Checkpoint, b: Checkpoint): boolean {
  return equalValues(computed(a), computed(b));
}

function computed({ config: { task, attack, training, seed } }: Checkpoint): unknown {
  return { task, attack, training: { ...training, epochs: 0 }, seed };
}
