/** The gradients of single examples in one layer, from what it takes in and the gradient of what it gives. */
import * as tf from '@tensorflow/tfjs-core';
import type { TappedLayer } from '../models/forward.ts';

/** What one layer took in and gave; belongs to who made it. */
export interface Tapped {
  layer: TappedLayer;
  /** [n, ...] */
  input: tf.Tensor;
  /** Gradient of the summed losses in the layer’s output before its bias, [n, ..., units]. */
  outputGradient: tf.Tensor;
}

/** The squared lengths of the gradients of single examples, and their weighted sum. */
export interface LayerGradients {
  /** [n] */
  squares: tf.Tensor1D;
  /** Σ factor_i gradient_i of each of the layer’s arrays, by name; factors [n]. */
  weighted(factors: tf.Tensor1D): Map<string, tf.Tensor>;
}

/**
 * Lengths without the gradients themselves where that is cheaper. Source: Li et al., Large Language Models Can Be Strong
 * Differentially Private Learners, ICLR 2022, section 4; the choice for each layer by Bu, Mao and Xu, Scalable and Efficient
 * Training of Large Convolutional Neural Networks with Differential Privacy, NeurIPS 2022, section 4.
 * @param shape of the layer’s weight, in TensorFlow.js’s layout
 */
export function layerGradients(tapped: Tapped, shape: readonly number[]): LayerGradients {
  if (tapped.layer.kind === 'embedding') return ofTable(tapped, shape);
  if (tapped.layer.kind === 'group_norm') return ofScale(tapped);
  const { name } = tapped.layer;
  const hasBias = tapped.layer.kind !== 'conv' || tapped.layer.bias;
  const count = tapped.input.shape[0] ?? 0;
  const units = tapped.outputGradient.shape.at(-1) ?? 0;
  const gradients = tf.reshape<tf.Rank.R3>(tapped.outputGradient, [count, -1, units]);
  const inputs = tf.reshape<tf.Rank.R3>(patchesOf(tapped, shape), [count, gradients.shape[1], -1]);
  const weight = places(inputs) === 1 ? outerProducts(inputs, gradients) : manyPlaces(inputs, gradients);
  const biases =
    places(inputs) === 1
      ? tf.reshape<tf.Rank.R2>(gradients, [count, units])
      : tf.sum<tf.Tensor2D>(gradients, 1);
  return {
    squares: hasBias ? tf.add(weight.squares, squaresOfRows(biases)) : weight.squares,
    weighted(factors) {
      const row = tf.reshape<tf.Rank.R2>(factors, [1, count]);
      const sums = new Map([[`${name}.weight`, tf.reshape(weight.sum(factors), [...shape])]]);
      if (hasBias) sums.set(`${name}.bias`, tf.reshape(tf.matMul(row, biases), [units]));
      return sums;
    },
  };
}

interface WeightGradients {
  squares: tf.Tensor1D;
  /** [inputs, units] */
  sum(factors: tf.Tensor1D): tf.Tensor;
}

const places = (values: tf.Tensor3D): number => values.shape[1];

/** One place: the gradient is the outer product a gᵀ, and its squared length |a|² |g|². */
function outerProducts(inputs: tf.Tensor3D, gradients: tf.Tensor3D): WeightGradients {
  const a = tf.reshape<tf.Rank.R2>(inputs, [inputs.shape[0], inputs.shape[2]]);
  const g = tf.reshape<tf.Rank.R2>(gradients, [gradients.shape[0], gradients.shape[2]]);
  return {
    squares: tf.mul(squaresOfRows(a), squaresOfRows(g)),
    sum: (factors) => tf.matMul(a, scaled(g, factors), true),
  };
}

/** Several places: the products themselves, or their lengths by the products of places, whichever is less work. */
function manyPlaces(inputs: tf.Tensor3D, gradients: tf.Tensor3D): WeightGradients {
  const [count, length, width] = inputs.shape;
  const units = gradients.shape[2];
  if (length * (width + units) < width * units) {
    const products = tf.mul(
      tf.matMul(inputs, inputs, false, true),
      tf.matMul(gradients, gradients, false, true),
    );
    return {
      squares: tf.sum<tf.Tensor1D>(products, [1, 2]),
      sum: (factors) =>
        tf.matMul(
          tf.reshape<tf.Rank.R2>(inputs, [count * length, width]),
          tf.reshape<tf.Rank.R2>(scaled(gradients, factors), [count * length, units]),
          true,
        ),
    };
  }
  const each = tf.reshape<tf.Rank.R2>(tf.matMul(inputs, gradients, true), [count, width * units]);
  return {
    squares: squaresOfRows(each),
    sum: (factors) => tf.matMul(tf.reshape<tf.Rank.R2>(factors, [1, count]), each),
  };
}

