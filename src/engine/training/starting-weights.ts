import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { LabError } from '../../core/errors.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import { inputShapeOf } from '../../core/models/input-of.ts';
import { architectureOf } from '../../core/models/architectures.ts';
import { withGroupNorm } from '../../core/models/group-norm.ts';
import { refit } from '../../core/models/refit.ts';
import { initialWeights } from '../models/network.ts';
import type { RunContext } from './run-context.ts';

/**
 * The weights a run begins with: a checkpoint's, drawn from the seed, the shipped ones, or a person's. A person's model for
 * another number of classes keeps all but its last layer.
 * @throws LabError E-MODEL when they are of another model than the experiment's, or there are none
 */
export async function startingWeights(
  config: ExperimentConfig,
  dataset: Dataset,
  context: RunContext,
): Promise<ModelWeights> {
  const { model } = config.task;
  const found = await foundWeights(config, dataset, context);
  const weights = (context.checkpoint === null && withGroupNorm(found, model)) || found;
  if (weights !== found) tellConversion(found, context);
  if (weights.model === model) {
    const brought = context.checkpoint === null && config.task.weights === 'imported';
    return brought ? fitted(weights, config, dataset, context) : weights;
  }
  const [theirs, wanted] = [weights.model, model].map((id) => architectureOf(id).title);
  throw new LabError({
    code: 'E-MODEL',
    what: `The weights are of ${theirs}, and the experiment trains ${wanted}.`,
    why: 'Each model has arrays of its own, so that one cannot go on from another.',
    fix: `Set task.model to ${weights.model}, or give weights of ${wanted}.`,
    where: 'task.model',
  });
}

function tellConversion({ model }: ModelWeights, { emit }: RunContext): void {
  emit({
    type: 'warning',
    warning: {
      code: 'E-MODEL',
      what: `The weights of ${architectureOf(model).title} start a network with group-norm.`,
      why: 'Its normalisation computes other values than batch-norm did, so that accuracy falls until it is trained on.',
      fix: 'Nothing to do; train for an epoch or more.',
      where: 'task.weights',
    },
  });
}

/** As they are where nothing can be done: then they are refused with what the data set has. */
function fitted(
  weights: ModelWeights,
  { seed }: ExperimentConfig,
  { info }: Dataset,
  { emit }: RunContext,
): ModelWeights {
  const classes = info.classes.length;
  const found = refit(weights, { inputShape: inputShapeOf(info), classes }, seed);
  if (!found) return weights;
  if (found.newHead) {
    emit({
      type: 'warning',
      warning: {
        code: 'E-MODEL',
        what: `The last layer begins anew: the model tells ${weights.classes} classes apart, and ${info.title} has ${classes}.`,
        why: 'All other layers keep what they have learned.',
        fix: 'Nothing to do; to train the last layer alone, freeze the others (task.frozen).',
        where: 'task.weights',
      },
    });
  }
  return found.weights;
}

async function foundWeights(
  config: ExperimentConfig,
  dataset: Dataset,
  context: RunContext,
): Promise<ModelWeights> {
  if (context.checkpoint) return context.checkpoint.weights;
  const { model, weights, weights_file: file } = config.task;
  const { classes } = dataset.info;
  if (weights === 'pretrained') return context.loadPretrained(model, config.task.dataset);
  if (weights === 'random') {
    return initialWeights(model, inputShapeOf(dataset.info), classes.length, config.seed);
  }
  if (!context.importedWeights) {
    throw new LabError({
      code: 'E-MODEL',
      what: `No model has been imported${file === null ? '' : `, and the experiment asks for ${file}`}.`,
      why: '`task.weights: imported` starts from a model of yours.',
      fix: 'Import a model (in a terminal: --weights FILE, or task.weights_file), or choose random or pretrained weights.',
      where: 'task.weights',
    });
  }
  return context.importedWeights;
}
