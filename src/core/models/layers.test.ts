import { describe, expect, it } from 'vitest';
import { architectureOf, architectures } from './architectures.ts';
import type { Layer } from './layers.ts';
import { activationShapes, outputShape, sizeOf } from './layers.ts';
import { parameterSpecs } from './parameter-specs.ts';
import { simplenet, simplenetParameters } from './simplenet.ts';

describe('SimpleNet', () => {
  it('has the parameters of Backdoors 101 for MNIST', () => {
    const specs = simplenetParameters([28, 28, 1], 10);
    expect(specs.map(({ name, shape }) => [name, shape])).toEqual([
      ['conv1.weight', [20, 1, 5, 5]],
      ['conv1.bias', [20]],
      ['conv2.weight', [50, 20, 5, 5]],
      ['conv2.bias', [50]],
      ['fc1.weight', [500, 800]],
      ['fc1.bias', [500]],
      ['fc2.weight', [10, 500]],
      ['fc2.bias', [10]],
    ]);
    expect(specs.reduce((sum, spec) => sum + sizeOf(spec.shape), 0)).toBe(431_080);
  });

  it('follows the image: 35x29 in colour and 7 classes', () => {
    const shape = [35, 29, 3] as const;
    // 35 -> 31 -> 15 -> 11 -> 5 rows; 29 -> 25 -> 12 -> 8 -> 4 columns.
    expect(activationShapes(simplenet.layers(shape, 7), shape)).toEqual([
      [35, 29, 3],
      [31, 25, 20],
      [31, 25, 20],
      [15, 12, 20],
      [11, 8, 50],
      [11, 8, 50],
      [5, 4, 50],
      [1000],
      [500],
      [500],
      [7],
    ]);
    const specs = simplenetParameters(shape, 7);
    expect(specs.find(({ name }) => name === 'conv1.weight')).toEqual({
      name: 'conv1.weight',
      shape: [20, 3, 5, 5],
      role: 'parameter',
      start: { fanIn: 75 },
    });
    expect(specs.find(({ name }) => name === 'fc1.bias')?.start).toEqual({ fanIn: 1000 });
    expect(specs.at(-1)).toEqual({ name: 'fc2.bias', shape: [7], role: 'parameter', start: { fanIn: 500 } });
  });

  it('refuses images too small for it, and says at which layer', () => {
    expect(() => simplenetParameters([12, 28, 1], 10)).toThrow(
      /E-SHAPE: The layer conv conv2, 50 of 5x5 does not fit an input of \[4, 12, 20\]/,
    );
  });
});

describe('layers', () => {
  it('pads with `same` and strides as ceil, with `valid` as floor', () => {
    const conv = (stride: number, padding: 'same' | 'valid'): Layer => ({
      kind: 'conv',
      name: 'c',
      filters: 4,
      kernel: 3,
      stride,
      padding,
      bias: true,
    });
    expect(outputShape(conv(2, 'same'), [7, 8, 3])).toEqual([4, 4, 4]);
    expect(outputShape(conv(2, 'valid'), [7, 8, 3])).toEqual([3, 3, 4]);
    expect(outputShape(conv(3, 'valid'), [3, 5, 3])).toEqual([1, 1, 4]);
  });

  it('pools windows of 3 every 2 pixels', () => {
    expect(outputShape({ kind: 'max_pool', size: 3, stride: 2 }, [7, 10, 5])).toEqual([3, 4, 5]);
  });

  it('refuses a dense layer on an image and a convolution on a flat input', () => {
    expect(() => parameterSpecs([{ kind: 'dense', name: 'd', units: 3 }], [5, 5, 1])).toThrow(/flatten/);
    expect(() => parameterSpecs([{ kind: 'flatten' }, { kind: 'flatten' }], [5, 5, 1])).toThrow(/E-SHAPE/);
  });
});

describe('architectures', () => {
  it('are found by their own id', () => {
    for (const [id, definition] of Object.entries(architectures)) {
      expect(definition.id).toBe(id);
      expect(architectureOf(id)).toBe(definition);
    }
  });

  it('that are unknown, or inherited names of objects, are refused with the known ones', () => {
    expect(() => architectureOf('resnet')).toThrow(/E-MODEL.*"resnet".*simplenet/);
    expect(() => architectureOf('toString')).toThrow(/E-MODEL/);
  });
});
