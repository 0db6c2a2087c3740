import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { slowBatchNorm, slowBatchNormGradient } from '../wasm/batch-norm-twin.ts';
import { relativeError, TestNumbers } from '../wasm/test-support.ts';
import { currentInstance } from './api.ts';
import {
  adamUpdate,
  addScaledInPlace,
  batchNormGradient,
  batchNormTraining,
  channelSums,
  combineGradients,
  fitsGram,
  lossesAndGram,
  moveTowards,
  reluGradient,
  sgdUpdate,
  softmaxCrossEntropy,
} from './direct.ts';
import { elementCount } from './kernel.ts';
import { startWebgpu } from './test-support.ts';
import {
  slowAdam,
  slowChannelSums,
  slowCrossEntropy,
  slowGram,
  slowSgd,
  type SlowParameter,
} from './twins.ts';

const missing = await startWebgpu();
const suite = (name: string) => `${name} on webgpu${missing ? ` (skipped: ${missing})` : ''}`;
const TOLERANCE = 1e-5;
/** Of the parameters: one alone, less and more than a workgroup's run, and one that is not there. */
const SIZES = [1, 17, 0, 1024, 2503, 3];

/** Parameters with slots of zeros and random gradients of each objective, as arrays and as tensors. */
function drawParameters(numbers: TestNumbers, objectives: number, slots: number) {
  const slow: SlowParameter[] = SIZES.map((size) => ({
    p: Array.from(numbers.floats(size)),
    slots: Array.from({ length: slots }, () => new Array<number>(size).fill(0)),
    gradients: Array.from({ length: objectives }, () => numbers.floats(size)),
  }));
  const tensor = (values: ArrayLike<number>) => tf.tensor1d(Array.from(values), 'float32');
  return {
    slow,
    parameters: slow.map(({ p }) => tensor(p)),
    slots: Array.from({ length: slots }, (_, slot) => slow.map((member) => tensor(member.slots[slot] ?? []))),
    gradients: Array.from({ length: objectives }, (_, task) =>
      slow.map((member) => tensor(member.gradients[task] ?? [])),
    ),
  };
}

async function expectEqual(
  tensors: readonly tf.Tensor[],
  values: readonly ArrayLike<number>[],
): Promise<void> {
  for (const [index, tensor] of tensors.entries()) {
    expect(relativeError(await tensor.data(), values[index] ?? [])).toBeLessThan(TOLERANCE);
  }
}

