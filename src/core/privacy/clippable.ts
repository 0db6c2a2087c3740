/** Which networks have gradients of single examples to clip. */
import { LabError } from '../errors.ts';
import { type Layer, type PlainLayer, walkLayers } from '../models/layers.ts';
import type { InputShape } from '../models/shapes.ts';

/** Layers without arrays, or whose gradients of single examples are known. */
const KNOWN: readonly PlainLayer['kind'][] = [
  'conv',
  'conv_words',
  'dense',
  'group_norm',
  'embedding',
  'relu',
  'max_pool',
  'max_over_words',
  'mean_over_words',
  'global_average_pool',
  'flatten',
];

/**
 * @param isLearnt whether arrays of the layer of that name are learnt
 * @throws LabError E-MODEL where the gradients of single examples cannot be told, E-SHAPE for an input that does not fit
 */
export function assertClippableLayers(
  layers: readonly Layer[],
  inputShape: InputShape,
  isLearnt: (layer: string) => boolean,
): void {
  walkLayers(layers, inputShape, (layer) => {
    if (KNOWN.includes(layer.kind)) return;
    const name = 'name' in layer ? layer.name : layer.kind;
    if (!isLearnt(name) && layer.kind !== 'recurrent') return;
    const mixes = layer.kind === 'batch_norm';
    const known = 'a network of convolutions and dense layers (simplenet, small_cnn, text_cnn)';
    throw new LabError({
      code: 'E-MODEL',
      what: `Private training cannot learn layer ${name} (${layer.kind}).`,
      why: mixes
        ? 'Batch normalisation computes each example with the others of its batch, so that no example has a gradient of its own to clip.'
        : 'The lab does not compute the gradients of single examples in such a layer.',
      fix: mixes
        ? `Choose the model with group-norm (resnet8_gn, resnet20_gn; a trained resnet8 or resnet20 is converted), ${known}, or clip whole batches without a guarantee (training.privacy.kind: gradient_shaping, each: batch).`
        : `Choose ${known}, or freeze the layer by task.frozen.`,
      where: 'task.model',
    });
  });
}
