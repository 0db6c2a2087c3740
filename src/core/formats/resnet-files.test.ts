/** Networks with batch-norm in both file formats. */
import { describe, expect, it } from 'vitest';
import type { ModelWeights, NamedArray } from '../experiment/weights.ts';
import { architectureOf } from '../models/architectures.ts';
import { sizeOf } from '../models/layers.ts';
import { parameterSpecs } from '../models/parameter-specs.ts';
import { weightsFromLayersModel, weightsToLayersModel } from './layers-model.ts';
import { weightsFromSafetensors, weightsToSafetensors } from './model-safetensors.ts';
import { writeSafetensors } from './safetensors-writer.ts';
import { readSafetensors } from './safetensors.ts';

function weightsFor(model: string, inputShape: [number, number, number], classes = 5): ModelWeights {
  const specs = parameterSpecs(architectureOf(model).layers(inputShape, classes), inputShape);
  const parameters = specs.map(({ name, shape, role }, salt): NamedArray => {
    const wave = (i: number) => 0.6 + 0.5 * Math.sin(12.9898 * i + salt);
    const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) =>
      role === 'count' ? 7 + salt : wave(i),
    );
    return { name, shape, data };
  });
  return { model, inputShape, classes, parameters };
}

const resnet8 = weightsFor('resnet8', [14, 11, 3]);

const changed = (name: string, change: (array: NamedArray) => NamedArray[]): NamedArray[] =>
  resnet8.parameters.flatMap((array) => (array.name === name ? change(array) : [array]));

function expectSame(found: ModelWeights, given: ModelWeights): void {
  const plain = ({ parameters, ...rest }: ModelWeights) => ({
    ...rest,
    parameters: parameters.map(({ name, shape, data }) => [
      name,
      shape,
      Buffer.from(data.buffer).toString('base64'),
    ]),
  });
  expect(plain(found)).toEqual(plain(given));
}

describe('a residual network as safetensors', () => {
  it('comes back bit for bit, with counts as int64 as PyTorch has them', () => {
    const bytes = weightsToSafetensors(resnet8);
    expectSame(weightsFromSafetensors(bytes), resnet8);
    const { tensors } = readSafetensors(bytes);
    const types = new Set(tensors.filter(({ name }) => name.endsWith('tracked')).map(({ dtype }) => dtype));
    expect(types).toEqual(new Set(['I64']));
    expect(tensors.find(({ name }) => name === 'layer3.0.shortcut.1.num_batches_tracked')?.shape).toEqual([]);
    expect(tensors.find(({ name }) => name === 'bn1.running_var')?.dtype).toBe('F32');
  });

  it('keeps its counts whole in half precision', () => {
    const { parameters } = weightsFromSafetensors(weightsToSafetensors(resnet8, {}, 'F16'));
    const count = ({ name }: NamedArray) => name === 'bn1.num_batches_tracked';
    expect(parameters.find(count)).toEqual(resnet8.parameters.find(count));
  });

  it('is told from its larger relatives by its names alone', () => {
    for (const [model, shape] of [
      ['resnet8', [32, 32, 3]],
      ['resnet20', [28, 28, 1]],
      ['resnet18', [32, 32, 3]],
    ] as const) {
      const weights = weightsFor(model, [...shape]);
      expectSame(weightsFromSafetensors(writeSafetensors(weights.parameters)), weights);
    }
  });

  it('may lack the counts, as older files do, and nothing else', () => {
    const without = resnet8.parameters.filter(({ name }) => !name.endsWith('tracked'));
    const expected = { inputShape: [14, 11, 3] as const, classes: 5 };
    const { parameters } = weightsFromSafetensors(writeSafetensors(without), { expected });
    expect(parameters.find(({ name }) => name === 'bn1.num_batches_tracked')?.data).toEqual(
      Float32Array.of(0),
    );
    const lacking = without.filter(({ name }) => name !== 'layer2.0.bn1.running_var');
    expect(() => weightsFromSafetensors(writeSafetensors(lacking), { expected })).toThrow(
      /E-MODEL.*ResNet-8.*It lacks layer2\.0\.bn1\.running_var/,
    );
  });

  it('is refused with a variance below zero, or statistics of another size', () => {
    const file = (arrays: NamedArray[]) => () =>
      weightsFromSafetensors(writeSafetensors(arrays), {
        expected: { inputShape: [14, 11, 3], classes: 5 },
        file: 'm',
      });
    const negative = changed('bn1.running_var', (array) => [
      { ...array, data: array.data.map((value, i) => (i === 3 ? -value : value)) },
    ]);
    expect(file(negative)).toThrow(/E-MODEL: m: "bn1.running_var" holds -.* at index 3/);
    const short = changed('bn1.running_mean', (array) => [
      { ...array, shape: [15], data: array.data.subarray(1) },
    ]);
    expect(file(short)).toThrow(/E-SHAPE: m: "bn1.running_mean" has the shape \[15\] and should have \[16\]/);
  });
});

