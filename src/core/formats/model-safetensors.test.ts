import { describe, expect, it } from 'vitest';
import type { ModelWeights, NamedArray } from '../experiment/weights.ts';
import type { ImageDims } from '../models/shapes.ts';
import { sizeOf } from '../models/layers.ts';
import { simplenetParameters } from '../models/simplenet.ts';
import { weightsFromSafetensors, weightsToSafetensors } from './model-safetensors.ts';
import { writeSafetensors } from './safetensors-writer.ts';
import { readSafetensors } from './safetensors.ts';

const arraysFor = (shape: ImageDims, classes: number): NamedArray[] =>
  simplenetParameters(shape, classes).map((spec, salt) => ({
    name: spec.name,
    shape: spec.shape,
    data: Float32Array.from({ length: sizeOf(spec.shape) }, (_, i) => 0.1 * Math.sin(12.9898 * i + salt)),
  }));
const weightsFor = (shape: [number, number, number], classes: number): ModelWeights => ({
  model: 'simplenet',
  inputShape: shape,
  classes,
  parameters: arraysFor(shape, classes),
});

/** Compares typed arrays by their bytes: element by element takes seconds. */
function expectSame(found: ModelWeights, given: ModelWeights): void {
  const plain = ({ parameters, ...rest }: ModelWeights) => ({
    ...rest,
    parameters: parameters.map(({ name, shape }) => ({ name, shape })),
  });
  expect(plain(found)).toEqual(plain(given));
  for (const [index, { name, data }] of given.parameters.entries()) {
    const other = found.parameters[index]?.data ?? new Float32Array(0);
    expect(`${name} ${Buffer.compare(Buffer.from(data.buffer), Buffer.from(other.buffer))}`).toBe(
      `${name} 0`,
    );
  }
}

