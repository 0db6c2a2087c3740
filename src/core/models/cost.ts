import type { ArchitectureDefinition, ImageDims } from './layers.ts';
import { outputShape, sizeOf, walkLayers } from './layers.ts';

/**
 * Multiply-adds of one forward pass of one image: those of convolutions and dense layers, which are nearly all.
 * Training takes about three times as many. Throws E-SHAPE for images too small for the network.
 */
export function multiplyAdds(
  architecture: ArchitectureDefinition,
  shape: ImageDims,
  classes: number,
): number {
  let total = 0;
  walkLayers(architecture.layers(shape, classes), shape, (layer, input) => {
    if (layer.kind === 'conv') {
      const outputs = sizeOf(outputShape(layer, input));
      total += outputs * layer.kernel ** 2 * (input.at(-1) ?? 0);
    } else if (layer.kind === 'dense') total += layer.units * sizeOf(input);
  });
  return total;
}
