/** The forward pass of the layers that read texts. */
import * as tf from '@tensorflow/tfjs-core';
import type { TextLayer } from '../../core/models/text-layers.ts';
import { attend } from './attention.ts';
import { embed } from './embedding.ts';
import { layerNorm } from './layer-norm.ts';
import { addBias } from './operations.ts';
import { recur, recurThroughout } from './recurrent.ts';

export interface TextPass {
  /** An array of the network by its name, in TensorFlow.js's layout. */
  array: (name: string) => tf.Tensor;
  /** [n, length], 1 where a text has a word, else 0; null for images. */
  present: tf.Tensor2D | null;
}

type RecurrentLayer = Extract<TextLayer, { kind: 'recurrent' }>;

/** The output of a layer that is no product and no pool, for [n, length, features] or word numbers [n, length]. */
export function applyTextLayer(
  layer: Exclude<TextLayer, { kind: 'conv_words' | 'max_over_words' }>,
  input: tf.Tensor,
  pass: TextPass,
): tf.Tensor {
  const array = (name: string) => pass.array(`${'name' in layer ? layer.name : ''}.${name}`);
  switch (layer.kind) {
    case 'embedding':
      return embed(array('weight'), input);
    case 'positions': {
      const table = array('weight');
      const rows = tf.reshape(input, [-1, table.size]);
      return tf.reshape(addBias(rows, tf.reshape(table, [table.size])), input.shape);
    }
    case 'layer_norm':
      return layerNorm(input, array('weight'), array('bias'), layer.epsilon);
    case 'mean_over_words': {
      const present = presentOf(pass);
      const [count = 0, length = 0] = input.shape;
      const sums = tf.matMul(tf.reshape(present, [count, 1, length]), input);
      const words = tf.maximum(tf.sum(present, 1, true), 1);
      return tf.div(tf.reshape(sums, [count, -1]), words);
    }
    case 'recurrent':
      return lastStates(layer, input, pass);
    case 'self_attention': {
      const projected = onEach(input, array('in_proj_weight'), array('in_proj_bias'));
      const mixed = attend(projected, presentOf(pass), layer.heads);
      return onEach(mixed, array('out_proj.weight'), array('out_proj.bias'));
    }
  }
}

/** [n, length, in] by filters [width, in, out]: [n, length - width + 1, out], without the bias. */
export function convolveWords(input: tf.Tensor, filter: tf.Tensor): tf.Tensor {
  const [count = 0, length = 0, features = 0] = input.shape;
  const line = tf.reshape<tf.Rank.R4>(input, [count, 1, length, features]);
  const window = tf.reshape<tf.Rank.R4>(filter, [1, ...(filter.shape as [number, number, number])]);
  return tf.squeeze(tf.conv2d(line, window, 1, 'valid'), [1]);
}

/** [n, length, features] to [n, features]. */
export function maxOverWords(input: tf.Tensor): tf.Tensor {
  const [count = 0, length = 0, features = 0] = input.shape;
  const line = tf.reshape<tf.Rank.R4>(input, [count, 1, length, features]);
  return tf.reshape(tf.maxPool(line, [1, length], 1, 'valid'), [count, features]);
}

/** A dense layer on the last axis. */
function onEach(input: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return addBias(productOnEach(input, weight), bias);
}

/** [..., in] by [in, out], as one product of matrices. */
export function productOnEach(input: tf.Tensor, weight: tf.Tensor): tf.Tensor {
  if (input.rank === 2) return tf.matMul(input, weight);
  const [features = 0, units = 0] = weight.shape;
  const rows = tf.matMul(tf.reshape(input, [-1, features]), weight);
  return tf.reshape(rows, [...input.shape.slice(0, -1), units]);
}

function lastStates(layer: RecurrentLayer, input: tf.Tensor, pass: TextPass): tf.Tensor {
  const present = tf.transpose(presentOf(pass));
  // The place in front, so that each step reads one run of memory.
  let places: tf.Tensor = tf.transpose(input, [1, 0, 2]);
  const ways = layer.bidirectional ? ['', '_reverse'] : [''];
  const read = (level: number, throughout: boolean): tf.Tensor => {
    const states = ways.map((way) => {
      const array = (name: string) => pass.array(`${layer.name}.${name}_l${level}${way}`);
      const given = {
        projected: onEach(places, array('weight_ih'), array('bias_ih')),
        weight: array('weight_hh'),
        bias: array('bias_hh'),
        present,
        backwards: way !== '',
      };
      return throughout ? recurThroughout(layer.cell, given) : recur(layer.cell, given);
    });
    const [first] = states;
    return states.length === 1 && first ? first : tf.concat(states, -1);
  };
  for (let level = 0; level < layer.depth - 1; level++) places = read(level, true);
  return read(layer.depth - 1, false);
}

function presentOf({ present }: TextPass): tf.Tensor2D {
  if (!present) throw new Error('a layer of texts in a network of images');
  return present;
}
