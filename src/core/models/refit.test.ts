import { describe, expect, it } from 'vitest';
import type { ModelWeights } from '../experiment/weights.ts';
import { architectureOf } from './architectures.ts';
import { initializeParameters } from './initialize.ts';
import { parameterSpecs } from './parameter-specs.ts';
import { refit } from './refit.ts';
import type { InputShape } from './shapes.ts';

function weightsOf(model: string, inputShape: InputShape, classes: number): ModelWeights {
  const specs = parameterSpecs(architectureOf(model).layers(inputShape, classes), inputShape);
  return { model, inputShape, classes, parameters: initializeParameters(specs, 1) };
}

const named = ({ parameters }: ModelWeights, name: string) => parameters.find((array) => array.name === name);

describe('a model on other data', () => {
  const net = weightsOf('resnet8', [32, 32, 3], 10);

  it('keeps every array where only the size of the images differs', () => {
    const found = refit(net, { inputShape: [48, 40, 3], classes: 10 }, 5);
    expect(found).toEqual({ weights: { ...net, inputShape: [48, 40, 3] }, newHead: false });
  });

  it('gets a new last layer for another number of classes, drawn from the seed, and keeps the rest', () => {
    const dims = { inputShape: [32, 32, 3], classes: 4 } as const;
    const found = refit(net, { ...dims, inputShape: [...dims.inputShape] }, 5);
    expect(found?.newHead).toBe(true);
    if (!found) return;
    expect(found.weights.classes).toBe(4);
    expect(named(found.weights, 'linear.weight')?.shape).toEqual([4, 64]);
    expect(named(found.weights, 'linear.bias')?.shape).toEqual([4]);
    for (const array of net.parameters)
      if (!array.name.startsWith('linear.')) expect(named(found.weights, array.name)).toBe(array);
    const again = refit(net, { ...dims, inputShape: [32, 32, 3] }, 5);
    expect(again).toEqual(found);
    const other = refit(net, { ...dims, inputShape: [32, 32, 3] }, 6);
    expect(other).not.toEqual(found);
  });

  it('is not to be had where other arrays differ: grey for colour, or another size before a dense layer', () => {
    expect(refit(net, { inputShape: [32, 32, 1], classes: 10 }, 5)).toBeNull();
    const simple = weightsOf('simplenet', [28, 28, 1], 10);
    expect(refit(simple, { inputShape: [32, 32, 1], classes: 10 }, 5)).toBeNull();
    expect(refit(simple, { inputShape: [28, 28, 1], classes: 100 }, 5)?.newHead).toBe(true);
  });
});
