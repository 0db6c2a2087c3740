import { activationShapes, type Layer } from './layers.ts';
import type { ActivationShape, InputShape } from './shapes.ts';

/** Where the places of a map look, along one axis: place `i` is centred on pixel `first + i step`. */
export interface FieldCentres {
  first: number;
  step: number;
}

/**
 * The centres of the receptive fields after some layers of images, for rows and for columns, in pixels from the first one's
 * centre. A convolution without border shrinks the map, so that its first place does not look at the corner.
 * Source: Araujo, Norris and Sim, Computing Receptive Fields of Convolutional Neural Networks, Distill 2019.
 */
export function fieldCentres(
  layers: readonly Layer[],
  input: InputShape,
): { rows: FieldCentres; columns: FieldCentres } {
  const shapes = activationShapes(layers, input);
  const along = (axis: 0 | 1): FieldCentres =>
    layers.reduce((centres, layer, at) => after(centres, layer, shapes[at] ?? input, axis), {
      first: 0,
      step: 1,
    });
  return { rows: along(0), columns: along(1) };
}

function after(
  { first, step }: FieldCentres,
  layer: Layer,
  shape: ActivationShape,
  axis: 0 | 1,
): FieldCentres {
  const moved = (window: number, stride: number, border: number): FieldCentres => ({
    first: first + ((window - 1) / 2 - border) * step,
    step: step * stride,
  });
  if (layer.kind === 'conv') {
    const { kernel, stride, padding } = layer;
    return moved(kernel, stride, borderOf(padding, kernel, stride, shape[axis] ?? 0));
  }
  if (layer.kind === 'max_pool') return moved(layer.size, layer.stride, layer.padding ?? 0);
  if (layer.kind !== 'residual') return { first, step };
  const inner = activationShapes(layer.body, shape as InputShape);
  return layer.body.reduce((centres, part, at) => after(centres, part, inner[at] ?? shape, axis), {
    first,
    step,
  });
}

/** Zeros before the first pixel; of `same`, the smaller half of them, as in TensorFlow. */
function borderOf(padding: 'valid' | 'same' | number, kernel: number, stride: number, size: number): number {
  if (typeof padding === 'number') return padding;
  if (padding === 'valid') return 0;
  return Math.floor(Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size) / 2);
}