describe.skipIf(missing)(suite('updates of all weights'), () => {
  const weights = (objectives: number) => Array.from({ length: objectives }, (_, k) => 0.7 - 0.2 * k);

  it.each([
    { momentum: 0, objectives: 1 },
    { momentum: 0.9, objectives: 1 },
    { momentum: 0.8, objectives: 2 },
    { momentum: 0.9, objectives: 7 },
  ])('take three SGD steps as PyTorch writes them: %j', async ({ momentum, objectives }) => {
    const options = { learningRate: 0.07, momentum, weightDecay: 0.013 };
    const drawn = drawParameters(new TestNumbers(objectives), objectives, momentum === 0 ? 0 : 1);
    const { slow, parameters, slots, gradients } = drawn;
    for (let step = 0; step < 3; step += 1) {
      sgdUpdate(parameters, slots[0] ?? null, { gradients, weights: weights(objectives) }, options);
      for (const member of slow) slowSgd(member, weights(objectives), options);
      // Read between the steps: what was read must not be remembered as the value.
      await expectEqual(
        parameters,
        slow.map(({ p }) => p),
      );
    }
    if (slots[0])
      await expectEqual(
        slots[0],
        slow.map((member) => member.slots[0] ?? []),
      );
  });

  it.each([1, 2, 6])('take three Adam steps as PyTorch writes them, %i objectives', async (objectives) => {
    const options = { learningRate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-5, weightDecay: 0.03 };
    const { slow, parameters, slots, gradients } = drawParameters(
      new TestNumbers(objectives + 9),
      objectives,
      2,
    );
    const [first = [], second = []] = slots;
    for (let step = 1; step <= 3; step += 1) {
      const weighted = { gradients, weights: weights(objectives) };
      adamUpdate(parameters, first, second, weighted, { ...options, step });
      for (const member of slow) slowAdam(member, weights(objectives), { ...options, step });
    }
    await expectEqual(
      parameters,
      slow.map(({ p }) => p),
    );
    await expectEqual(
      second,
      slow.map((member) => member.slots[1] ?? []),
    );
  });

  it('takes few dispatches', () => {
    const { parameters, slots, gradients } = drawParameters(new TestNumbers(3), 2, 1);
    const before = currentInstance().dispatches;
    const options = { learningRate: 0.1, momentum: 0.9, weightDecay: 0 };
    sgdUpdate(parameters, slots[0] ?? null, { gradients, weights: [1, 1] }, options);
    // Five parameters that hold anything, of four buffers each: two fit one dispatch.
    expect(currentInstance().dispatches - before).toBe(3);
  });

  it.each([1, 3, 9])('combine the gradients of %i objectives', async (objectives) => {
    const { slow, gradients } = drawParameters(new TestNumbers(objectives), objectives, 0);
    const combined = combineGradients({ gradients, weights: weights(objectives) });
    const expected = slow.map((member) =>
      Float64Array.from(member.p, (_, i) =>
        member.gradients.reduce(
          (sum, g, task) => sum + (weights(objectives)[task] ?? NaN) * (g[i] ?? NaN),
          0,
        ),
      ),
    );
    await expectEqual(combined, expected);
  });

  it('move running averages by shares of their own', async () => {
    const targets = [tf.tensor1d([1, 2]), tf.tensor1d([3]), tf.tensor1d([4, 0, 8])];
    const sources = [tf.tensor1d([3, 2]), tf.tensor1d([5]), tf.tensor1d([0, 4, 8])];
    moveTowards(targets, sources, [0.5, 0.125, 0.5]);
    await expectEqual(targets, [[2, 2], [3.25], [2, 2, 8]]);
  });

  it('leave the values of whoever shares a variable', async () => {
    const initial = tf.tensor1d([1, 2, 3]);
    const parameter = tf.variable(initial);
    const clone = parameter.clone();
    const gradient = tf.tensor1d([2, 2, 2]);
    const tensors = tf.memory().numTensors;
    const options = { learningRate: 0.5, momentum: 0, weightDecay: 0 };
    const weighted = { gradients: [[gradient]], weights: [1] };
    sgdUpdate([parameter], null, weighted, options);
    const before = parameter.dataId;
    sgdUpdate([parameter], null, weighted, options);
    expect(parameter.dataId).toBe(before);
    expect([...(await parameter.data())]).toEqual([-1, 0, 1]);
    expect([...(await clone.data()), ...(await initial.data())]).toEqual([1, 2, 3, 1, 2, 3]);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(() => addScaledInPlace([initial], [gradient], 1)).toThrow(/E-INTERNAL/);
  });
});

describe.skipIf(missing)(suite('losses and inner products'), () => {
  it.each([1, 2, 3, 6])('of %i objectives agree with plain loops', async (objectives) => {
    const { slow, gradients } = drawParameters(new TestNumbers(objectives + 20), objectives, 0);
    const losses = gradients.map((_, task) => tf.scalar(0.5 + task));
    const result = await lossesAndGram(losses, gradients).data();
    const tasks = Array.from({ length: objectives }, (_, task) => task);
    const products = slowGram(
      tasks.map((task) => slow.map((member) => member.gradients[task] ?? new Float32Array())),
    );
    expect(relativeError(result, [...tasks.map((task) => 0.5 + task), ...products])).toBeLessThan(TOLERANCE);
  });

  it('know how many objectives fit', () => {
    expect([fitsGram(6), fitsGram(7)]).toEqual([true, false]);
    const many = Array.from({ length: 7 }, () => tf.scalar(1));
    expect(() =>
      lossesAndGram(
        many,
        many.map((one) => [one]),
      ),
    ).toThrow(/E-SHAPE/);
  });
});

describe.skipIf(missing)(suite('softmax cross-entropy'), () => {
  it.each([
    [1, 2],
    [5, 10],
    [7, 43],
    [3, 201],
  ])('agrees with plain loops, %i rows of %i classes', async (rows, classes) => {
    const numbers = new TestNumbers(rows);
    const logits = numbers.floats(rows * classes).map((value) => value * 30);
    const labels = Int32Array.from({ length: rows }, () => numbers.integer(0, classes - 1));
    const expected = slowCrossEntropy(logits, labels, classes);
    const result = softmaxCrossEntropy(tf.tensor2d(logits, [rows, classes]), tf.tensor1d(labels, 'int32'));
    expect(relativeError(await result.loss.data(), expected.loss)).toBeLessThan(TOLERANCE);
    expect(relativeError(await result.gradient.data(), expected.gradient)).toBeLessThan(TOLERANCE);
  });

  it('stays finite for logits of a thousand, and is NaN for a label that is no class', async () => {
    const logits = tf.tensor2d([
      [1000, -1000, 0],
      [0, 0, 0],
    ]);
    const { loss, gradient } = softmaxCrossEntropy(logits, tf.tensor1d([1, 7], 'int32'));
    expect([...(await loss.data())]).toEqual([2000, NaN]);
    expect([...(await gradient.data())].slice(0, 3)).toEqual([1, -1, 0]);
  });
});

