/**
 * A feed-forward network as data: a list of layers from the input to the logits. The engine's forward pass, the weight
 * files and the TensorFlow.js topology all read the same list, so none of them can disagree with another.
 * Shapes are [height, width, channels] for images and [features] after `flatten`.
 */
import { LabError } from '../errors.ts';

export type Layer =
  /** Square kernel; `valid` adds no border, `same` pads so that the size is ceil(size / stride). Has a bias. */
  | {
      kind: 'conv';
      name: string;
      filters: number;
      kernel: number;
      stride: number;
      padding: 'valid' | 'same';
    }
  | { kind: 'relu' }
  /** Square window without border: what does not fill a window is dropped, as in PyTorch. */
  | { kind: 'max_pool'; size: number; stride: number }
  /** In the order channels, height, width, as PyTorch's `flatten` on [N, C, H, W]. */
  | { kind: 'flatten' }
  /** Fully connected with a bias. */
  | { kind: 'dense'; name: string; units: number };

/** [height, width, channels]. */
export type ImageDims = readonly [height: number, width: number, channels: number];
/** [height, width, channels], or [features] after `flatten`. */
export type ActivationShape = ImageDims | readonly [features: number];

export interface Paper {
  title: string;
  authors: string;
  year: number;
  url: string;
}

export interface ArchitectureDefinition {
  id: string;
  title: string;
  paper: Paper;
  /** The layers for an input of `shape` and so many classes; the last one gives the logits, [classes]. */
  layers(shape: ImageDims, classes: number): Layer[];
  /**
   * What a weight file is made for, from the shapes of its parameters alone; null when that cannot be told.
   * Where several image sizes give the same shapes, the smallest square.
   */
  infer(shapes: ReadonlyMap<string, readonly number[]>): ModelDims | null;
}

export interface ModelDims {
  inputShape: ImageDims;
  classes: number;
}

/** One trainable array, in PyTorch's name and layout: conv [out, in, kh, kw], dense [out, in], bias [out]. */
export interface ParameterSpec {
  name: string;
  shape: number[];
  /** Inputs summed into one output of its layer; PyTorch draws weights and biases from U(-1/sqrt(fanIn), 1/sqrt(fanIn)). */
  fanIn: number;
}

/** Shape after `layer`, given the shape before it. Throws E-SHAPE when the layer cannot take that input. */
export function outputShape(layer: Layer, input: ActivationShape): ActivationShape {
  switch (layer.kind) {
    case 'relu':
      return input;
    case 'conv': {
      const [height, width] = image(layer, input);
      const side = (size: number) =>
        layer.padding === 'same'
          ? Math.ceil(size / layer.stride)
          : Math.floor((size - layer.kernel) / layer.stride) + 1;
      return positive(layer, input, [side(height), side(width), layer.filters]);
    }
    case 'max_pool': {
      const [height, width, channels] = image(layer, input);
      const side = (size: number) => Math.floor((size - layer.size) / layer.stride) + 1;
      return positive(layer, input, [side(height), side(width), channels]);
    }
    case 'flatten': {
      const [height, width, channels] = image(layer, input);
      return [height * width * channels];
    }
    case 'dense':
      if (input.length !== 1) throw misfit(layer, input, 'it needs a flat input: put `flatten` before it');
      return [layer.units];
  }
}

/** Shapes of the activations: `shapes[i]` enters layer i, the last one leaves the network. Throws E-SHAPE. */
export function activationShapes(layers: readonly Layer[], input: ImageDims): ActivationShape[] {
  const shapes: ActivationShape[] = [input];
  let current: ActivationShape = input;
  for (const layer of layers) {
    current = outputShape(layer, current);
    shapes.push(current);
  }
  return shapes;
}

/** The trainable arrays of a network in the order of its layers, weight before bias. Throws E-SHAPE. */
export function parameterSpecs(layers: readonly Layer[], input: ImageDims): ParameterSpec[] {
  const specs: ParameterSpec[] = [];
  let current: ActivationShape = input;
  for (const layer of layers) {
    const next = outputShape(layer, current);
    if (layer.kind === 'conv') {
      const channels = image(layer, current)[2];
      const fanIn = channels * layer.kernel * layer.kernel;
      specs.push(
        { name: `${layer.name}.weight`, shape: [layer.filters, channels, layer.kernel, layer.kernel], fanIn },
        { name: `${layer.name}.bias`, shape: [layer.filters], fanIn },
      );
    } else if (layer.kind === 'dense') {
      const fanIn = current[0];
      specs.push(
        { name: `${layer.name}.weight`, shape: [layer.units, fanIn], fanIn },
        { name: `${layer.name}.bias`, shape: [layer.units], fanIn },
      );
    }
    current = next;
  }
  return specs;
}

/** Numbers in an array of that shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** For people: `conv conv1, 20 of 5x5`. */
export function describeLayer(layer: Layer): string {
  switch (layer.kind) {
    case 'conv':
      return `conv ${layer.name}, ${layer.filters} of ${layer.kernel}x${layer.kernel}`;
    case 'max_pool':
      return `max_pool ${layer.size}x${layer.size}`;
    case 'dense':
      return `dense ${layer.name}, ${layer.units}`;
    case 'relu':
    case 'flatten':
      return layer.kind;
  }
}

function image(layer: Layer, input: ActivationShape): ImageDims {
  if (input.length === 3) return input;
  throw misfit(layer, input, 'it needs an image, and the input is already flat');
}

function positive(layer: Layer, input: ActivationShape, output: ImageDims): ImageDims {
  if (output.every((side) => side >= 1)) return output;
  throw misfit(layer, input, 'nothing would be left of the image');
}

function misfit(layer: Layer, input: ActivationShape, why: string): LabError {
  return new LabError({
    code: 'E-SHAPE',
    what: `The layer ${describeLayer(layer)} does not fit an input of [${input.join(', ')}].`,
    why: `${why[0]?.toUpperCase() ?? ''}${why.slice(1)}.`,
    fix: 'Use larger images, or another model.',
  });
}
