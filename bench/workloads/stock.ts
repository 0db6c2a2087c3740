/**
 * The workloads as a user of stock TensorFlow.js would write them: its layers' operations, its losses, its optimizers.
 * Its SGD has no weight decay, and its images are uploaded in every step, as the lab's are.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../src/core/training/images.ts';
import type { Bout } from '../station.ts';
import { BATCH, EVALUATION_IMAGES, type StepName } from '../workload-list.ts';
import {
  CIFAR,
  CLASSES,
  MNIST,
  NEURAL_CLEANSE,
  noiseImages,
  type Shape3,
  TARGET,
  withTrigger,
} from './inputs.ts';
import { kernelBout, settling } from './kernels.ts';
import { minimumNormShare } from './minimum-norm.ts';
import { type Model, stockResnet18, stockSimplenet } from './stock-models.ts';

export function stockBout(name: StepName): Bout {
  switch (name) {
    case 'simplenet_step':
      return training(stockSimplenet(), MNIST, tf.train.momentum(0.01, 0.9));
    case 'simplenet_adam_step':
      return training(stockSimplenet(), MNIST, tf.train.adam(0.001));
    case 'resnet18_step':
      return training(stockResnet18(), CIFAR, tf.train.momentum(0.01, 0.9));
    case 'simplenet_eval':
      return evaluation();
    case 'mgda_step':
      return mgda();
    case 'nc_step':
      return neuralCleanse();
    default: {
      const bout = kernelBout(name);
      if (!bout) throw new Error(`stock TensorFlow.js has no workload ${name}`);
      return bout;
    }
  }
}

function upload({ images, count }: LabelledImages, shape: Shape3): tf.Tensor4D {
  return tf.tensor4d(images, [count, ...shape]);
}

function meanLoss(model: Model, images: tf.Tensor4D, labels: Int32Array): tf.Scalar {
  const oneHot = tf.oneHot(tf.tensor1d(labels, 'int32'), CLASSES);
  return tf.losses.softmaxCrossEntropy<tf.Tensor2D, tf.Scalar>(oneHot as tf.Tensor2D, model.forward(images));
}

async function readLoss(loss: tf.Tensor): Promise<number> {
  const value = (await loss.data())[0] ?? NaN;
  if (!Number.isFinite(value)) throw new Error('the loss is not a number');
  return value;
}

function training(model: Model, shape: Shape3, optimizer: tf.Optimizer): Bout {
  const batch = noiseImages(BATCH, shape);
  return {
    step: async () => {
      const loss = optimizer.minimize(
        () => meanLoss(model, upload(batch, shape), batch.labels),
        true,
        model.variables,
      );
      if (!loss) throw new Error('no loss');
      await readLoss(loss);
      loss.dispose();
    },
    settle: settling(() => model.variables.at(-1) ?? null),
    dispose: () => disposeAll(model, optimizer),
  };
}

function evaluation(): Bout {
  const model = stockSimplenet();
  const batch = noiseImages(EVALUATION_IMAGES, MNIST);
  return {
    step: async () => {
      const probabilities = tf.tidy(() => tf.softmax(model.forward(upload(batch, MNIST))));
      await probabilities.data();
      probabilities.dispose();
    },
    settle: null,
    dispose: () => tf.dispose(model.variables),
  };
}

/** A gradient a task, inner products read back, and the weighted sum as the step. */
function mgda(): Bout {
  const model = stockSimplenet();
  const optimizer = tf.train.momentum(0.01, 0.9);
  const clean = noiseImages(BATCH, MNIST);
  const batches = [clean, withTrigger(clean, MNIST)];
  const inner = (left: tf.Tensor[], right: tf.Tensor[]) =>
    tf.addN(left.map((tensor, index) => tf.sum(tf.mul(tensor, right[index] ?? tensor))));
  return {
    step: async () => {
      const tasks = batches.map((batch) => {
        const { value, grads } = tf.variableGrads(
          () => meanLoss(model, upload(batch, MNIST), batch.labels),
          model.variables,
        );
        return { value, gradient: model.variables.map(({ name }) => grads[name] ?? tf.scalar(0)) };
      });
      const [normal, backdoor] = tasks;
      if (!normal || !backdoor) throw new Error('two tasks');
      const measured = tf.tidy(() =>
        tf.stack([
          normal.value,
          backdoor.value,
          inner(normal.gradient, normal.gradient),
          inner(backdoor.gradient, backdoor.gradient),
          inner(normal.gradient, backdoor.gradient),
        ]),
      );
      const [lossN = NaN, lossB = NaN, nn = NaN, bb = NaN, nb = NaN] = await measured.data();
      const share = minimumNormShare(nn / lossN ** 2, bb / lossB ** 2, nb / (lossN * lossB));
      if (!Number.isFinite(share)) throw new Error('the share of a task is not a number');
      tf.tidy(() =>
        optimizer.applyGradients(
          Object.fromEntries(
            model.variables.map(({ name }, index) => [
              name,
              tf.add<tf.Variable>(
                tf.mul(normal.gradient[index] ?? 0, share),
                tf.mul(backdoor.gradient[index] ?? 0, 1 - share),
              ),
            ]),
          ),
        ),
      );
      tf.dispose([measured, tasks.map(({ value, gradient }) => [value, ...gradient])]);
    },
    settle: settling(() => model.variables.at(-1) ?? null),
    dispose: () => disposeAll(model, optimizer),
  };
}

function neuralCleanse(): Bout {
  const model = stockSimplenet();
  const [height, width] = MNIST;
  const mask = tf.tidy(() => tf.variable(tf.zeros([height, width, 1])));
  const pattern = tf.tidy(() => tf.variable(tf.zeros([...MNIST])));
  const optimizer = tf.train.adam(NEURAL_CLEANSE.learningRate);
  const batch = noiseImages(BATCH, MNIST);
  const labels = new Int32Array(BATCH).fill(TARGET);
  const opened = (variable: tf.Variable) => tf.add(tf.mul(tf.tanh(variable), 0.5), 0.5);
  return {
    step: async () => {
      const loss = optimizer.minimize(
        () => {
          const open = opened(mask);
          const stamped = tf.add<tf.Tensor4D>(
            tf.mul(upload(batch, MNIST), tf.sub(1, open)),
            tf.mul(open, opened(pattern)),
          );
          const norm = tf.mul(tf.sum(open), NEURAL_CLEANSE.maskWeight);
          return tf.add<tf.Scalar>(meanLoss(model, stamped, labels), norm);
        },
        true,
        [mask, pattern],
      );
      if (!loss) throw new Error('no loss');
      await readLoss(loss);
      loss.dispose();
    },
    settle: settling(() => mask),
    dispose: () => {
      disposeAll(model, optimizer);
      tf.dispose([mask, pattern]);
    },
  };
}

function disposeAll(model: Model, optimizer: tf.Optimizer): void {
  tf.dispose(model.variables);
  optimizer.dispose();
}