/** Looked-up rows: a word that a text has twice gets both gradients, so lengths come from pairs of equal words. */
function ofTable({ layer, input, outputGradient }: Tapped, shape: readonly number[]): LayerGradients {
  const [rows = 0, features = 0] = shape;
  const [count = 0, length = 0] = input.shape;
  const words = tf.cast(input, 'int32');
  const known = tf.cast(tf.notEqual(words, 0), 'float32');
  const gradients = tf.mul<tf.Tensor3D>(
    tf.reshape(outputGradient, [count, length, features]),
    tf.expandDims(known, 2),
  );
  const same = tf.cast(tf.equal(tf.expandDims(words, 2), tf.expandDims(words, 1)), 'float32');
  return {
    squares: tf.sum<tf.Tensor1D>(tf.mul(same, tf.matMul(gradients, gradients, false, true)), [1, 2]),
    weighted(factors) {
      const values = tf.reshape(scaled(gradients, factors), [count * length, features]);
      const ids = tf.reshape<tf.Rank.R1>(words, [count * length]);
      return new Map([[`${layer.name}.weight`, tf.unsortedSegmentSum(values, ids, rows)]]);
    },
  };
}

/** A scale and shift of each channel: products and sums over the places. */
function ofScale({ layer, input, outputGradient }: Tapped): LayerGradients {
  const [count = 0] = input.shape;
  const channels = input.shape.at(-1) ?? 0;
  const sums = (values: tf.Tensor): tf.Tensor2D => {
    const rows = tf.reshape<tf.Rank.R3>(values, [count, -1, channels]);
    return tf.reshape(tf.matMul(tf.ones([1, 1, rows.shape[1]]), rows), [count, channels]);
  };
  const arrays = { weight: sums(tf.mul(input, outputGradient)), bias: sums(outputGradient) };
  return {
    squares: tf.add(squaresOfRows(arrays.weight), squaresOfRows(arrays.bias)),
    weighted(factors) {
      const row = tf.reshape<tf.Rank.R2>(factors, [1, count]);
      return new Map(
        Object.entries(arrays).map(([name, each]) => [
          `${layer.name}.${name}`,
          tf.reshape(tf.matMul(row, each), [channels]),
        ]),
      );
    },
  };
}

/** What each place of the output is a product of, in the order of the weight: [n, places, kernel × channels]. */
function patchesOf({ layer, input, outputGradient }: Tapped, shape: readonly number[]): tf.Tensor {
  if (layer.kind === 'conv_words')
    return windows(tf.expandDims(input, 1), [1, layer.width], 1, outputGradient.shape.slice(-2, -1));
  if (layer.kind !== 'conv') return input;
  const [height = 1, width = 1] = shape;
  const [, rows = 1, columns = 1] = outputGradient.shape;
  const { stride, padding } = layer;
  const [, high = 0, wide = 0] = input.shape;
  const border = (size: number, out: number, kernel: number): [number, number] => {
    if (padding === 'valid') return [0, 0];
    if (typeof padding === 'number') return [padding, padding];
    const total = Math.max(0, (out - 1) * stride + kernel - size);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  };
  const borders = [[0, 0], border(high, rows, height), border(wide, columns, width), [0, 0]] as [
    number,
    number,
  ][];
  const padded = padding === 'valid' ? input : tf.pad(input, borders);
  return windows(padded, [height, width], stride, [rows, columns]);
}

/** Values of a window up to which a product copies them faster than slices do. */
const FEW = 64;

/** [n, rows × columns, kernel × channels] of [n, height, width, channels]. */
function windows(
  input: tf.Tensor,
  [height, width]: [number, number],
  stride: number,
  out: readonly number[],
): tf.Tensor {
  const [rows, columns] = out.length === 2 ? [out[0] ?? 1, out[1] ?? 1] : [1, out[0] ?? 1];
  const [count = 0, , , channels = 0] = input.shape;
  const depth = height * width * channels;
  if (depth <= FEW) {
    // A convolution with a filter for each value of the window copies them in one pass.
    const filters = tf.reshape<tf.Rank.R4>(tf.eye(depth), [height, width, channels, depth]);
    const copied = tf.conv2d(input as tf.Tensor4D, filters, stride, 'valid');
    return tf.reshape(tf.slice(copied, 0, [count, rows, columns, depth]), [count, rows * columns, depth]);
  }
  const parts: tf.Tensor[] = [];
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      parts.push(
        stride === 1
          ? tf.slice(input, [0, row, column, 0], [count, rows, columns, channels])
          : tf.stridedSlice(
              input,
              [0, row, column, 0],
              [count, row + (rows - 1) * stride + 1, column + (columns - 1) * stride + 1, channels],
              [1, stride, stride, 1],
            ),
      );
  return tf.reshape(tf.concat(parts, 3), [count, rows * columns, height * width * channels]);
}

const squaresOfRows = (values: tf.Tensor2D): tf.Tensor1D => tf.sum<tf.Tensor1D>(tf.square(values), 1);

function scaled<T extends tf.Tensor>(values: T, factors: tf.Tensor1D): T {
  return tf.mul<T>(values, tf.reshape(factors, [factors.size, ...values.shape.slice(1).map(() => 1)]));
}
