/** Whether a checkpoint may go on under the experiment that was given. */
import { equalValues } from '../core/config/delta.ts';
import type { ExperimentConfig } from '../core/config/schema.ts';
import { isRecord } from '../core/config/walk.ts';
import type { LabErrorData } from '../core/errors.ts';
import { LabError } from '../core/errors.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import { stepsPerEpochOf } from '../core/training/order.ts';

/** Keys that change what is shown and kept, not what is computed. */
const FREE = ['name', 'evaluation', 'checkpoints'];

/** The keys, dotted, whose values differ; lists differ as wholes. */
export function differingKeys(a: unknown, b: unknown, prefix = ''): string[] {
  if (!isRecord(a) || !isRecord(b)) return equalValues(a, b) ? [] : [prefix];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differingKeys(a[key], b[key], prefix === '' ? key : `${prefix}.${key}`),
  );
}

/**
 * The checkpoint with the experiment that was given, which may have more epochs, and another name, evaluation or backend.
 * @throws LabError E-CHECKPOINT that names the keys that differ otherwise
 */
export function resumeUnder(
  config: ExperimentConfig,
  checkpoint: Checkpoint,
  file: string,
): { checkpoint: Checkpoint; warnings: LabErrorData[] } {
  const differing = differingKeys(checkpoint.config, config).filter(
    (key) => !FREE.some((free) => key === free || key.startsWith(`${free}.`)),
  );
  const grown = config.training.epochs > checkpoint.config.training.epochs;
  const refused = differing.filter((key) => key !== 'backend' && !(key === 'training.epochs' && grown));
  if (refused.length > 0) {
    throw new LabError({
      code: 'E-CHECKPOINT',
      what: `The checkpoint was made by another experiment: ${refused.join(', ')} ${refused.length === 1 ? 'differs' : 'differ'}.`,
      why: 'A resumed run must equal the uninterrupted one; only training.epochs may grow.',
      fix: 'Give the experiment and settings that it was made with, or run without --resume to start over.',
      where: file,
    });
  }
  if (grown) assertMayGrow(config, file);
  const warnings: LabErrorData[] = [];
  if (differing.includes('backend')) {
    warnings.push({
      code: 'E-CHECKPOINT',
      what: `The checkpoint asked for the backend ${checkpoint.config.backend}, this run asks for ${config.backend}.`,
      why: 'Backends add numbers in different orders.',
      fix: 'It goes on, but not bit for bit as it would have.',
    });
  }
  if (differing.includes('training.epochs') && config.training.schedule === 'cosine') {
    warnings.push({
      code: 'E-CHECKPOINT',
      what: `The epochs grew from ${checkpoint.config.training.epochs} to ${config.training.epochs} under a cosine schedule.`,
      why: 'It lowers the learning rate over all epochs: those done so far had lower rates than in the longer run.',
      fix: 'It goes on, at the rates of the longer run; start over for a run that has them throughout.',
    });
  }
  return { checkpoint: { ...checkpoint, config }, warnings };
}

/** What was promised or done for the shorter run does not hold for a longer one. */
function assertMayGrow({ training, attack }: ExperimentConfig, file: string): void {
  const refuse = (why: string): LabError =>
    new LabError({
      code: 'E-CHECKPOINT',
      what: 'This run cannot go on for more epochs.',
      why,
      fix: 'Run without --resume to train the longer run from its start.',
      where: file,
    });
  if (training.privacy.kind === 'dp_sgd' && training.privacy.target_epsilon !== null)
    throw refuse(
      'Its noise was worked out for the epochs it had; in more of them it would spend more than the ε it was given.',
    );
  if (attack.enabled && attack.injection.kind === 'model')
    throw refuse('The attack has edited its weights after the last epoch, and would edit them again.');
}

/**
 * The position holds for the data set: so many steps in each epoch that is done.
 * @param trainExamples how many the data set has
 * @throws LabError E-CHECKPOINT
 */
export function assertPositionFits(
  { step, epoch, batch, config }: Checkpoint,
  trainExamples: number,
  file: string,
): void {
  const { start_epoch } = config.training;
  const examples = Math.min(trainExamples, config.task.train_examples ?? trainExamples);
  const perEpoch = stepsPerEpochOf(config, examples);
  if (batch <= perEpoch && step === (epoch - start_epoch) * perEpoch + batch) return;
  throw new LabError({
    code: 'E-CHECKPOINT',
    what: `The checkpoint is at step ${step} in epoch ${epoch}, batch ${batch}.`,
    why: `With ${examples} training examples an epoch has ${perEpoch} steps: no run is there.`,
    fix: 'Give the data set that it was made with, or start over without --resume.',
    where: file,
  });
}

/** Whether there is something in it that a new run would lose. */
export function isUnfinished({ step, epoch, config }: Checkpoint): boolean {
  return step > 0 && epoch <= config.training.epochs;
}