describe.skipIf(missing)(suite('sums and activations'), () => {
  it.each([
    [1, 1],
    [5, 17],
    [64, 10],
    [700, 3],
    [2000, 33],
  ])('sum the channels of %i rows of %i', async (rows, channels) => {
    const values = new TestNumbers(rows).floats(rows * channels);
    const sums = await channelSums(tf.tensor2d(values, [rows, channels])).data();
    expect(relativeError(sums, slowChannelSums(values, channels))).toBeLessThan(TOLERANCE);
  });

  it('pass a gradient where a ReLU was open', async () => {
    const dx = reluGradient(tf.tensor1d([1, 2, 3, 4]), tf.tensor1d([0, 0.5, -0, 2]));
    expect([...(await dx.data())]).toEqual([0, 2, 0, 4]);
  });
});

describe.skipIf(missing)(suite('batch normalisation in training'), () => {
  it.each([[[1, 3]], [[2, 3, 5, 7]], [[3, 11, 9, 17]], [[5, 16, 15, 2]]])(
    'agrees with plain loops, x %j',
    async (shape) => {
      const numbers = new TestNumbers(shape.length);
      const channels = shape.at(-1) ?? 1;
      const epsilon = 0.02;
      const values = {
        // Means far from zero, about which sums of squares would lose the variance.
        x: numbers.floats(elementCount(shape)).map((value, i) => value * 0.3 + 4 + (i % channels)),
        dy: numbers.floats(elementCount(shape)),
        gamma: numbers.floats(channels).map((value) => value + 1.5),
        beta: numbers.floats(channels),
      };
      const gamma = tf.tensor1d(values.gamma);
      const x = tf.tensor(values.x, shape);
      const forward = batchNormTraining(x, gamma, tf.tensor1d(values.beta), epsilon);
      const expected = slowBatchNorm(values, epsilon, false);
      expect(forward.y.shape).toEqual(shape);
      expect(relativeError(await forward.y.data(), expected.y)).toBeLessThan(1e-4);
      expect(relativeError(await forward.mean.data(), expected.mean)).toBeLessThan(TOLERANCE);
      expect(relativeError(await forward.variance.data(), expected.variance)).toBeLessThan(TOLERANCE);
      const gradients = batchNormGradient(
        tf.tensor(values.dy, shape),
        x,
        gamma,
        forward.mean,
        forward.variance,
        epsilon,
      );
      const wanted = slowBatchNormGradient(values, epsilon, expected.y, false);
      expect(relativeError(await gradients.dx.data(), wanted.dx)).toBeLessThan(1e-4);
      expect(relativeError(await gradients.dGamma.data(), wanted.dGamma)).toBeLessThan(1e-4);
      expect(relativeError(await gradients.dBeta.data(), wanted.dBeta)).toBeLessThan(1e-4);
    },
  );
});

describe.skipIf(missing)(suite('what does not fit'), () => {
  it('is refused, by name', () => {
    const [four, five] = [tf.zeros([4]), tf.zeros([5])];
    const sgd = { learningRate: 0.1, momentum: 0.9, weightDecay: 0 };
    const weighted = { gradients: [[four]], weights: [1] };
    expect(() => sgdUpdate([four], null, weighted, sgd)).toThrow(/velocity/);
    expect(() => sgdUpdate([five], [five], weighted, sgd)).toThrow(/E-SHAPE.*gradient has 4 values, not 5/i);
    expect(() => sgdUpdate([four, five], [four, five], weighted, sgd)).toThrow(
      /1 tensors of gradient, not 2/,
    );
    const adam = { learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, step: 0 };
    expect(() => adamUpdate([four], [four], [four], weighted, adam)).toThrow(/Step 0/);
    expect(() => addScaledInPlace([four], [tf.zeros([4], 'int32')], 1)).toThrow(/Source is int32/);
    expect(() => softmaxCrossEntropy(tf.zeros([2, 3]), tf.zeros([3], 'int32'))).toThrow(/E-SHAPE/);
    expect(() => batchNormTraining(tf.zeros([2, 5]), four, four, 1e-5)).toThrow(
      /Gamma is float32 with 4 values/,
    );
    const gone = tf.zeros([4]);
    gone.dispose();
    expect(() => channelSums(gone)).toThrow(/E-BACKEND/);
  });
});
