import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { arrayOf, unitGroups, unitGroupsOf, unitName, withoutUnits } from '../../core/models/units.ts';
import { initialWeights, Network } from './network.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** A model whose normalisations are not the identity. */
function moved(model: string, shape: [number, number, number]) {
  const weights = initialWeights(model, shape, 5, 4);
  for (const { name, data } of weights.parameters) {
    if (!name.includes('bn') && !name.includes('norm')) continue;
    data.forEach((value, at) => (data[at] = value + ((at % 5) + 1) / 10));
  }
  return weights;
}

describe('units of a model', () => {
  it.each([
    ['simplenet', [17, 16, 1], 70],
    ['resnet8', [16, 16, 3], 16 + 2 * 16 + 3 * 32 + 3 * 64],
    ['vgg', [32, 32, 3], null],
  ] as const)(
    'are the channels of every convolution of %s, and silent once taken out',
    (model, shape, count) => {
      const weights = moved(model, [...shape]);
      const groups = unitGroups(weights);
      const last = groups.at(-1);
      if (!last) throw new Error('it has convolutions');
      if (count !== null) expect(last.first + last.channels).toBe(count);
      const unit = last.first + 2;
      expect(unitName(groups, unit)).toBe(`${last.layer} channel 2`);
      const network = new Network(withoutUnits(weights, [unit]));
      const group = unitGroupsOf(network.layers).at(-1);
      let seen: number[] = [];
      const loud: number[] = [];
      tf.tidy(() => {
        const images = tf.randomNormal([2, ...shape], 0, 1, 'float32', 3);
        network.forwardWith(images, new Map(), (layer, output) => {
          if (layer !== group?.output) return output;
          const channels = tf.max(tf.abs(tf.reshape(output, [-1, output.shape.at(-1) ?? 1])), 0);
          seen = [...channels.dataSync()];
          return output;
        });
      });
      seen.forEach((value, channel) => value > 0 && loud.push(channel));
      expect(seen).toHaveLength(last.channels);
      expect(seen[2]).toBe(0);
      expect(loud.length).toBeGreaterThan(last.channels / 4);
      network.dispose();
      expect(arrayOf(weights, `${last.layer}.weight`).data.some((value) => value === 0)).toBe(false);
    },
  );

  it('leave the others as they are under a group normalisation, which takes its figures over several', () => {
    const weights = moved('resnet8_gn', [16, 16, 3]);
    const groups = unitGroups(weights);
    const first = groups[0];
    if (!first) throw new Error('it has convolutions');
    const pruned = withoutUnits(weights, [first.first + 1]);
    expect(first.shared).toBe(true);
    expect(arrayOf(pruned, `${first.layer}.weight`)).toBe(arrayOf(weights, `${first.layer}.weight`));
    for (const part of ['weight', 'bias'])
      expect(arrayOf(pruned, `${first.norm ?? ''}.${part}`).data[1]).toBe(0);
  });

  it('are none in a model for texts, and a number that there is not is refused', () => {
    expect(unitGroups(initialWeights('text_cnn', [9, 40], 3, 1))).toEqual([]);
    expect(() => withoutUnits(moved('simplenet', [17, 16, 1]), [70])).toThrow('no unit 70');
  });
});

describe('a forward pass with other arrays', () => {
  it('equals that of a network that holds them, and is differentiable in them', () => {
    const weights = moved('resnet8', [16, 16, 3]);
    const [group] = unitGroups(weights);
    const name = `${group?.norm}.weight`;
    const network = new Network(weights);
    const doubled = structuredClone(weights);
    const scale = arrayOf(doubled, name).data;
    scale.forEach((value, at) => (scale[at] = 2 * value));
    const other = new Network(doubled);
    tf.tidy(() => {
      const images = tf.randomNormal([2, 16, 16, 3], 0, 1, 'float32', 3);
      const factor = tf.fill([scale.length], 2);
      const instead = (by: tf.Tensor) => new Map([[name, tf.mul(network.arrayNamed(name), by)]]);
      const found = network.forwardWith(images, instead(factor)).dataSync();
      other
        .forward(images)
        .dataSync()
        .forEach((value, at) => expect(found[at]).toBeCloseTo(value, 4));
      const slope = tf.grad((by) => tf.sum(network.forwardWith(images, instead(by))))(factor);
      expect(tf.max(tf.abs(slope)).dataSync()[0]).toBeGreaterThan(0);
    });
    network.dispose();
    other.dispose();
  });
});