describe('a model as safetensors', () => {
  it('comes back the same, also for images that are not square', () => {
    for (const weights of [weightsFor([28, 28, 1], 10), weightsFor([35, 29, 3], 7)]) {
      const bytes = weightsToSafetensors(weights, { epochs: '2' });
      expectSame(weightsFromSafetensors(bytes), weights);
      expect(readSafetensors(bytes).metadata).toMatchObject({
        epochs: '2',
        format: 'pt',
        model: 'simplenet',
      });
    }
  });

  it('is inferred from names and shapes as PyTorch writes them, with or without `module.`', () => {
    for (const shape of [
      [28, 28, 1],
      [32, 32, 3],
      [16, 16, 1],
    ] as [number, number, number][]) {
      for (const prefix of ['', 'module.']) {
        const arrays = arraysFor(shape, 43).map((array) => ({ ...array, name: prefix + array.name }));
        const weights = weightsFromSafetensors(writeSafetensors(arrays));
        expectSame(weights, weightsFor(shape, 43));
      }
    }
  });

  it('halves as F16', () => {
    const weights = weightsFor([28, 28, 1], 10);
    const bytes = weightsToSafetensors(weights, {}, 'F16');
    expect(bytes.length).toBeLessThan(431_080 * 2 + 2000);
    const [given, read] = [weights, weightsFromSafetensors(bytes)].map(
      ({ parameters }) => parameters[4]?.data,
    );
    const worst = given?.reduce((most, value, i) => Math.max(most, Math.abs(value - (read?.[i] ?? 9))), 0);
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThan(0.1 * 2 ** -11);
  });

  it('says which tensor has the wrong shape, what it should be and what it is', () => {
    const arrays = arraysFor([28, 28, 1], 10).map((array) =>
      array.name === 'conv2.bias' ? { ...array, shape: [49], data: array.data.subarray(1) } : array,
    );
    expect(() => weightsFromSafetensors(writeSafetensors(arrays), { file: 'm' })).toThrow(
      /E-SHAPE: m: "conv2.bias" has the shape \[49\] and should have \[50\]/,
    );
    expect(() =>
      weightsFromSafetensors(weightsToSafetensors(weightsFor([28, 28, 1], 10)), {
        expected: { inputShape: [32, 32, 3], classes: 10 },
      }),
    ).toThrow(/E-SHAPE.*"conv1.weight" has the shape \[20, 1, 5, 5\] and should have \[20, 3, 5, 5\]/);
  });

  it('is refused when parameters lack or are too many', () => {
    const arrays = arraysFor([28, 28, 1], 10);
    expect(() => weightsFromSafetensors(writeSafetensors(arrays.slice(1)))).toThrow(/E-(SHAPE|MODEL)/);
    expect(() =>
      weightsFromSafetensors(writeSafetensors(arrays.filter(({ name }) => name !== 'fc2.bias'))),
    ).toThrow(/E-MODEL.*It lacks fc2\.bias/);
    const extra = { name: 'bn1.weight', shape: [1], data: Float32Array.of(1) };
    expect(() => weightsFromSafetensors(writeSafetensors([...arrays, extra]))).toThrow(
      /It has besides bn1\.weight/,
    );
  });

  it('is refused when nothing in it is known', () => {
    const other = [{ name: 'layer1.0.weight', shape: [1], data: Float32Array.of(1) }];
    expect(() => weightsFromSafetensors(writeSafetensors(other))).toThrow(
      /E-MODEL.*layer1\.0\.weight.*SimpleNet/,
    );
    expect(() => weightsFromSafetensors(writeSafetensors([]))).toThrow(/E-MODEL/);
    const named = writeSafetensors(other, { metadata: { model: 'squeezenet' } });
    expect(() => weightsFromSafetensors(named)).toThrow(/E-MODEL.*"squeezenet"/);
  });

  it('is refused when the images cannot be told from the shapes', () => {
    const bytes = writeSafetensors(arraysFor([28, 40, 1], 10));
    expect(() => weightsFromSafetensors(bytes)).toThrow(/E-SHAPE.*does not say for which images/);
    const expected = { inputShape: [28, 40, 1] as const, classes: 10 };
    expect(weightsFromSafetensors(bytes, { expected }).inputShape).toEqual([28, 40, 1]);
  });

  it('is refused with a weight that is not finite', () => {
    const weights = weightsFor([28, 28, 1], 10);
    const fc2 = weights.parameters[6];
    if (fc2) fc2.data[41] = NaN;
    expect(() => weightsFromSafetensors(weightsToSafetensors(weights))).toThrow(
      /E-MODEL.*"fc2.weight" holds NaN at index 41/,
    );
  });

  describe('with a learned trigger', () => {
    const trigger = [
      { name: '1/mask', shape: [3], data: Float32Array.of(0.1, -2, 3e-9) },
      { name: '1/pattern', shape: [0], data: new Float32Array() },
    ];
    const good = weightsToSafetensors({ ...weightsFor([28, 28, 1], 10), trigger });

    it('comes back with it, and without it where there is none', () => {
      expect(weightsFromSafetensors(good).trigger).toEqual(trigger);
      expect(weightsFromSafetensors(weightsToSafetensors(weightsFor([28, 28, 1], 10)))).not.toHaveProperty(
        'trigger',
      );
    });

    const text = readSafetensors(good).metadata['trigger'] ?? '';
    const nan = JSON.stringify([{ name: '1/mask', values: 'AADAfw==' }]);
    it.each([
      ['empty', '', /no list of named numbers/],
      ['cut short', text.slice(0, -20), /no list of named numbers, or it is cut short/],
      ['of another kind', '{"mask": 1}', /no list/],
      ['with numbers that are no base64', text.replace('"values":"', '"values":"?'), /no list/],
      [
        'with half a number',
        JSON.stringify([{ name: '1/mask', values: 'AAAA' }]),
        /"1\/mask".*within a number/,
      ],
      ['that is not finite', nan, /"1\/mask" in it holds NaN at index 0/],
    ])('is refused in words with one that is %s', (_, given, why) => {
      const bytes = writeSafetensors(arraysFor([28, 28, 1], 10), { metadata: { trigger: given } });
      expect(() => weightsFromSafetensors(bytes, { file: 'm' })).toThrow(why);
      expect(() => weightsFromSafetensors(bytes, { file: 'm' })).toThrow(
        /E-MODEL: m carries a learned trigger that is damaged.*Export the model again/,
      );
    });
  });

  it('is refused with lying metadata', () => {
    const arrays = arraysFor([28, 28, 1], 10);
    for (const input_shape of ['[1e9,1,1]', 'null', '[0, 28, 1]']) {
      const bytes = writeSafetensors(arrays, { metadata: { input_shape, classes: '10' } });
      expect(weightsFromSafetensors(bytes).inputShape).toEqual([28, 28, 1]);
    }
    const bytes = writeSafetensors(arrays, { metadata: { input_shape: '[4, 4, 1]', classes: '10' } });
    expect(() => weightsFromSafetensors(bytes)).toThrow(/E-SHAPE/);
  });
});
