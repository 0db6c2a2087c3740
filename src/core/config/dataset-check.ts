/** What can be checked of an experiment only when its data set is known. */
import type { DatasetInfo } from '../datasets/dataset.ts';
import { LabError } from '../errors.ts';
import { synthesizerFor } from '../synthesizers/create.ts';
import { architectureOf } from '../models/architectures.ts';
import { inputShapeOf } from '../models/input-of.ts';
import { assertClippableLayers } from '../privacy/clippable.ts';
import { checkLabel } from '../triggers/labels.ts';
import { ConfigError, parseDotted, type ConfigProblem } from './problem.ts';
import type { ExperimentConfig } from './schema.ts';
import { IMAGE_EVASIONS } from './schema-evasion.ts';

/**
 * Problems between an experiment and its data: a target class that does not exist (E-CONFIG-VALUE), a trigger that is
 * empty or does not fit the images (E-TRIGGER). Empty when all fits. A clean run is checked too: its trigger is
 * evaluated as a control.
 */
export function checkAgainstDataset(config: ExperimentConfig, info: DatasetInfo): ConfigProblem[] {
  const first = { ...config.attack, at: 'attack' };
  const others = config.attack.others.map((other, index) => ({ ...other, at: `attack.others[${index}]` }));
  const fits = [first, ...others].flatMap(({ label, synthesizer, at }) => [
    ...problemsFrom(() => checkLabel(label, info.classes.length, `${at}.label`)),
    ...problemsFrom(() => synthesizerFor(synthesizer, info, 0, `${at}.synthesizer`)),
  ]);
  return [
    ...problemsFrom(() => checkModel(config, info)),
    ...problemsFrom(() => checkClassWeights(config, info)),
    ...problemsFrom(() => checkEvasions(config, info)),
    ...problemsFrom(() => checkPrivacy(config, info)),
    ...fits,
  ];
}

/** @throws ConfigError (E-CONFIG-VALUE, E-TRIGGER) when the experiment does not fit the data. */
export function assertFitsDataset(config: ExperimentConfig, info: DatasetInfo): void {
  const problems = checkAgainstDataset(config, info);
  if (problems.length > 0) throw new ConfigError(problems);
}

function checkModel({ task: { model } }: ExperimentConfig, info: DatasetInfo): void {
  const { title, input } = architectureOf(model);
  if (input === info.kind) return;
  throw new LabError({
    code: 'E-CONFIG-VALUE',
    what: `${title} reads ${input}, and ${info.title} holds ${info.kind === 'text' ? 'texts' : 'images'}.`,
    why: 'A model takes inputs of one kind.',
    fix: info.kind === 'text' ? 'Choose a model for texts.' : 'Choose a model for images.',
    where: 'task.model',
  });
}

function checkClassWeights(
  { training: { sampling, class_weights: weights } }: ExperimentConfig,
  { title, classes }: DatasetInfo,
): void {
  if (sampling !== 'weighted' || weights.length === classes.length) return;
  throw new LabError({
    code: 'E-CONFIG-VALUE',
    what: `There are ${weights.length} class weights, and ${title} has ${classes.length} classes.`,
    why: 'Each class needs a weight; 0 leaves its examples out.',
    fix: `Give ${classes.length} weights.`,
    where: 'training.class_weights',
  });
}

function checkEvasions({ attack }: ExperimentConfig, { kind, title }: DatasetInfo): void {
  const on = IMAGE_EVASIONS.find((name) => attack.evasions[name].enabled);
  if (kind === 'images' || !attack.enabled || on === undefined) return;
  throw new LabError({
    code: 'E-CONFIG-VALUE',
    what: `The evasion ${on} is for images, and ${title} holds texts.`,
    why: 'It changes or weighs the pixels of an image; a word has none.',
    fix: `Switch attack.evasions.${on} off, or use one of those that work on latents.`,
    where: `attack.evasions.${on}.enabled`,
  });
}

/** Whether single examples have gradients of their own to clip. */
function checkPrivacy({ task, training: { privacy } }: ExperimentConfig, info: DatasetInfo): void {
  if (privacy.kind === 'none') return;
  if (privacy.kind === 'gradient_shaping' && privacy.each === 'batch') return;
  const architecture = architectureOf(task.model);
  if (architecture.input !== info.kind) return; // said already
  const shape = inputShapeOf(info);
  const isFrozen = (layer: string): boolean =>
    task.frozen.some((name) => layer === name || layer.startsWith(`${name}.`));
  const layers = architecture.layers(shape, info.classes.length);
  assertClippableLayers(layers, shape, (layer) => !isFrozen(layer));
}

function problemsFrom(check: () => unknown): ConfigProblem[] {
  try {
    check();
    return [];
  } catch (thrown) {
    if (!(thrown instanceof LabError)) throw thrown;
    return [{ ...thrown.toData(), path: parseDotted(thrown.where ?? ''), at: 'value' }];
  }
}
