/**
 * A feed-forward network as data: a list of layers from the input to the logits. The engine's forward pass, the weight
 * files and the TensorFlow.js topology all read the same list, so none of them can disagree with another.
 * Shapes are [height, width, channels] for images, [length, features] for texts, and [features] once flat.
 */
import { LabError } from '../errors.ts';
import type { Paper } from '../paper.ts';
import type { ActivationShape, ImageDims, InputShape } from './shapes.ts';
import { describeTextLayer, type TextLayer, textShape } from './text-layers.ts';

/** A layer that computes by itself; its name stands before those of its arrays: `conv1.weight`. */
export type PlainLayer =
  | TextLayer
  /**
   * Square kernel. `valid` adds no border, `same` pads so that the size is ceil(size / stride), and a number adds so
   * many pixels of zeros on every side, as in PyTorch.
   */
  | {
      kind: 'conv';
      name: string;
      filters: number;
      kernel: number;
      stride: number;
      padding: 'valid' | 'same' | number;
      bias: boolean;
      /**
       * What its weights start from: PyTorch's default, or N(0, 2 / (filters kernel²)) with a bias of 0, as torchvision's
       * networks (He et al., Delving deep into rectifiers, ICCV 2015).
       */
      start?: 'default' | 'fan_out';
    }
  /**
   * Normalises each channel by the mean and variance of the batch in training, by running ones in evaluation, then
   * scales and shifts it (Ioffe and Szegedy, Batch Normalization, ICML 2015).
   */
  | {
      kind: 'batch_norm';
      name: string;
      /** Added to the variance. */
      epsilon: number;
      /** Share of the newest batch in the running statistics, in (0, 1]; Keras counts the other way round. */
      momentum: number;
    }
  /**
   * Normalises each group of neighbouring channels by the mean and variance of the example itself over them and the plane,
   * then scales and shifts each channel (Wu and He, Group Normalization, ECCV 2018; torch.nn.GroupNorm).
   */
  | {
      kind: 'group_norm';
      name: string;
      /** How many groups; they share the channels evenly. */
      groups: number;
      /** Added to the variance. */
      epsilon: number;
    }
  | { kind: 'relu' }
  /**
   * Square window: what does not fill one is dropped, as in PyTorch. A border of so many pixels on every side, 0 unless
   * told, never holds the largest value.
   */
  | { kind: 'max_pool'; size: number; stride: number; padding?: number }
  /** The mean of each channel over the whole plane. */
  | { kind: 'global_average_pool' }
  /** In the order channels, height, width, as PyTorch's `flatten` on [N, C, H, W]. */
  | { kind: 'flatten' }
  /** Fully connected with a bias; of a text, each place by itself. */
  | { kind: 'dense'; name: string; units: number };

export type Layer =
  | PlainLayer
  /** body(x) + shortcut(x) (He et al., Deep residual learning, CVPR 2016); an empty shortcut is the input itself. */
  | { kind: 'residual'; body: readonly Layer[]; shortcut: readonly Layer[] }
  /** The flat outputs of branches that read the same input, one behind another. */
  | { kind: 'parallel'; branches: readonly (readonly Layer[])[] };

export interface ArchitectureDefinition {
  id: string;
  title: string;
  paper: Paper;
  /** What it reads. */
  input: 'images' | 'text';
  /** The layers for an input of `shape` and so many classes; the last one gives the logits, [classes]. */
  layers(shape: InputShape, classes: number): Layer[];
  /**
   * What a weight file is made for, from the shapes of its parameters alone; null when that cannot be told.
   * Where several image sizes give the same shapes, the smallest square; where all do, the size of MNIST, CIFAR or
   * ImageNet. Where any length of texts does, the usual one.
   */
  infer(shapes: ReadonlyMap<string, readonly number[]>): ModelDims | null;
}

export interface ModelDims {
  inputShape: InputShape;
  classes: number;
}

