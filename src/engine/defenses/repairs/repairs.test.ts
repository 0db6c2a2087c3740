import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { inputShapeOf } from '../../../core/models/input-of.ts';
import type { DefenseId } from '../../../core/defenses/definitions.ts';
import { arrayOf, unitGroups } from '../../../core/models/units.ts';
import { asTheyAre } from '../../../core/training/examples.ts';
import { gather } from '../../../core/training/gather.ts';
import { nodeAssets } from '../../backend/assets.node.ts';
import { startBackend } from '../../backend/start.ts';
import { initialWeights, Network } from '../../models/network.ts';
import { lossAndGradient } from '../../objectives/loss-gradient.ts';
import { tinyDataset } from '../../training/run.test-support.ts';
import { defend, quick, request } from '../defense.test-support.ts';
import { sharpGradient } from './ft-sam.ts';
import { hypergradient, slopesIn } from './i-bau.ts';
import { belowThreshold, ChannelMasks, MaskDescent } from './masks.ts';
import { attended } from './nad.ts';
import { withTrigger } from './recovered-trigger.ts';
import { strides } from './prune.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

const tiny = (): Network =>
  new Network(
    initialWeights('simplenet', inputShapeOf(tinyDataset.info), tinyDataset.info.classes.length, 1),
  );

const batchOf = (count: number) =>
  gather(
    tinyDataset,
    'train',
    asTheyAre(
      tinyDataset.train,
      Array.from({ length: count }, (_, at) => at),
    ),
  );

describe('fine-tuning', () => {
  it('teaches what the clean examples say', async () => {
    const asked = request([quick('fine_tuning', { epochs: 20, batch_size: 16 })], { control: null });
    const [result] = (await defend(asked)).results;
    expect(result?.verdict).toBe('repaired');
    expect(result?.metrics['clean_accuracy_after']).toBeGreaterThan(0.9);
    expect(result?.metrics['clean_accuracy_before']).toBeLessThan(0.7);
  });
});

describe('fine-pruning', () => {
  it('keeps the pruned channels silent while it trains on, and measures what pruning alone did', async () => {
    const asked = request([quick('fine_pruning', { drop: 1 })], { control: null });
    const [result] = (await defend(asked)).results;
    const conv2 = unitGroups(asked.weights).at(-1);
    expect(result?.flagged).toHaveLength((conv2?.channels ?? NaN) - 1);
    const size = 20 * 5 * 5;
    const after = result?.weights && arrayOf(result.weights, 'conv2.weight').data;
    const silent = (result?.flagged ?? []).map((unit) => unit - (conv2?.first ?? 0));
    expect(silent.every((at) => after?.subarray(at * size, (at + 1) * size).every((v) => v === 0))).toBe(
      true,
    );
    const course = result?.evidence.find(({ id }) => id === 'truth-pruning');
    expect(course?.kind === 'curve' && course.lines.map(({ name }) => name)).toEqual([
      'clean accuracy',
      'attack success',
    ]);
  });

  it('counts in strides up to the end', () => {
    expect(strides(7, 3)).toEqual([3, 6, 7]);
    expect(strides(0, 3)).toEqual([]);
  });
});

describe('masks of channels', () => {
  it('say what the network says where all are 1, and nothing where a channel is 0', async () => {
    const network = tiny();
    const { images, count } = await batchOf(4);
    const masks = new ChannelMasks(network);
    const inputs = network.batchOf(images, count);
    const ones = masks.parts(new Float32Array(masks.units).fill(1));
    const zeros = masks.parts(new Float32Array(masks.units));
    const [plain, masked] = [network.forward(inputs), masks.forward(inputs, ones, ones)];
    const silent = masks.forward(inputs, zeros, zeros);
    const rows = await silent.array();
    expect(await masked.data()).toEqual(await plain.data());
    expect(rows[1]).toEqual(rows[0]);
    tf.dispose([inputs, ...ones, ...zeros, plain, masked, silent]);
    network.dispose();
  });

  it('stay in [0, 1], and the smallest goes first', () => {
    const descent = new MaskDescent(3, 0.2, 0.5);
    descent.step(Float32Array.of(1, -1, 9));
    descent.step(Float32Array.of(1, 0, 0));
    expect(descent.values[0]).toBeCloseTo(0.5, 6);
    expect([...descent.values.subarray(1)]).toEqual([1, 0]);
    expect(belowThreshold(descent.values, 0.6)).toEqual([2, 0]);
  });
});

