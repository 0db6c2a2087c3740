import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { withGroupNorm } from '../../core/models/group-norm.ts';
import { randomStream } from '../../core/rng/random.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { groupNormalized } from './group-norm.ts';
import { Network } from './network.ts';

const SHAPE = [2, 3, 5, 6] as const;
const [COUNT, HEIGHT, WIDTH, CHANNELS] = SHAPE;
const GROUPS = 3;
const EPSILON = 0.01;

const random = randomStream(7, 'group norm test');
const values = Float32Array.from({ length: COUNT * HEIGHT * WIDTH * CHANNELS }, () => random.uniform(-1, 3));

/** torch.nn.GroupNorm’s formula without scale and shift, value by value; `x` may be moved at one place. */
function plain(x: Float32Array | Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  const width = CHANNELS / GROUPS;
  for (let example = 0; example < COUNT; example++)
    for (let group = 0; group < GROUPS; group++) {
      const places: number[] = [];
      for (let place = 0; place < HEIGHT * WIDTH; place++)
        for (let channel = group * width; channel < (group + 1) * width; channel++)
          places.push((example * HEIGHT * WIDTH + place) * CHANNELS + channel);
      const mean = places.reduce((sum, at) => sum + (x[at] ?? 0), 0) / places.length;
      const variance = places.reduce((sum, at) => sum + ((x[at] ?? 0) - mean) ** 2, 0) / places.length;
      for (const at of places) out[at] = ((x[at] ?? 0) - mean) / Math.sqrt(variance + EPSILON);
    }
  return out;
}

describe.each(['cpu', 'wasm'] as const)('group normalisation on %s', (backend) => {
  it('equals the plain formula, and its gradient the differences of that', async () => {
    await startBackend(backend, nodeAssets);
    const weights = Float32Array.from(values, (_, at) => Math.sin(at));
    const loss = (x: Float64Array): number =>
      plain(x).reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0);
    const before = tf.memory().numTensors;
    const [given, gradient] = tf.tidy(() => {
      const x = tf.tensor4d(values, [...SHAPE]);
      const apply = (input: tf.Tensor): tf.Tensor => groupNormalized(input, GROUPS, EPSILON);
      const slope = tf.grad((input) => tf.sum(tf.mul(apply(input), tf.tensor4d(weights, [...SHAPE]))))(x);
      return [apply(x).dataSync<'float32'>(), slope.dataSync<'float32'>()] as const;
    });
    expect(tf.memory().numTensors).toBe(before);
    const expected = plain(values);
    for (const [at, value] of expected.entries()) expect(given[at]).toBeCloseTo(value, 5);
    for (const at of [0, 17, 58, 91, 179]) {
      const moved = (by: number): number =>
        loss(Float64Array.from(values, (value, i) => value + (i === at ? by : 0)));
      expect(gradient[at]).toBeCloseTo((moved(1e-4) - moved(-1e-4)) / 2e-4, 4);
    }
  });
});

describe('a model with batch-norm', () => {
  it('becomes one with group-norm that keeps what it has learnt and takes no notice of its batch', async () => {
    await startBackend('wasm', nodeAssets);
    const first = Network.create('resnet8', [8, 9, 2], 3, 5);
    const converted = withGroupNorm(await first.weights(), 'resnet8_gn');
    if (!converted) throw new Error('not converted');
    expect(withGroupNorm(converted, 'resnet8')).toBeNull();
    const network = new Network(converted);
    expect(network.parameterCount).toBe(first.parameterCount);
    expect(network.statistics).toEqual([]);
    const conv = (of: Network): Uint8Array | Int32Array | Float32Array =>
      of.arrayNamed('layer2.0.shortcut.0.weight').dataSync();
    expect(conv(network)).toEqual(conv(first));
    tf.tidy(() => {
      const batch = tf.randomUniform([4, 8, 9, 2], -1, 1, 'float32', 3);
      const together = network.forwardTraining(batch).logits.arraySync();
      const alone = network.forwardTraining(tf.slice(batch, 2, 1)).logits.arraySync();
      alone[0]?.forEach((logit, at) => expect(logit).toBeCloseTo(together[2]?.[at] ?? NaN, 4));
    });
    first.dispose();
    network.dispose();
  });
});
