/** A model on other data than it was trained on: all but the last layer is kept (transfer learning). */
import type { ModelWeights } from '../experiment/weights.ts';
import { architectureOf } from './architectures.ts';
import { initializeParameters } from './initialize.ts';
import type { ModelDims } from './layers.ts';
import { parameterSpecs } from './parameter-specs.ts';

export interface Refitted {
  weights: ModelWeights;
  /** Whether the last dense layer was drawn anew, since it told another number of classes apart. */
  newHead: boolean;
}

/**
 * The weights for inputs and classes of another data set: as they are where every array still fits, as those of a network
 * that averages over the plane do at any size; with a last dense layer drawn anew from the seed where only that does not.
 * Null where other arrays do not fit.
 * @throws LabError E-SHAPE when the network cannot take inputs of that shape at all
 */
export function refit(
  weights: ModelWeights,
  { inputShape, classes }: ModelDims,
  seed: number,
): Refitted | null {
  const layers = architectureOf(weights.model).layers(inputShape, classes);
  const specs = parameterSpecs(layers, inputShape);
  const shapes = new Map(weights.parameters.map(({ name, shape }) => [name, shape.join()]));
  const unfit = specs.filter(({ name, shape }) => shapes.get(name) !== shape.join());
  const fitted = { ...weights, inputShape, classes };
  if (unfit.length === 0) return { weights: fitted, newHead: false };
  const head = layers.at(-1);
  if (head?.kind !== 'dense' || unfit.some(({ name }) => !name.startsWith(`${head.name}.`))) return null;
  const drawn = new Map(
    initializeParameters(
      specs.filter(({ name }) => name.startsWith(`${head.name}.`)),
      seed,
    ).map((array) => [array.name, array]),
  );
  const parameters = weights.parameters.map((array) => drawn.get(array.name) ?? array);
  return { weights: { ...fitted, parameters }, newHead: true };
}
