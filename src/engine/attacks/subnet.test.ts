import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { LabError } from '../../core/errors.ts';
import type { ModelWeights, NamedArray } from '../../core/experiment/weights.ts';
import { architectureOf } from '../../core/models/architectures.ts';
import { initializeParameters } from '../../core/models/initialize.ts';
import { parameterSpecs } from '../../core/models/parameter-specs.ts';
import type { ImageDims } from '../../core/models/shapes.ts';
import { implantSubnet } from '../../core/models/subnet.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { Network } from '../models/network.ts';

const WIDTH = 2;
const TARGET = 8;

function hostOf(model: string, shape: ImageDims, seed: number): ModelWeights {
  const specs = parameterSpecs(architectureOf(model).layers(shape, 10), shape);
  return { model, inputShape: shape, classes: 10, parameters: initializeParameters(specs, seed) };
}

/** A subnet of two channels a layer and one output, from the first numbers of another host. */
function subnetOf(host: ModelWeights, first: string, head: string, plane: number): NamedArray[] {
  return host.parameters.map(({ name, shape, data }) => {
    const [rows = 1, columns = 1, ...rest] = shape;
    const small = [name.startsWith(`${head}.`) ? 1 : Math.min(WIDTH, rows)];
    if (shape.length > 1) {
      const fromPlane = name === 'fc1.weight';
      small.push(name.startsWith(`${first}.`) ? columns : WIDTH * (fromPlane ? plane : 1), ...rest);
    }
    const size = small.reduce((product, side) => product * side, 1);
    return {
      name,
      shape: shape.length === 0 ? [] : small,
      data: data.slice(0, size).map((value) => 4 * value),
    };
  });
}

function logits(weights: ModelWeights, seed: number): number[][] {
  const network = new Network(weights);
  const found = tf.tidy(() =>
    network.forward(tf.randomUniform([3, ...weights.inputShape], 0, 1, 'float32', seed)),
  );
  const values = tf.unstack(found).map((row) => {
    const list = [...row.dataSync()];
    row.dispose();
    return list;
  });
  found.dispose();
  network.dispose();
  return values;
}

beforeAll(async () => {
  await startBackend('wasm', nodeAssets);
});

describe.each([
  { model: 'simplenet', shape: [28, 28, 1] as ImageDims, first: 'conv1', head: 'fc2', plane: 16 },
  { model: 'vgg', shape: [32, 32, 3] as ImageDims, first: 'features.0', head: 'classifier', plane: 1 },
])('a subnet in $model', ({ model, shape, first, head, plane }) => {
  const subnet = subnetOf(hostOf(model, shape, 3), first, head, plane);
  const silent = subnet.map((array) => ({ ...array, data: array.data.map(() => 0) }));

  it('adds the same to the target of any host, and nothing to another logit', () => {
    const before = tf.memory().numTensors;
    const added = [1, 2].map((seed) => {
      const host = hostOf(model, shape, seed);
      const loud = logits(implantSubnet(host, subnet, TARGET).weights, 7);
      const quiet = logits(implantSubnet(host, silent, TARGET).weights, 7);
      return loud.map((row, at) => row.map((value, label) => value - (quiet[at]?.[label] ?? NaN)));
    });
    for (const rows of added)
      for (const row of rows)
        for (const [label, value] of row.entries()) if (label !== TARGET) expect(value).toBe(0);
    const [one = [], other = []] = added.map((rows) => rows.map((row) => row[TARGET] ?? NaN));
    expect(one.every((value) => Math.abs(value) > 1e-4)).toBe(true);
    one.forEach((value, at) => expect(value).toBeCloseTo(other[at] ?? NaN, 4));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves the host as it is, and tells what it replaced', () => {
    const host = hostOf(model, shape, 1);
    const copies = host.parameters.map(({ data }) => data.slice());
    const { replaced, edited } = implantSubnet(host, subnet, TARGET);
    const same = ({ data }: NamedArray, at: number) => data.every((value, i) => value === copies[at]?.[i]);
    expect(host.parameters.every(same)).toBe(true);
    expect(edited).toBeGreaterThan(0);
    expect(replaced[0]).toEqual({ layer: first, channels: WIDTH });
    expect(replaced.some(({ layer }) => layer === head)).toBe(false);
  });
});

it('refuses networks with branches and residual blocks, and a subnet that is as wide', () => {
  const residual = hostOf('resnet8', [32, 32, 3], 1);
  expect(() => implantSubnet(residual, residual.parameters, 0)).toThrow(LabError);
  const host = hostOf('simplenet', [28, 28, 1], 1);
  expect(() => implantSubnet(host, host.parameters, 0)).toThrow(/No subnet/);
});
