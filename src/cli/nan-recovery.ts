/** Ways on after a loss that was not finite, from one command to the next: the checkpoint remembers what was tried. */
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import { planRecovery, recoveryWords, withFailure } from '../core/experiment/recovery.ts';
import type { CheckpointFile } from './checkpoint-file.ts';
import type { Terminal } from './output.ts';
import { printLine } from './output.ts';
import { commandLine } from './run-report.ts';
import type { RunOptions, Start } from './run.ts';

/** Writes the failure of a step into the checkpoint, and says how to go on. */
export async function noteNan(
  failedStep: number,
  store: CheckpointFile,
  file: string,
  options: RunOptions,
  { err }: Terminal,
): Promise<void> {
  // What is at the checkpoint's place may be another run's.
  if (store.savedStep === null && !options.resume) return;
  const newest = await store.load().catch(() => null);
  if (!newest) return;
  const marked = withFailure(newest, failedStep);
  // Without the mark it goes on from the newest.
  await store.save(marked).catch(() => undefined);
  const plan = planRecovery(marked, await store.loadOlder(), failedStep);
  const words = recoveryWords(plan, marked);
  if (words) printLine(err, words.why);
  const place = words?.place ?? `the checkpoint of step ${newest.step}`;
  printLine(err, `To go on from ${place} at half the learning rate:`);
  printLine(err, `  ${commandLine(file, options, ['--resume', '--halve-lr'])}`);
}

/**
 * Where `--resume --halve-lr` goes on: from the checkpoint, or further back where that led to the same failure again.
 * A run that did not fail goes on from its checkpoint, at half the learning rate.
 */
export async function recoverFromNan(
  newest: Checkpoint,
  store: CheckpointFile,
  err: NodeJS.WritableStream,
): Promise<Start> {
  const learningRateFactor = newest.learningRateFactor / 2;
  if (!newest.recovery || newest.recovery.done) {
    const checkpoint = { ...newest, learningRateFactor };
    await store.save(checkpoint);
    return { checkpoint, fresh: null };
  }
  const plan = planRecovery(newest, await store.loadOlder(), newest.recovery.step);
  const words = recoveryWords(plan, newest);
  if (words) printLine(err, `${words.why} The run goes back to ${words.place}, at ${words.rate}.`);
  // Kept at once: should the loss fail again before the next checkpoint, the rate is halved again.
  if (plan.checkpoint) await store.save(plan.checkpoint);
  return { checkpoint: plan.checkpoint, fresh: plan.checkpoint ? null : plan };
}