describe('FT-SAM', () => {
  it('takes its gradient elsewhere, and leaves the weights where they were', async () => {
    const network = tiny();
    const batch = await batchOf(16);
    const before = await network.weights();
    const plain = lossAndGradient(network, batch);
    const sharp = sharpGradient(network, batch, 2);
    expect(await network.weights()).toEqual(before);
    expect((await sharp.loss.data())[0]).toBeGreaterThan((await plain.loss.data())[0] ?? NaN);
    for (const { loss, gradient, statistics } of [plain, sharp])
      tf.dispose([loss, ...gradient, ...statistics]);
    network.dispose();
  });
});

describe('NAD', () => {
  it('has a map of length 1 for each resolution, and the logits of the network', async () => {
    const network = tiny();
    const { images, count } = await batchOf(3);
    const inputs = network.batchOf(images, count);
    const { logits, maps } = attended(network, inputs, 2);
    const plain = network.forward(inputs);
    expect(await logits.data()).toEqual(await plain.data());
    expect(maps.length).toBe(2);
    for (const map of maps) {
      const lengths = tf.tidy(() => tf.sum(tf.square(map), 1).dataSync());
      for (const length of lengths) expect(length).toBeCloseTo(1, 4);
    }
    network.dispose();
    expect(logits.shape).toEqual([3, 3]);
    tf.dispose([inputs, logits, plain, ...maps]);
  });
});

describe('a repair whose weights grow without bound', () => {
  it.each<[DefenseId, object]>([
    ['fine_tuning', { learning_rate: 1, momentum: 0.999, epochs: 60, batch_size: 4 }],
    [
      'rnp',
      { unlearning_rate: 1, momentum: 0.999, unlearning_epochs: 60, unlearned_accuracy: 0, batch_size: 4 },
    ],
  ])('says so instead of handing out what is left: %s', async (id, settings) => {
    const asked = request([quick(id, settings)], { control: null });
    await expect(defend(asked)).rejects.toMatchObject({ code: 'E-NAN' });
  });
});

describe('RNP', () => {
  it('unlearns until few clean examples are read as they say, and prunes by what recovers them', async () => {
    const asked = request([quick('rnp', { unlearning_epochs: 40, unlearning_rate: 0.05 })], {
      control: null,
    });
    const [result] = (await defend(asked)).results;
    expect(result?.metrics['unlearnt_accuracy']).toBeLessThanOrEqual(0.2);
    expect(result?.metrics['unlearning_steps']).toBeLessThan(40);
    expect(result?.evidence.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['rnp-unlearning', 'rnp-recovering', 'masks-conv1', 'masks-conv2']),
    );
  });
});

describe('I-BAU', () => {
  it('follows the loss under the perturbation and what the perturbation answers to the weights', async () => {
    const network = tiny();
    const batch = await batchOf(12);
    const moved = Float32Array.from({ length: 16 * 17 }, (_, at) => 0.3 * Math.sin(at));
    const rate = 2;
    const { gradient } = await hypergradient(network, batch, moved, 12, { terms: 1, fixed_rate: rate });
    const answer = await slopesIn(network, batch, moved, 12);
    const images = batch.images.map((value, at) => value + (moved[at % moved.length] ?? 0));
    // Its gradient in the weights is the hypergradient, while the answer stays what it is here.
    const lagrangian = async (): Promise<number> => {
      const { loss, ...rest } = lossAndGradient(network, { ...batch, images });
      const [value = NaN] = await loss.data();
      tf.dispose([loss, ...rest.gradient, ...rest.statistics]);
      const slopes = await slopesIn(network, batch, moved, 12);
      return value + rate * slopes.reduce((sum, slope, at) => sum + slope * (answer[at] ?? 0), 0);
    };
    const squared = tf.tidy(() => tf.addN(gradient.map((slope) => tf.sum(tf.square(slope)))).dataSync()[0]);
    const step = 0.02 / Math.sqrt(squared ?? NaN);
    const move = (by: number): void =>
      network.variables.forEach((variable, at) =>
        tf.tidy(() => variable.assign(tf.add(variable, tf.mul(gradient[at] ?? variable, by)))),
      );
    move(step);
    const up = await lagrangian();
    move(-2 * step);
    const down = await lagrangian();
    expect((up - down) / (2 * step) / (squared ?? NaN)).toBeCloseTo(1, 1);
    tf.dispose(gradient);
    network.dispose();
  });
});

describe('the recovered trigger', () => {
  it('is laid on the first images of a batch, as the batch is normalised', () => {
    const batch = { images: Float32Array.of(1, 2, 3, 4), labels: Int32Array.of(0, 1), count: 2 };
    const trigger = { mask: Float32Array.of(1, 0.5), pattern: Float32Array.of(1, 0) };
    const { images, labels } = withTrigger(batch, trigger, { mean: [0.5], deviation: [0.25] }, 1);
    expect([...images]).toEqual([2, 0, 3, 4]);
    expect(labels).toBe(batch.labels);
    expect([...batch.images]).toEqual([1, 2, 3, 4]);
  });
});
