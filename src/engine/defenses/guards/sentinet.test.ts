import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../../core/rng/random.ts';
import { fitParabola, parabolaAt } from '../../../core/statistics/parabola.ts';
import { nodeAssets } from '../../backend/assets.node.ts';
import { startBackend } from '../../backend/start.ts';
import { Network } from '../../models/network.ts';
import { defend, quick, request } from '../defense.test-support.ts';
import { gradCam, scaledUp } from './grad-cam.ts';
import { covered, inertPattern } from './sentinet.ts';
import { boundaryOf, overBoundary } from './sentinet-boundary.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

describe('SentiNet', () => {
  it('lays a region over images, all channels of it', () => {
    const images = Float32Array.from({ length: 12 }, (_, at) => at);
    const patch = Float32Array.of(-1, -2, -3, -4, -5, -6);
    // Three places of two channels, two images.
    expect([...covered(images, patch, Uint8Array.of(0, 1, 1))]).toEqual([
      0, 1, -3, -4, -5, -6, 6, 7, -3, -4, -5, -6,
    ]);
  });

  it('puts each place of a map where it looks, to a largest value of 1', () => {
    const centres = { rows: { first: 0, step: 1 }, columns: { first: 1, step: 2 } };
    // Two columns, centred on pixels 1 and 3; beyond them nothing changes.
    expect([...scaledUp([1, 5], [1, 2], [1, 5], centres)]).toEqual(
      [1, 1, 3, 5, 5].map((value) => Math.fround(value / 5)),
    );
    expect([...scaledUp([0, 0], [1, 2], [1, 3], centres)]).toEqual([0, 0, 0]);
  });

  it('finds a trigger where it is, also in a corner', async () => {
    const network = Network.create('simplenet', [28, 28, 1], 2, 4);
    // Both filters sum up what they see, and more is class 1.
    const ones = (name: string, value: number): void => {
      const array = network.arrayNamed(name);
      array.assign(tf.fill(array.shape, value));
    };
    for (const layer of ['conv1', 'conv2', 'fc1']) [`${layer}.weight`, `${layer}.bias`].forEach((name, at) => ones(name, at === 0 ? 0.01 : 0)); // prettier-ignore
    network.arrayNamed('fc2.weight').assign(tf.tensor(Array.from({ length: 500 }, () => [-1, 1])));
    ones('fc2.bias', 0);
    const image = new Float32Array(784);
    for (const at of [1, 2, 29, 30]) image[at] = 1;
    const { said, heat } = await gradCam(network, image, 1);
    network.dispose();
    expect(said[0]).toBe(1);
    expect([heat[0], heat[30], heat[27], heat[783]]).toEqual([1, 1, 0, 0]);
  });

  it('learns its curve from the highest clean input of each interval', () => {
    const clean = [
      { confidence: 0, fooled: 0.1 },
      { confidence: 0.1, fooled: 0 },
      { confidence: 0.5, fooled: 0.2 },
      { confidence: 0.45, fooled: 0.1 },
      { confidence: 1, fooled: 0.5 },
    ];
    // Through (0, 0.1), (0.5, 0.2), (1, 0.5): 0.1 + 0.4 x^2.
    const curve = boundaryOf(clean, 3);
    expect(Math.abs(overBoundary(curve, { confidence: 0.25, fooled: 0.125 }))).toBeLessThan(1e-3);
    // Straight below its lowest place.
    expect(overBoundary(curve, { confidence: 0, fooled: -0.4 })).toBeCloseTo(-0.5, 6);
    expect(overBoundary(curve, { confidence: 0.25, fooled: 0.9 })).toBeGreaterThan(0.5);
    expect(overBoundary(curve, { confidence: 0.25, fooled: 0.9 })).toBeLessThan(0.775);
  });

  it('fits a parabola by least squares, and a line or constant where there is no more to fit', () => {
    const fit = fitParabola([0, 1, 2, 4].map((x) => [x, 3 - x + 2 * x * x]));
    [3, -1, 2].forEach((value, at) => expect(fit[at]).toBeCloseTo(value, 6));
    expect(parabolaAt(fitParabola([[1, 2], [1, 4]]), 9)).toBeCloseTo(3, 9); // prettier-ignore
    expect(parabolaAt(fitParabola([[1, 2], [3, 4]]), 5)).toBeCloseTo(6, 9); // prettier-ignore
  });

  it('looks at each image by itself, whatever stands beside it', async () => {
    const network = Network.create('simplenet', [16, 17, 1], 3, 4);
    const images = Float32Array.from({ length: 2 * 16 * 17 }, (_, at) => Math.sin(at * at));
    const both = await gradCam(network, images, 2);
    const second = await gradCam(network, images.slice(16 * 17), 1);
    network.dispose();
    expect(both.said[1]).toBe(second.said[0]);
    second.heat.forEach((value, at) => expect(both.heat[16 * 17 + at]).toBeCloseTo(value, 4));
    expect(Math.max(...second.heat)).toBe(1);
  });

  it('covers with the mean of the clean images, with grey, or with noise that differs', () => {
    const over = { images: Float32Array.of(1, 2, 3, 6), count: 2, labels: new Int32Array(2) };
    const scale = { mean: [0.25], deviation: [0.5] };
    const of = (kind: 'mean' | 'noise' | 'grey') => [
      ...inertPattern(kind, over, scale, randomStream(1, 'inert')),
    ];
    expect([of('mean'), of('grey')]).toEqual([
      [2, 4],
      [0.5, 0.5],
    ]);
    const [first = NaN, second = NaN] = of('noise');
    expect(first).not.toBe(second);
    expect(Math.max(first, second)).toBeLessThanOrEqual(1.5);
  });

  it('shows where it looked, and decides by the confidence alone where it is told to', async () => {
    const asked = [quick('sentinet'), quick('sentinet', { rule: 'confidence', confidence: 0 })];
    const [usual, confident] = (await defend(request(asked, { control: null }))).results;
    expect(usual?.evidence.find(({ id }) => id === 'looks')).toMatchObject({ shape: [16, 17, 1] });
    expect(usual?.evidence.find(({ id }) => id === 'readings')).toMatchObject({ line: { name: 'boundary' } });
    expect(confident?.flagged.length).toBe(confident?.metrics['inputs']);
  });
});
