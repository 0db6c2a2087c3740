import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { architectures } from './architectures.ts';
import type { ImageDims } from './shapes.ts';
import { activationShapes, outputShape } from './layers.ts';
import { parameterCount, parameterSpecs } from './parameter-specs.ts';
import { resnet18, resnet20, resnet8 } from './resnet.ts';

/** What PyTorch says of the same networks; see docs/reference-figures.md. */
const golden = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../engine/reference/golden/${name}.json`, import.meta.url), 'utf8'));

describe('the residual networks', () => {
  it.each([
    [resnet18, [32, 32, 3], 10, 11_173_962],
    [resnet20, [32, 32, 3], 10, 272_474],
    [resnet8, [32, 32, 3], 10, 78_042],
    // One channel less in, times 64, 16, 16 filters of 3x3, twice.
    [resnet18, [28, 28, 1], 10, 11_172_810],
    [resnet8, [14, 11, 3], 7, 77_847],
  ] as const)(
    'of $id has for %j and %i classes the known number of parameters',
    (one, shape, classes, count) => {
      expect(parameterCount(one, shape, classes)).toBe(count);
    },
  );

  it('names every array of ResNet-8 as PyTorch’s state_dict does, in its order and shapes', () => {
    const { state_dict: theirs } = golden('resnet8') as { state_dict: Record<string, number[]> };
    const ours = parameterSpecs(resnet8.layers([14, 11, 3], 7), [14, 11, 3]);
    expect(ours.map(({ name, shape }) => [name, shape])).toEqual(Object.entries(theirs));
  });

  it('names the parameters of ResNet-18 as Backdoors 101 does', () => {
    const { params } = golden('resnet18_cifar') as { params: { name: string; shape: number[] }[] };
    const ours = parameterSpecs(resnet18.layers([32, 32, 3], 10), [32, 32, 3]);
    expect(ours.filter(({ role }) => role === 'parameter').map(({ name, shape }) => [name, shape])).toEqual(
      params.map(({ name, shape }) => [name, shape]),
    );
  });

  it('learns gamma and beta, and counts and averages the rest', () => {
    const roles = parameterSpecs(resnet8.layers([28, 28, 1], 10), [28, 28, 1])
      .filter(({ name }) => name.startsWith('bn1.'))
      .map(({ name, role, start }) => [name, role, start]);
    expect(roles).toEqual([
      ['bn1.weight', 'parameter', { value: 1 }],
      ['bn1.bias', 'parameter', { value: 0 }],
      ['bn1.running_mean', 'statistic', { value: 0 }],
      ['bn1.running_var', 'statistic', { value: 1 }],
      ['bn1.num_batches_tracked', 'count', { value: 0 }],
    ]);
  });

  it('takes images of any size, and halves them after each stage but the last, rounding up', () => {
    const last = (shape: ImageDims) => activationShapes(resnet18.layers(shape, 10), shape).at(-3);
    expect(last([32, 32, 3])).toEqual([4, 4, 512]);
    expect(last([28, 28, 1])).toEqual([4, 4, 512]);
    expect(last([35, 9, 2])).toEqual([5, 2, 512]);
    expect(last([1, 1, 1])).toEqual([1, 1, 512]);
  });

  it('is told from the shapes of a file', () => {
    for (const one of [resnet8, resnet20, resnet18]) {
      for (const shape of [
        [28, 28, 1],
        [32, 32, 3],
      ] as const) {
        const specs = parameterSpecs(one.layers(shape, 43), shape);
        const shapes = new Map(specs.map(({ name, shape: dims }) => [name, dims]));
        expect(one.infer(shapes)).toEqual({ inputShape: shape, classes: 43 });
      }
      expect(one.infer(new Map())).toBeNull();
    }
  });

  it('is listed with the others', () => {
    expect(Object.keys(architectures)).toEqual(
      expect.arrayContaining(['resnet8', 'resnet20', 'resnet18', 'resnet18_224']),
    );
  });
});

describe('a residual block', () => {
  it('is refused when its two ways give other shapes', () => {
    const body = resnet8.layers([8, 8, 3], 2).slice(0, 1);
    expect(() => outputShape({ kind: 'residual', body, shortcut: [] }, [8, 8, 3])).toThrow(
      /E-SHAPE.*residual.*body gives \[8, 8, 16\], its shortcut \[8, 8, 3\]/,
    );
  });
});
