import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { params } from '../../../core/defenses/cognitive-distillation.ts';
import { randomStream } from '../../../core/rng/random.ts';
import { nodeAssets } from '../../backend/assets.node.ts';
import { startBackend } from '../../backend/start.ts';
import { Network } from '../../models/network.ts';
import { defend, quick, request } from '../defense.test-support.ts';
import { distilled, smoothnessSlope } from './cognitive-distillation.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

describe('Cognitive Distillation', () => {
  it('pulls neighbours together, within an image and within a row alone', () => {
    // Two masks of two rows and three columns; the second is even.
    const masks = Float32Array.of(1, 2, 4, 0, 0, 0, 9, 9, 9, 9, 9, 9);
    // At (0, 0): 2 (1 - 2) + 2 (1 - 0); at (0, 1): 2 (2 - 1) + 2 (2 - 4) + 2 (2 - 0); and so on.
    expect([...smoothnessSlope(masks, [2, 3], 1)]).toEqual([0, 2, 12, -2, -4, -8, 0, 0, 0, 0, 0, 0]);
    const sum = (at: Float32Array): number => {
      const v = (row: number, column: number): number => at[row * 3 + column] ?? 0;
      const columns = [0, 1].flatMap((y) => [0, 1].map((x) => (v(y, x) - v(y, x + 1)) ** 2));
      return 0.5 * [...columns, ...[0, 1, 2].map((x) => (v(0, x) - v(1, x)) ** 2)].reduce((a, b) => a + b);
    };
    const one = Float32Array.of(0.1, 0.7, 0.4, 0.9, 0.2, 0.6);
    const slope = smoothnessSlope(one, [2, 3], 0.5);
    one.forEach((value, at) => {
      const moved = one.slice();
      moved[at] = value + 1e-2;
      expect((sum(moved) - sum(one)) / 1e-2).toBeCloseTo(slope[at] ?? NaN, 1);
    });
  });

  it('keeps what a network looks at, and lets go of the rest', async () => {
    const network = Network.create('simplenet', [16, 16, 1], 2, 4);
    const fill = (name: string, value: number): void => {
      const array = network.arrayNamed(name);
      array.assign(tf.fill(array.shape, value));
    };
    for (const layer of ['conv1', 'conv2', 'fc1']) {
      fill(`${layer}.weight`, 0.02);
      fill(`${layer}.bias`, 0);
    }
    network.arrayNamed('fc2.weight').assign(tf.tensor(Array.from({ length: 500 }, () => [-1, 1])));
    fill('fc2.bias', 0);
    const image = new Float32Array(256).fill(-0.5);
    for (const at of [119, 120, 135, 136]) image[at] = 5;
    const asked = params.parse({
      kind: 'cognitive_distillation',
      steps: 60,
      norm_weight: 0.5,
      smoothness: 0,
      output: 'logits',
    });
    const batch = { images: image, count: 1, labels: new Int32Array(1) };
    const scale = { mean: [0.5], deviation: [1] };
    const found = await distilled(network, batch, asked, scale, randomStream(1), () => Promise.resolve());
    network.dispose();
    const [inside, outside] = [found[119] ?? NaN, found[0] ?? NaN];
    expect(inside).toBeGreaterThan(0.8);
    expect(outside).toBeLessThan(0.2);
  });

  it('shows its masks, and flags those that are smaller than clean ones', async () => {
    const [result] = (await defend(request([quick('cognitive_distillation')], { control: null }))).results;
    expect(result?.evidence.find(({ id }) => id === 'masks')).toMatchObject({ shape: [16, 17, 1] });
    const scores = result?.evidence.find(({ id }) => id === 'scores');
    expect(scores?.kind === 'scores' && scores.flagged).toBe('below');
  });
});
