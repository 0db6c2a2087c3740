import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../core/rng/random.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import { relativeError } from '../reference/compare.ts';
import { Optimizer } from '../training/optimizer.ts';
import { initialWeights, Network } from './network.ts';

const SHAPE = [9, 7, 2] as const;
const CLASSES = 4;
const FROZEN = ['conv1', 'bn1', 'layer1', 'layer2.0.bn1'];

const given = initialWeights('resnet8', SHAPE, CLASSES, 1);

function batch(count: number) {
  const random = randomStream(3, 'frozen');
  return {
    count,
    images: Float32Array.from({ length: count * 9 * 7 * 2 }, () => random.normal()),
    labels: Int32Array.from({ length: count }, (_, index) => index % CLASSES),
  };
}

beforeAll(() => startBackend('wasm', nodeAssets));

describe('a network with frozen layers', () => {
  it('changes nothing of them in training, and everything else', async () => {
    const before = tf.memory().numTensors;
    const network = new Network(given, FROZEN);
    const optimizer = new Optimizer(
      { kind: 'sgd', learning_rate: 0.01, momentum: 0.9, weight_decay: 0.1 },
      network.parameters,
    );
    for (let step = 1; step <= 2; step++) {
      const { loss, gradient, statistics } = lossAndGradient(network, batch(6));
      expect(gradient).toHaveLength(network.parameters.length);
      optimizer.apply(gradient, 0.01, step);
      network.track(statistics);
      tf.dispose([loss, ...gradient, ...statistics]);
    }
    const weights = await network.weights();
    const isFrozen = (name: string) => FROZEN.some((prefix) => name.startsWith(`${prefix}.`));
    const changed = weights.parameters.filter(({ data }, index) =>
      data.some((value, at) => value !== given.parameters[index]?.data[at]),
    );
    expect(changed.map(({ name }) => name)).toEqual(
      given.parameters.map(({ name }) => name).filter((name) => !isFrozen(name)),
    );
    const slots = await optimizer.state();
    expect(slots.some(({ name }) => isFrozen(name.slice(name.indexOf('/') + 1)))).toBe(false);
    optimizer.dispose();
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has of the others the gradient that all have, where no batch-norm stands between', async () => {
    const all = new Network(initialWeights('simplenet', [16, 18, 1], CLASSES, 2));
    const some = new Network(await all.weights(), ['conv1', 'fc1']);
    const random = randomStream(3, 'plain');
    const examples = {
      count: 3,
      images: Float32Array.from({ length: 3 * 16 * 18 }, () => random.normal()),
      labels: Int32Array.of(0, 3, 1),
    };
    const [full, part] = [lossAndGradient(all, examples), lossAndGradient(some, examples)];
    expect(some.parameters.map(({ layout }) => layout.name)).toEqual([
      'conv2.weight',
      'conv2.bias',
      'fc2.weight',
      'fc2.bias',
    ]);
    for (const [index, { layout }] of some.parameters.entries()) {
      const place = all.parameters.findIndex(({ layout: { name } }) => name === layout.name);
      const [found, expected] = [part.gradient[index], full.gradient[place]];
      expect(relativeError(found?.dataSync() ?? [], expected?.dataSync() ?? [])).toBeLessThan(1e-6);
    }
    for (const { loss, gradient } of [full, part]) tf.dispose([loss, ...gradient]);
    all.dispose();
    some.dispose();
  });

  it('computes in training as in evaluation once all of its batch-norm is frozen', () => {
    const network = new Network(given, ['bn1', 'layer1', 'layer2', 'layer3']);
    tf.tidy(() => {
      const images = network.batchOf(batch(3).images, 3);
      const { logits, statistics } = network.forwardTraining(images);
      expect(statistics).toEqual([]);
      expect(relativeError(logits.dataSync(), network.forward(images).dataSync())).toBeLessThan(1e-6);
    });
    network.dispose();
  });

  it('is refused when a name is that of no layer, or of every layer', () => {
    expect(() => new Network(given, ['layer', 'fc'])).toThrow(
      /E-MODEL: There is no layer "layer", "fc" to freeze.*conv1, bn1, layer1, layer2, layer3, linear/,
    );
    expect(() => new Network(given, ['conv1', 'bn1', 'layer1', 'layer2', 'layer3', 'linear'])).toThrow(
      /E-MODEL: Every layer is frozen/,
    );
  });
});
