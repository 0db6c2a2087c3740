/** The door between `ModelWeights`, in PyTorch's layouts, and the tensors of the engine, in TensorFlow.js's. */
import { LabError } from '../../core/errors.ts';
import type { NamedArray } from '../../core/experiment/weights.ts';
import { sizeOf } from '../../core/models/layers.ts';
import { fromTensorFlow, type ArrayLayout, toTensorFlow } from '../../core/models/layouts.ts';

/** PyTorch's array in the engine's order. Throws E-SHAPE when the array is not of the layout's shape. */
export function toEngine(layout: ArrayLayout, array: NamedArray): Float32Array {
  const expected = layout.shape;
  if (array.shape.join() !== expected.join() || array.data.length !== sizeOf(expected)) {
    throw new LabError({
      code: 'E-SHAPE',
      what: `The array ${array.name} is [${array.shape.join(', ')}]; the model needs [${expected.join(', ')}].`,
      why: 'The weights belong to another architecture, image size or number of classes.',
      fix: 'Load weights made for this model and data set, or choose the ones they were made for.',
      where: array.name,
    });
  }
  return toTensorFlow(layout, array.data);
}

/** The engine's array in PyTorch's order. */
export function fromEngine(layout: ArrayLayout, data: Float32Array): NamedArray {
  return { name: layout.name, shape: layout.shape, data: fromTensorFlow(layout, data) };
}
