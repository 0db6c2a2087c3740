/** The networks of the bench in plain operations of TensorFlow.js. */
import * as tf from '@tensorflow/tfjs-core';
import { CLASSES, noise } from './inputs.ts';

export interface Model {
  variables: tf.Variable[];
  forward(images: tf.Tensor4D): tf.Tensor2D;
}

/** Makes variables of noise and remembers them. */
class Parameters {
  readonly all: tf.Variable[] = [];

  /** Values of deviation 1 / sqrt(fanIn). */
  weight<R extends tf.Rank>(shape: number[], fanIn: number): tf.Variable<R> {
    const values = noise(tf.util.sizeFromShape(shape), `weight ${this.all.length}`, 1 / Math.sqrt(fanIn));
    return this.keep(tf.tidy(() => tf.variable(tf.tensor(values, shape)))) as tf.Variable<R>;
  }

  filled(length: number, value: number): tf.Variable {
    return this.keep(tf.tidy(() => tf.variable(tf.fill([length], value))));
  }

  private keep(variable: tf.Variable): tf.Variable {
    this.all.push(variable);
    return variable;
  }
}

export function stockSimplenet(): Model {
  const parameters = new Parameters();
  const convolution = (kernel: number, from: number, to: number) => {
    const filter = parameters.weight<tf.Rank.R4>([kernel, kernel, from, to], kernel * kernel * from);
    const bias = parameters.filled(to, 0);
    return (x: tf.Tensor4D) =>
      tf.maxPool(tf.relu(tf.add<tf.Tensor4D>(tf.conv2d(x, filter, 1, 'valid'), bias)), 2, 2, 'valid');
  };
  const dense = (from: number, to: number) => {
    const weight = parameters.weight<tf.Rank.R2>([from, to], from);
    const bias = parameters.filled(to, 0);
    return (x: tf.Tensor2D) => tf.add<tf.Tensor2D>(tf.matMul(x, weight), bias);
  };
  const conv1 = convolution(5, 1, 20);
  const conv2 = convolution(5, 20, 50);
  const fc1 = dense(800, 500);
  const fc2 = dense(500, CLASSES);
  return {
    variables: parameters.all,
    forward: (images) => fc2(tf.relu(fc1(tf.reshape(conv2(conv1(images)), [images.shape[0], 800])))),
  };
}

type Step = (x: tf.Tensor4D) => tf.Tensor4D;

/** Convolution and batch normalisation over the batch. */
function normalized(parameters: Parameters, kernel: number, from: number, to: number, stride: number): Step {
  const filter = parameters.weight<tf.Rank.R4>([kernel, kernel, from, to], kernel * kernel * from);
  const scale = parameters.filled(to, 1);
  const shift = parameters.filled(to, 0);
  const pad = (kernel - 1) / 2;
  return (x) => {
    const y = tf.conv2d(x, filter, stride, pad);
    const { mean, variance } = tf.moments(y, [0, 1, 2]);
    return tf.batchNorm(y, mean, variance, shift, scale, 1e-5) as tf.Tensor4D;
  };
}

export function stockResnet18(): Model {
  const parameters = new Parameters();
  const stem = normalized(parameters, 3, 3, 64, 1);
  const blocks: Step[] = [];
  let channels = 64;
  for (const [stage, filters] of [64, 128, 256, 512].entries()) {
    for (const stride of [stage === 0 ? 1 : 2, 1]) {
      const first = normalized(parameters, 3, channels, filters, stride);
      const second = normalized(parameters, 3, filters, filters, 1);
      const shortcut: Step =
        stride === 1 && channels === filters
          ? (x) => x
          : normalized(parameters, 1, channels, filters, stride);
      blocks.push((x) => tf.relu(tf.add<tf.Tensor4D>(second(tf.relu(first(x))), shortcut(x))));
      channels = filters;
    }
  }
  const weight = parameters.weight<tf.Rank.R2>([512, CLASSES], 512);
  const bias = parameters.filled(CLASSES, 0);
  return {
    variables: parameters.all,
    forward: (images) => {
      const features = blocks.reduce((x, block) => block(x), tf.relu(stem(images)));
      return tf.add<tf.Tensor2D>(tf.matMul(tf.mean<tf.Tensor2D>(features, [1, 2]), weight), bias);
    },
  };
}