/** Shape after `layer`, given the shape before it. Throws E-SHAPE when the layer cannot take that input. */
export function outputShape(layer: Layer, input: ActivationShape): ActivationShape {
  switch (layer.kind) {
    case 'relu':
      return input;
    case 'conv': {
      const [height, width] = imageShape(layer, input);
      const side = (size: number) => {
        if (layer.padding === 'same') return Math.ceil(size / layer.stride);
        const border = layer.padding === 'valid' ? 0 : 2 * layer.padding;
        return Math.floor((size + border - layer.kernel) / layer.stride) + 1;
      };
      return positive(layer, input, [side(height), side(width), layer.filters]);
    }
    case 'batch_norm':
      return imageShape(layer, input);
    case 'group_norm': {
      const shape = imageShape(layer, input);
      if (shape[2] % layer.groups !== 0)
        throw misfit(layer, input, 'its groups do not share the channels evenly');
      return shape;
    }
    case 'max_pool': {
      const [height, width, channels] = imageShape(layer, input);
      const border = 2 * (layer.padding ?? 0);
      const side = (size: number) => Math.floor((size + border - layer.size) / layer.stride) + 1;
      return positive(layer, input, [side(height), side(width), channels]);
    }
    case 'global_average_pool':
      return [imageShape(layer, input)[2]];
    case 'flatten': {
      const [height, width, channels] = imageShape(layer, input);
      return [height * width * channels];
    }
    case 'dense':
      if (input.length === 3) throw misfit(layer, input, 'it needs a flat input: put `flatten` before it');
      return input.length === 2 ? [input[0], layer.units] : [layer.units];
    case 'residual': {
      const [body, shortcut] = [layer.body, layer.shortcut].map((part) => shapeAfter(part, input));
      if (body === undefined || body.join() !== shortcut?.join())
        throw misfit(
          layer,
          input,
          `its body gives [${body?.join(', ')}], its shortcut [${shortcut?.join(', ')}]`,
        );
      return body;
    }
    case 'parallel': {
      const flat = layer.branches.map((branch) => shapeAfter(branch, input));
      if (flat.some(({ length }) => length !== 1)) throw misfit(layer, input, 'a branch does not end flat');
      return [flat.reduce((sum, [features]) => sum + features, 0)];
    }
    default:
      return textShape(layer, input, (why) => misfit(layer, input, why));
  }
}

function shapeAfter(layers: readonly Layer[], input: ActivationShape): ActivationShape {
  return layers.reduce((shape, layer) => outputShape(layer, shape), input);
}

/** Shapes of the activations: `shapes[i]` enters layer i, the last one leaves the network. Throws E-SHAPE. */
export function activationShapes(layers: readonly Layer[], input: InputShape): ActivationShape[] {
  const shapes: ActivationShape[] = [input];
  let current: ActivationShape = input;
  for (const layer of layers) {
    current = outputShape(layer, current);
    shapes.push(current);
  }
  return shapes;
}

/**
 * Visits every layer that computes, with the shape that enters it: in order, in a residual block the body before the
 * shortcut, as PyTorch lists their arrays, and branches one after another. Throws E-SHAPE.
 */
export function walkLayers(
  layers: readonly Layer[],
  input: ActivationShape,
  visit: (layer: PlainLayer, input: ActivationShape) => void,
): void {
  let current = input;
  for (const layer of layers) {
    const next = outputShape(layer, current);
    if (layer.kind === 'residual') {
      walkLayers(layer.body, current, visit);
      walkLayers(layer.shortcut, current, visit);
    } else if (layer.kind === 'parallel') {
      for (const branch of layer.branches) walkLayers(branch, current, visit);
    } else visit(layer, current);
    current = next;
  }
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
    case 'batch_norm':
      return `batch_norm ${layer.name}`;
    case 'group_norm':
      return `group_norm ${layer.name}, ${layer.groups} groups`;
    case 'residual':
      return `residual of ${layer.body.length} layers`;
    case 'parallel':
      return `parallel of ${layer.branches.length} branches`;
    case 'relu':
    case 'global_average_pool':
    case 'flatten':
      return layer.kind;
    default:
      return describeTextLayer(layer);
  }
}

/** The input of a layer that works on images. Throws E-SHAPE when it is flat. */
export function imageShape(layer: Layer, input: ActivationShape): ImageDims {
  if (input.length === 3) return input;
  throw misfit(layer, input, 'it needs an image, and the input is a text or already flat');
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
    fix: 'Use larger images or longer texts, or another model.',
  });
}
