import type { ArchitectureDefinition, PlainLayer } from './layers.ts';
import { outputShape, sizeOf, walkLayers } from './layers.ts';
import type { ActivationShape, InputShape } from './shapes.ts';
import { GATES } from './text-layers.ts';

/**
 * Multiply-adds of one forward pass of one image or text: those of products of matrices, which are nearly all.
 * Training takes about three times as many. Throws E-SHAPE for inputs too small for the network.
 */
export function multiplyAdds(
  architecture: ArchitectureDefinition,
  shape: InputShape,
  classes: number,
): number {
  let total = 0;
  walkLayers(architecture.layers(shape, classes), shape, (layer, input) => {
    total += layerMultiplyAdds(layer, input);
  });
  return total;
}

function layerMultiplyAdds(layer: PlainLayer, input: ActivationShape): number {
  const channels = input.at(-1) ?? 0;
  switch (layer.kind) {
    case 'conv':
      return sizeOf(outputShape(layer, input)) * layer.kernel ** 2 * channels;
    case 'conv_words':
      return sizeOf(outputShape(layer, input)) * layer.width * channels;
    case 'dense':
      return layer.units * sizeOf(input);
    case 'recurrent': {
      const { cell, hidden, depth } = layer;
      const ways = layer.bidirectional ? 2 : 1;
      // Of each layer what it reads, and its own state.
      const read = channels + (depth - 1) * ways * hidden + depth * hidden;
      return ways * (input[0] ?? 0) * GATES[cell] * hidden * read;
    }
    case 'self_attention':
      // Four projections of each vector, then scores and their sums over all pairs of places.
      return 4 * sizeOf(input) * channels + 2 * sizeOf(input) * (input[0] ?? 0);
    default:
      return 0;
  }
}
