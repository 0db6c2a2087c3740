import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import type { Layer } from '../../core/models/layers.ts';
import { resnet8 } from '../../core/models/resnet.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { plainBatchNorm, useBatchNormKernel as setBatchNormKernel } from '../models/batch-norm.ts';
import { initialWeights, Network } from '../models/network.ts';
import { TOLERANCE } from './checks.ts';
import type { Comparison } from './compare.ts';
import { layerAgreement } from './layer-agreement.ts';
import { plainArrays, plainForward } from './plain-forward.ts';
import type { PlainTensor } from './plain-layers.ts';
import { wave } from './wave.ts';

const SHAPE = [14, 11, 3] as const;
const COUNT = 3;
const CLASSES = 5;

/** ResNet-8 on the current backend against its twin; `engine` changes the weights of the engine alone. */
async function agreement(engine: (weights: ModelWeights) => void = () => undefined): Promise<Comparison> {
  const layers = resnet8.layers(SHAPE, CLASSES);
  const shape: [number, number, number, number] = [COUNT, ...SHAPE];
  const pixels = wave({ shape, seed: 7, scale: 1.5 });
  const expected = new Map<Layer, PlainTensor>();
  plainForward(
    layers,
    { shape, values: Float64Array.from(pixels) },
    {
      array: plainArrays(layers, initialWeights('resnet8', SHAPE, CLASSES, 4)),
      visit: (layer, output) => expected.set(layer, output),
    },
  );
  const weights = initialWeights('resnet8', SHAPE, CLASSES, 4);
  engine(weights);
  const network = new Network(weights);
  const images = tf.tensor4d(pixels, shape);
  try {
    return await layerAgreement('layers', layers, network, images, expected);
  } finally {
    network.dispose();
    images.dispose();
  }
}

/** What a kernel of the cpu backend computes instead, until the test is over. */
function replaceKernel(name: string, change: (config: tf.KernelConfig, given: Given) => tf.TensorInfo): void {
  const stock = tf.getKernel(name, 'cpu');
  tf.unregisterKernel(name, 'cpu');
  tf.registerKernel({ ...stock, kernelFunc: (given) => change(stock, given) });
  undo.push(() => {
    tf.unregisterKernel(name, 'cpu');
    tf.registerKernel(stock);
  });
}
type Given = Parameters<tf.KernelFunc>[0];
const undo: (() => void)[] = [];

afterEach(() => {
  for (const restore of undo.splice(0)) restore();
});

function replaceBatchNorm(
  change: (rows: number, epsilon: number) => { gamma: number; epsilon: number },
): void {
  setBatchNormKernel('cpu', () => ({
    ...plainBatchNorm,
    forward: (x, gamma, beta, epsilon) => {
      const wrong = change(x.size / gamma.size, epsilon);
      const scaled = tf.mul(gamma, wrong.gamma);
      const output = plainBatchNorm.forward(x, scaled, beta, wrong.epsilon);
      scaled.dispose();
      return output;
    },
  }));
  undo.push(() => setBatchNormKernel('cpu', () => null));
}

/** The input, moved up and left by a pixel. */
function moved(info: tf.TensorInfo): tf.Tensor {
  return tf.tidy(() => {
    const x = info as tf.Tensor4D;
    const up = tf.concat([tf.slice(x, [0, 1]), tf.slice(x, [0, 0], [-1, 1])], 1);
    return tf.concat([tf.slice(up, [0, 0, 1]), tf.slice(up, [0, 0, 0], [-1, -1, 1])], 2);
  });
}

const WRONG: [what: string, where: RegExp, plant: () => void][] = [
  [
    'the unbiased variance',
    /batch_norm layer3/,
    () =>
      replaceBatchNorm((n, epsilon) => ({ gamma: Math.sqrt((n - 1) / n), epsilon: (epsilon * (n - 1)) / n })),
  ],
  ['an epsilon of 1e-3', /batch_norm/, () => replaceBatchNorm(() => ({ gamma: 1, epsilon: 1e-3 }))],
  [
    'strides that begin a pixel late',
    /conv layer[23]\.0\.(conv1|shortcut\.0)/,
    () =>
      replaceKernel('Conv2D', (stock, given) => {
        const { strides } = given.attrs as unknown as { strides: number | number[] };
        const late = [strides].flat()[0] === 2;
        const x = late ? moved(given.inputs.x as tf.TensorInfo) : (given.inputs.x as tf.TensorInfo);
        return stock.kernelFunc({ ...given, inputs: { ...given.inputs, x } }) as tf.TensorInfo;
      }),
  ],
  [
    'a shortcut that is left out',
    /residual/,
    () => replaceKernel('Add', (_, { inputs }) => tf.clone(inputs.a as tf.Tensor)),
  ],
  ['no rectifier', /relu/, () => replaceKernel('Relu', (_, { inputs }) => tf.clone(inputs.x as tf.Tensor))],
];

describe('the layers of the engine against their twins', () => {
  it.each(['cpu', 'wasm'] as const)('agree on %s, and keep no tensors', async (backend) => {
    await startBackend(backend, nodeAssets);
    const before = tf.memory().numTensors;
    const { name, error } = await agreement();
    expect(error, name).toBeLessThan(1e-5);
    expect(error).toBeGreaterThan(0);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(WRONG)('disagree with %s', async (_, where, plant) => {
    await startBackend('cpu', nodeAssets);
    plant();
    const { name, error } = await agreement();
    expect(error).toBeGreaterThan(TOLERANCE);
    expect(name).toMatch(where);
  });

  it('disagree where a weight is off, and there alone', async () => {
    await startBackend('wasm', nodeAssets);
    const { name, error } = await agreement(({ parameters }) => {
      const array = parameters.find((one) => one.name === 'layer2.0.conv2.weight');
      if (array) array.data[40] = (array.data[40] ?? 0) + 0.05;
    });
    expect(name).toBe('layers: conv layer2.0.conv2, 32 of 3x3');
    expect(error).toBeGreaterThan(TOLERANCE);
  });

  it('disagree with a twin that lacks a layer', async () => {
    await startBackend('cpu', nodeAssets);
    const network = new Network(initialWeights('resnet8', SHAPE, CLASSES, 4));
    const images = tf.zeros<tf.Rank.R4>([COUNT, ...SHAPE]);
    const layers = resnet8.layers(SHAPE, CLASSES);
    expect((await layerAgreement('layers', layers, network, images, new Map())).error).toBe(Infinity);
    expect((await layerAgreement('layers', [], network, images, new Map())).error).toBe(Infinity);
    network.dispose();
    images.dispose();
  });
});