interface Node {
  name: string;
  class_name: string;
  config: Record<string, unknown>;
  inbound_nodes: [string, number, number, object][][];
}

/** A model.json with one thing changed. */
function withTopology(change: (nodes: Node[]) => void): Map<string, Uint8Array> {
  const files = weightsToLayersModel(resnet8);
  const model = JSON.parse(new TextDecoder().decode(files.get('model.json'))) as {
    modelTopology: { config: { layers: Node[] } };
  };
  change(model.modelTopology.config.layers);
  return files.set('model.json', new TextEncoder().encode(JSON.stringify(model)));
}

const node = (nodes: Node[], name: string): Node => {
  const found = nodes.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};

describe('a residual network as LayersModel', () => {
  it.each(['resnet8', 'resnet20'])('comes back bit for bit: %s', (model) => {
    const weights = weightsFor(model, [15, 12, 2], 3);
    expectSame(weightsFromLayersModel(weightsToLayersModel(weights)), weights);
  });

  it('may come without the lab’s own counts', () => {
    const files = weightsToLayersModel(resnet8);
    const model = JSON.parse(new TextDecoder().decode(files.get('model.json'))) as Record<string, unknown>;
    delete model.userDefinedMetadata;
    files.set('model.json', new TextEncoder().encode(JSON.stringify(model)));
    const { parameters } = weightsFromLayersModel(files);
    expect(parameters.filter(({ name }) => name.endsWith('tracked')).map(({ data }) => [...data])).toEqual(
      new Array(9).fill([0]),
    );
  });

  const refusals: [name: string, change: (nodes: Node[]) => void, message: RegExp][] = [
    ['another epsilon', (n) => (node(n, 'bn1').config.epsilon = 1e-3), /not those of SimpleNet or ResNet-8/],
    ['no gamma', (n) => (node(n, 'bn1').config.scale = false), /"bn1"\) lacks gamma or beta/],
    ['another axis', (n) => (node(n, 'bn1').config.axis = 1), /"bn1"\) does not normalise channels/],
    [
      'a border on one side',
      (n) =>
        ((n.find((one) => one.class_name === 'ZeroPadding2D')?.config ?? {}).padding = [
          [0, 1],
          [0, 1],
        ]),
      /same border on every side/,
    ],
    [
      'ways that do not meet',
      (n) => (node(n, 'add_1').inbound_nodes = [[['layer2.0.bn2', 0, 0, {}]]]),
      /do not meet|lead nowhere/,
    ],
    ['a circle', (n) => (node(n, 'conv1').inbound_nodes = [[['linear', 0, 0, {}]]]), /lead nowhere/],
    [
      'an unknown input',
      (n) => (node(n, 'bn1').inbound_nodes = [[['conv0', 0, 0, {}]]]),
      /follows "conv0", which is not there/,
    ],
    [
      'a layer used twice',
      (n) => node(n, 'bn1').inbound_nodes.push([['conv1', 0, 0, {}]]),
      /used more than once/,
    ],
    ['two inputs', (n) => (node(n, 'bn1').inbound_nodes = []), /not one input/],
    ['two names alike', (n) => (node(n, 'bn1').config.name = 'conv1'), /one name/],
  ];
  it.each(refusals)('is refused with %s', (_name, change, message) => {
    expect(() => weightsFromLayersModel(withTopology(change), 'm.json')).toThrow(message);
    expect(() => weightsFromLayersModel(withTopology(change), 'm.json')).toThrow(/E-MODEL: m\.json/);
  });
});
