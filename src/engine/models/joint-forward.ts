/** The forward pass in training of a batch that is cut into shards: side by side, and together where batch-norm needs all. */
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, PlainLayer } from '../../core/models/layers.ts';
import { applyLayers, type ForwardPass } from './forward.ts';
import { jointBatchNorm } from './joint-batch-norm.ts';
import type { ShardExchange } from './shard-exchange.ts';

export interface JointPass {
  /** One for each shard of this thread, as in evaluation: batch-norm layers that are learnt do not come to it. */
  passes: readonly ForwardPass[];
  /** Whether a batch-norm layer keeps to its running statistics. */
  frozen: (name: string) => boolean;
  exchange: ShardExchange;
  /** Takes what each batch-norm layer saw of the whole batch, as `ForwardPass.batchStatistics`. */
  take: (mean: tf.Tensor1D, unbiasedVariance: tf.Tensor1D) => void;
}

/** The output of the layers for each shard; differentiable in each shard's arrays and input. On the wasm backend. */
export function applyLayersJointly(
  layers: readonly Layer[],
  inputs: readonly tf.Tensor[],
  pass: JointPass,
): readonly tf.Tensor[] {
  let current = inputs;
  for (let index = 0; index < layers.length;) {
    const layer = layers[index];
    if (layer && needsAll(layer, pass)) {
      current = applyTogether(layer, current, pass);
      index++;
      continue;
    }
    const rest = layers.slice(index);
    const until = rest.findIndex((other) => needsAll(other, pass));
    const run = until < 0 ? rest : rest.slice(0, until);
    current = current.map((input, shard) => applyLayers(run, input, passOf(pass, shard)));
    index += run.length;
  }
  return current;
}

function needsAll(layer: Layer, pass: JointPass): boolean {
  if (layer.kind === 'batch_norm') return !pass.frozen(layer.name);
  return branchesOf(layer).some((branch) => branch.some((inner) => needsAll(inner, pass)));
}

function branchesOf(layer: Layer): readonly (readonly Layer[])[] {
  if (layer.kind === 'residual') return [layer.body, layer.shortcut];
  return layer.kind === 'parallel' ? layer.branches : [];
}

function applyTogether(layer: Layer, inputs: readonly tf.Tensor[], pass: JointPass): readonly tf.Tensor[] {
  if (layer.kind === 'batch_norm') return normalizeTogether(layer, inputs, pass);
  const outputs = branchesOf(layer).map((branch) => applyLayersJointly(branch, inputs, pass));
  return inputs.map((_, shard) => {
    const parts = outputs.flatMap((branch) => branch[shard] ?? []);
    return layer.kind === 'parallel' ? tf.concat(parts, 1) : parts.reduce((sum, part) => tf.add(sum, part));
  });
}

function normalizeTogether(
  { name, epsilon }: Extract<PlainLayer, { kind: 'batch_norm' }>,
  inputs: readonly tf.Tensor[],
  pass: JointPass,
): readonly tf.Tensor[] {
  const shards = inputs.map((x, shard) => {
    const { array } = passOf(pass, shard);
    return { x, gamma: array(`${name}.weight`), beta: array(`${name}.bias`) };
  });
  const { outputs, mean, unbiasedVariance } = jointBatchNorm(shards, epsilon, pass.exchange);
  pass.take(mean, unbiasedVariance);
  return outputs;
}

function passOf({ passes }: JointPass, shard: number): ForwardPass {
  const pass = passes[shard];
  if (!pass) throw new Error('one pass a shard');
  return pass;
}
