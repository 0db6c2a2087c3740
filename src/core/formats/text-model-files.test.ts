/** Models of texts, and weights for another number of classes, in files. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ModelWeights } from '../experiment/weights.ts';
import { architectureOf } from '../models/architectures.ts';
import { initializeParameters } from '../models/initialize.ts';
import { parameterSpecs } from '../models/parameter-specs.ts';
import type { InputShape } from '../models/shapes.ts';
import { weightsFromLayersModel, weightsToLayersModel } from './layers-model.ts';
import { weightsFromSafetensors, weightsToSafetensors } from './model-safetensors.ts';
import { writeSafetensors } from './safetensors-writer.ts';

function weightsFor(model: string, inputShape: InputShape, classes: number) {
  const specs = parameterSpecs(architectureOf(model).layers(inputShape, classes), inputShape);
  return { model, inputShape, classes, parameters: initializeParameters(specs, 5) };
}

/** Arrays as text: comparing millions of numbers one by one takes a minute. */
const digest = ({ parameters, ...rest }: ModelWeights) => ({
  ...rest,
  parameters: parameters.map(({ name, shape, data }) => [
    name,
    shape,
    createHash('sha256').update(data).digest('hex'),
  ]),
});

function expectSame(found: ModelWeights, given: ModelWeights): void {
  expect(digest(found)).toEqual(digest(given));
}

const TEXTS = ['text_cnn', 'text_gru', 'text_transformer', 'lstm'];

describe('a model of texts', () => {
  it.each(TEXTS)('comes back from safetensors: %s', (model) => {
    const weights = weightsFor(model, [13, 40], 3);
    expectSame(weightsFromSafetensors(weightsToSafetensors(weights)), weights);
  });

  it.each(TEXTS)('is known by its names alone, as PyTorch saves it: %s', (model) => {
    const weights = weightsFor(model, [200, 40], 3);
    expectSame(weightsFromSafetensors(writeSafetensors(weights.parameters)), weights);
  });

  it('is refused for another vocabulary, with both shapes', () => {
    const bytes = weightsToSafetensors(weightsFor('text_gru', [13, 40], 3));
    expect(() =>
      weightsFromSafetensors(bytes, { file: 'm', expected: { inputShape: [13, 41], classes: 3 } }),
    ).toThrow(
      /E-SHAPE: m: "embedding.weight" has the shape \[40, 64\] and should have \[41, 64\].*13 words of 41/,
    );
  });

  it.each(TEXTS)('cannot be a TensorFlow.js model, and the error names safetensors: %s', (model) => {
    expect(() => weightsToLayersModel(weightsFor(model, [13, 40], 3))).toThrow(/E-MODEL.*safetensors/);
  });

  it.each(['[13]', '[13, 0]', '[13, 40, 1, 1]', '[0, 40]'])('is not read by the sizes %s', (sizes) => {
    const { parameters } = weightsFor('text_gru', [13, 40], 3);
    const metadata = { model: 'text_gru', input_shape: sizes, classes: '3' };
    expect(weightsFromSafetensors(writeSafetensors(parameters, { metadata })).inputShape).toEqual([200, 40]);
  });
});

describe('ResNet-18 for photos', () => {
  const torchvision = weightsFor('resnet18_224', [224, 224, 3], 9);
  const bytes = writeSafetensors(torchvision.parameters);

  it('is known by torchvision’s names', () => {
    expectSame(weightsFromSafetensors(bytes), torchvision);
  });

  it('gets a new last layer for another number of classes when asked, drawn from the seed', () => {
    const expected = { inputShape: [224, 224, 3], classes: 4 } as const;
    expect(() => weightsFromSafetensors(bytes, { expected })).toThrow(/E-SHAPE.*"fc\./);
    const found = weightsFromSafetensors(bytes, { expected, newHead: 7 });
    expect(found.classes).toBe(4);
    const array = (weights: ModelWeights, name: string) =>
      weights.parameters.find((one) => one.name === name);
    expect(array(found, 'fc.weight')?.shape).toEqual([4, 512]);
    const body = ({ parameters }: ReturnType<typeof digest>) => parameters.slice(0, -2);
    expect(body(digest(found))).toEqual(body(digest(torchvision)));
    expectSame(weightsFromSafetensors(bytes, { expected, newHead: 7 }), found);
    const other = weightsFromSafetensors(bytes, { expected, newHead: 8 });
    expect(array(other, 'fc.weight')?.data).not.toEqual(array(found, 'fc.weight')?.data);
  });

  it('keeps the last layer where the number of classes is the same', () => {
    const expected = { inputShape: [224, 224, 3], classes: 9 } as const;
    expectSame(weightsFromSafetensors(bytes, { expected, newHead: 7 }), torchvision);
  });
});

describe('networks whose pools have a border, or whose convolutions a bias before batch-norm', () => {
  it.each([
    ['resnet18_224', [40, 33, 3]],
    ['vgg', [16, 18, 1]],
  ] as [string, InputShape][])('come back from a TensorFlow.js model: %s', (model, shape) => {
    const weights = weightsFor(model, shape, 3);
    expectSame(weightsFromLayersModel(weightsToLayersModel(weights)), weights);
  });
});
