import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ArchitectureDefinition, Layer } from '../../core/models/layers.ts';
import { sizeOf, walkLayers } from '../../core/models/layers.ts';
import { resnet18, resnet8 } from '../../core/models/resnet.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { relativeError } from './compare.ts';
import { flatten, type Nested } from './nested.ts';
import { plainArrays, plainForward } from './plain-forward.ts';
import { plainConvolution, type PlainTensor } from './plain-layers.ts';
import { BATCH_STATISTICS_TOLERANCE } from './resnet18.ts';
import { channelsLast, imageDims } from './simplenet.ts';
import { wave, type WaveSpec } from './wave.ts';
import { waveWeights } from './wave-weights.ts';

interface Figures {
  params: (WaveSpec & { name: string })[];
  input: WaveSpec;
  logits_train: Nested;
}

const read = (name: string): Figures =>
  JSON.parse(readFileSync(new URL(`./golden/${name}.json`, import.meta.url), 'utf8')) as Figures;

/** What a wrong twin would compute: other layers than those that the weights are for, or batch-norm by other rules. */
interface Slip {
  layers?: (layer: Layer) => Layer;
  unbiased?: boolean;
}

/** How far the twin is off from the reference's logits by batch statistics. */
function logitsError(
  architecture: ArchitectureDefinition,
  name: string,
  classes: number,
  slip: Slip = {},
): number {
  const { params, input, logits_train } = read(name);
  const shape = imageDims(input);
  const count = input.shape[0] ?? 0;
  const layers = architecture.layers(shape, classes);
  const array = plainArrays(layers, waveWeights(architecture, shape, classes, params));
  const values = Float64Array.from(channelsLast(wave(input), count, shape));
  const used = layers.map((layer) => changed(layer, slip.layers ?? ((same) => same)));
  const counts = new Map<string, number>();
  walkLayers(layers, shape, (layer, [height, width = 1]) => {
    if (layer.kind === 'batch_norm') counts.set(`${layer.name}.weight`, count * height * width);
  });
  const logits = plainForward(
    used,
    { shape: [count, ...shape], values },
    {
      array: (wanted) => {
        const n = slip.unbiased ? counts.get(wanted) : undefined;
        const { shape: dims, values: numbers } = array(wanted);
        // The variance times n / (n - 1): the epsilon is far too small to matter.
        return {
          shape: dims,
          values: n === undefined ? numbers : numbers.map((g) => g * Math.sqrt((n - 1) / n)),
        };
      },
    },
  );
  return relativeError(logits.values, flatten(logits_train));
}

function changed(layer: Layer, change: (layer: Layer) => Layer): Layer {
  if (layer.kind !== 'residual') return change(layer);
  const inside = (part: readonly Layer[]) => part.map((one) => changed(one, change));
  return { ...layer, body: inside(layer.body), shortcut: inside(layer.shortcut) };
}

const SLIPS: [string, Slip][] = [
  ['the unbiased variance', { unbiased: true }],
  [
    'an epsilon of 1e-3',
    { layers: (layer) => (layer.kind === 'batch_norm' ? { ...layer, epsilon: 1e-3 } : layer) },
  ],
  ['no stride', { layers: (layer) => (layer.kind === 'conv' ? { ...layer, stride: 1 } : layer) }],
];

describe('the plain twin by batch statistics', () => {
  it('agrees with PyTorch in double precision on ResNet-8', () => {
    // Batch-norm's 1 + wave is rounded to float32 here, and was not there.
    expect(logitsError(resnet8, 'resnet8', 7)).toBeLessThan(1e-6);
  });

  it.each(SLIPS)('would not with %s', (_, slip) => {
    expect(logitsError(resnet8, 'resnet8', 7, slip)).toBeGreaterThan(1e-4);
  });

  it.each(SLIPS.slice(0, 2))('would fail the check of ResNet-18 with %s', (_, slip) => {
    expect(logitsError(resnet18, 'resnet18_cifar', 10, slip)).toBeGreaterThan(BATCH_STATISTICS_TOLERANCE);
  });
});

describe('the plain convolution', () => {
  beforeAll(() => startBackend('cpu', nodeAssets));

  it.each([
    [1, 'same'],
    [2, 'same'],
    [3, 'same'],
    [2, 'valid'],
    [3, 2],
  ] as const)('agrees with stride %d and padding %s', (stride, padding) => {
    const drawn = (shape: number[], seed: number): PlainTensor => ({
      shape,
      values: Float64Array.from(wave({ shape, seed, scale: 1 })),
    });
    const x = drawn([2, 9, 8, 3], 1);
    const filter = drawn([3, 3, 3, 5], 2);
    const expected = tf.tidy(() =>
      tf
        .conv2d(
          tf.tensor4d(Float32Array.from(x.values), [2, 9, 8, 3]),
          tf.tensor4d(Float32Array.from(filter.values), [3, 3, 3, 5]),
          stride,
          padding,
          'NHWC',
          1,
          padding === 2 ? 'floor' : undefined,
        )
        .clone(),
    );
    const actual = plainConvolution(x, filter, { stride, padding });
    expect(actual.shape).toEqual(expected.shape);
    expect(sizeOf(actual.shape)).toBe(actual.values.length);
    expect(relativeError(actual.values, expected.dataSync())).toBeLessThan(1e-5);
    expected.dispose();
  });
});
