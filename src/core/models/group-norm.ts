/** A trained model with batch-norm made one with group-norm, in which every example is computed by itself. */
import type { ModelWeights } from '../experiment/weights.ts';

/** The model with group-norm of each that has one. */
const WITH_GROUPS: Readonly<Record<string, string>> = { resnet8: 'resnet8_gn', resnet20: 'resnet20_gn' };

/**
 * The same arrays but for the running statistics, which group-norm has none of. What the model has learnt is kept as a start:
 * it computes other values until it is trained on.
 * @returns null where `model` is not the one with group-norm of these weights
 */
export function withGroupNorm(weights: ModelWeights, model: string): ModelWeights | null {
  if (WITH_GROUPS[weights.model] !== model) return null;
  const isStatistic = (name: string): boolean =>
    /\.(running_mean|running_var|num_batches_tracked)$/.test(name);
  return { ...weights, model, parameters: weights.parameters.filter(({ name }) => !isStatistic(name)) };
}
