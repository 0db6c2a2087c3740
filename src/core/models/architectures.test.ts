import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MODELS } from '../config/schema.ts';
import { architectureOf, architectures } from './architectures.ts';
import { multiplyAdds } from './cost.ts';
import { initializeParameters } from './initialize.ts';
import { activationShapes } from './layers.ts';
import { parameterLayouts } from './layouts.ts';
import { parameterCount, parameterSpecs } from './parameter-specs.ts';
import type { InputShape } from './shapes.ts';

const usual = (id: string): InputShape => {
  if (architectureOf(id).input === 'text') return [200, 5000];
  return id === 'resnet18_224' ? [224, 224, 3] : [32, 32, 3];
};

const golden = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../engine/reference/golden/${name}.json`, import.meta.url), 'utf8'));

describe('every architecture', () => {
  const ids = Object.keys(architectures);

  it('can all be chosen in an experiment', () => {
    expect([...MODELS]).toEqual(ids);
  });

  it.each(ids)('%s ends in its classes, and tells from its shapes what it is for', (id) => {
    const architecture = architectureOf(id);
    const shape = usual(id);
    expect(architecture.id).toBe(id);
    const layers = architecture.layers(shape, 7);
    expect(activationShapes(layers, shape).at(-1)).toEqual([7]);
    const specs = parameterSpecs(layers, shape);
    expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
    const shapes = new Map(specs.map((spec) => [spec.name, spec.shape]));
    if (id !== 'simplenet') expect(architecture.infer(shapes)).toEqual({ inputShape: shape, classes: 7 });
    expect(architecture.infer(new Map())).toBeNull();
  });

  it.each(ids)('%s refuses the other kind of input', (id) => {
    const architecture = architectureOf(id);
    const other: InputShape = architecture.input === 'text' ? [32, 32, 3] : [200, 5000];
    expect(() => parameterSpecs(architecture.layers(other, 7), other)).toThrow(/E-SHAPE/);
  });

  it.each(ids)('%s starts from finite numbers of the right spread', (id) => {
    const shape = usual(id);
    const specs = parameterSpecs(architectureOf(id).layers(shape, 7), shape);
    const drawn = initializeParameters(specs, 3);
    for (const [index, { name, start }] of specs.entries()) {
      const data = drawn[index]?.data ?? new Float32Array();
      if ('value' in start || data.length < 2000) continue;
      const deviation = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
      const expected = 'deviation' in start ? start.deviation : 1 / Math.sqrt(3 * start.fanIn);
      expect(deviation / expected, name).toBeCloseTo(1, 1);
    }
  });
});

describe('ResNet-18 for photos', () => {
  it('has torchvision’s arrays, parameters and cost', () => {
    const shape = [224, 224, 3] as const;
    const architecture = architectures.resnet18_224;
    expect(parameterCount(architecture, shape, 1000)).toBe(11_689_512);
    // 1.814 thousand million in torchvision's own table of models.
    expect(multiplyAdds(architecture, shape, 1000) / 1e9).toBeCloseTo(1.814, 3);
    const layers = architecture.layers(shape, 6);
    const specs = parameterSpecs(layers, shape).map((spec) => [spec.name, spec.shape]);
    const reference = golden('resnet18_photos') as { state_dict: Record<string, number[]> };
    expect(Object.fromEntries(specs)).toEqual(reference.state_dict);
    expect(activationShapes(layers, shape)[4]).toEqual([56, 56, 64]);
  });

  it('starts as torchvision does: N(0, 2 / (filters kernel²)), and PyTorch’s default in the last layer', () => {
    const shape = [224, 224, 3] as const;
    const specs = parameterSpecs(architectures.resnet18_224.layers(shape, 6), shape);
    const start = (name: string) => specs.find((spec) => spec.name === name)?.start;
    expect(start('conv1.weight')).toEqual({ deviation: Math.sqrt(2 / (64 * 49)) });
    expect(start('layer2.0.downsample.0.weight')).toEqual({ deviation: Math.sqrt(2 / 128) });
    expect(start('fc.weight')).toEqual({ fanIn: 512 });
  });
});

describe('the narrow VGG-11', () => {
  it('has eight convolutions of which two halve nothing, for 32 and 28 pixels', () => {
    expect(parameterCount(architectures.vgg, [32, 32, 3], 10)).toBe(579_786);
    const shapes = activationShapes(architectures.vgg.layers([28, 28, 1], 10), [28, 28, 1]);
    expect(shapes.at(-3)).toEqual([1, 1, 128]);
    expect(() => parameterCount(architectures.vgg, [15, 15, 3], 10)).toThrow(/E-SHAPE/);
  });
});

describe('models of texts', () => {
  const reference = golden('text') as {
    length: number;
    vocabulary: number;
    models: { model: string; params: { name: string; shape: number[] }[] }[];
  };

  it.each(reference.models)('$model has the arrays of the PyTorch module', ({ model, params }) => {
    const shape = [reference.length, reference.vocabulary] as const;
    const specs = parameterSpecs(architectureOf(model).layers(shape, 3), shape);
    const byName = (list: readonly { name: string; shape: number[] }[]) =>
      Object.fromEntries(list.map((one) => [one.name, one.shape]));
    expect(byName(specs)).toEqual(byName(params));
  });

  it('keep tables of rows as they are, and turn the filters over words', () => {
    const layouts = parameterLayouts(architectures.text_cnn.layers([9, 30], 2), [9, 30]);
    const shape = (name: string) => layouts.find((one) => one.name === name)?.tensorFlowShape;
    expect(shape('embedding.weight')).toEqual([30, 64]);
    expect(shape('convs.1.weight')).toEqual([4, 64, 100]);
    expect(shape('fc.weight')).toEqual([300, 2]);
  });

  it('start with a vector of zeros where there is no word', () => {
    const specs = parameterSpecs(architectures.lstm.layers([9, 30], 30), [9, 30]);
    const table = initializeParameters(specs, 1)[0]?.data ?? new Float32Array();
    expect(table.subarray(0, 200).every((value) => value === 0)).toBe(true);
    expect(table.subarray(200).every((value) => value !== 0)).toBe(true);
  });

  it('cost what one counts by hand', () => {
    // 64 x 3 x 64 from the input and the state each, both ways, at 10 places; 128 x 2 at the end.
    expect(multiplyAdds(architectures.text_gru, [10, 30], 2)).toBe(2 * 10 * 192 * 128 + 256);
    // 4 gates of 200 states from 200 numbers and 200 states, in two layers at 10 places.
    expect(multiplyAdds(architectures.lstm, [10, 30], 30)).toBe(10 * 2 * 800 * 400 + 200 * 30);
    // 8, 7 and 6 places of 100 filters over 64 features.
    expect(multiplyAdds(architectures.text_cnn, [10, 30], 2)).toBe(6400 * (8 * 3 + 7 * 4 + 6 * 5) + 600);
  });

  it('refuse texts shorter than their filters', () => {
    expect(() => parameterCount(architectures.text_cnn, [4, 30], 2)).toThrow(
      /E-SHAPE: The layer conv_words convs\.2, 100 of 5 does not fit an input of \[4, 64\]/,
    );
  });
});
