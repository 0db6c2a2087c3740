import { describe, expect, it } from 'vitest';
import type { ModelWeights } from '../experiment/weights.ts';
import { sizeOf } from '../models/layers.ts';
import { simplenetParameters } from '../models/simplenet.ts';
import { viewOf } from './bytes.ts';
import { weightsFromLayersModel, weightsToLayersModel, weightsToLayersModelZip } from './layers-model.ts';
import { writeZip } from './zip.ts';

// That TensorFlow.js reads it to the same logits is tested in src/engine/export: only the engine may import it.

const weights: ModelWeights = {
  model: 'simplenet',
  inputShape: [16, 20, 3],
  classes: 4,
  parameters: simplenetParameters([16, 20, 3], 4).map(({ name, shape }, salt) => ({
    name,
    shape,
    data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => 0.1 * Math.sin(12.9898 * i + salt)),
  })),
};

type Json = Record<string, never> & {
  modelTopology: {
    class_name: string;
    config: { layers: { class_name: string; config: Record<string, unknown> }[] };
  };
  weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: string }[] }[];
};

/** The files with a changed model.json. */
function changed(change: (model: Json) => void): Map<string, Uint8Array> {
  const files = weightsToLayersModel(weights);
  const model = JSON.parse(new TextDecoder().decode(files.get('model.json'))) as Json;
  change(model);
  return files.set('model.json', new TextEncoder().encode(JSON.stringify(model)));
}

const layer = (model: Json, index: number) => {
  const found = model.modelTopology.config.layers[index];
  if (found === undefined) throw new RangeError();
  return found;
};
const group = (model: Json) => {
  const found = model.weightsManifest[0];
  if (found === undefined) throw new RangeError();
  return found;
};

describe('a LayersModel', () => {
  it('describes every layer and weight, with metadata', () => {
    const files = weightsToLayersModel(weights, { mean: [0.5, 0.4, 0.3] });
    expect([...files.keys()]).toEqual(['model.json', 'group1-shard1of1.bin']);
    const model = JSON.parse(new TextDecoder().decode(files.get('model.json'))) as Json & {
      userDefinedMetadata: unknown;
    };
    expect(model.modelTopology.config.layers.map(({ class_name: name }) => name)).toEqual([
      'Conv2D',
      'Activation',
      'MaxPooling2D',
      'Conv2D',
      'Activation',
      'MaxPooling2D',
      'Flatten',
      'Dense',
      'Activation',
      'Dense',
    ]);
    expect(group(model).weights[4]).toEqual({ name: 'fc1/kernel', shape: [100, 500], dtype: 'float32' });
    expect(model.userDefinedMetadata).toEqual({
      mean: [0.5, 0.4, 0.3],
      model: 'simplenet',
      input_shape: [16, 20, 3],
      classes: 4,
    });
  });

  it('is refused as a corrupt zip, a zip without a model, or no zip', () => {
    const zip = weightsToLayersModelZip(weights);
    expect(() => weightsFromLayersModel(zip.subarray(0, zip.length - 30), 'm.zip')).toThrow(
      /E-MODEL: m\.zip .*end record/,
    );
    const damaged = zip.slice();
    damaged[50_000] = (damaged[50_000] ?? 0) ^ 8;
    expect(() => weightsFromLayersModel(damaged)).toThrow(/E-MODEL.*(damaged|decompressed)/);
    const bomb = zip.slice();
    const directory = bomb.findLastIndex(
      (_, at) => viewOf(bomb).getUint32(Math.min(at, bomb.length - 4)) === 0x504b0102,
    );
    viewOf(bomb).setUint32(directory + 24, 600_000_000, true);
    expect(() => weightsFromLayersModel(bomb)).toThrow(/E-MODEL.*expands to more than 536,870,912 bytes/);
    const other = writeZip(new Map([['readme.txt', new Uint8Array(3)]]));
    expect(() => weightsFromLayersModel(other)).toThrow(/E-MODEL.*no model\.json; it has readme\.txt/);
    expect(() => weightsFromLayersModel(new Uint8Array(9), 'x.bin')).toThrow(/E-MODEL: x\.bin .*not a zip/);
  });

  it('is refused when weights are missing, short, of another type or quantized', () => {
    const lost = weightsToLayersModel(weights);
    lost.delete('group1-shard1of1.bin');
    expect(() => weightsFromLayersModel(lost)).toThrow(
      /E-MODEL.*weight file group1-shard1of1\.bin is missing/,
    );
    const short = weightsToLayersModel(weights);
    const bytes = short.get('group1-shard1of1.bin') ?? new Uint8Array(0);
    short.set('group1-shard1of1.bin', bytes.subarray(4));
    expect(() => weightsFromLayersModel(short)).toThrow(/E-MODEL.*should have [\d,]+ bytes and has/);
    const spec = (change: object) => changed((model) => Object.assign(group(model).weights[0] ?? {}, change));
    expect(() => weightsFromLayersModel(spec({ dtype: 'int32' }))).toThrow(/"conv1\/kernel" holds int32/);
    expect(() => weightsFromLayersModel(spec({ quantization: { dtype: 'uint8' } }))).toThrow(/quantized/);
    expect(() => weightsFromLayersModel(spec({ name: 'other' }))).toThrow(
      /lacks the weights "conv1\/kernel"; it has other/,
    );
    expect(() => weightsFromLayersModel(spec({ shape: [5, 5, 20, 3] }))).toThrow(
      /E-SHAPE.*"conv1\/kernel" has the shape \[5, 5, 20, 3\] and should have \[5, 5, 3, 20\]/,
    );
    expect(() => weightsFromLayersModel(spec({ shape: 'all' }))).toThrow(
      /weightsManifest\.0\.weights\.0\.shape/,
    );
  });

  const refusals: [string, (model: Json) => void, RegExp][] = [
    ['an unknown layer', (m) => (layer(m, 1).class_name = 'Dropout'), /Layer 1 \(Dropout "relu_1"\) is none/],
    [
      'an unknown activation',
      (m) => (layer(m, 7).config.activation = 'tanh'),
      /"fc1"\) has the activation tanh/,
    ],
    ['a softmax in the middle', (m) => (layer(m, 7).config.activation = 'softmax'), /activation softmax/],
    ['a dilated kernel', (m) => (layer(m, 0).config.dilation_rate = [2, 2]), /dilated/],
    ['a layer without bias', (m) => (layer(m, 0).config.use_bias = false), /are not those of SimpleNet/],
    ['channels first', (m) => (layer(m, 2).config.data_format = 'channels_first'), /channels_last/],
    [
      'another stride',
      (m) => (layer(m, 3).config.strides = [2, 2]),
      /layers \(conv, relu, .*\) are not those of SimpleNet/,
    ],
    ['a layer too few', (m) => m.modelTopology.config.layers.splice(8, 1), /not those of SimpleNet/],
    ['no input shape', (m) => delete layer(m, 0).config.batch_input_shape, /input shape/],
    [
      'another kind of model',
      (m) => (m.modelTopology.class_name = 'Subclassed'),
      /Subclassed, not a Sequential or Functional/,
    ],
    ['no layers', (m) => (m.modelTopology.config.layers = []), /no layers/],
    ['a graph model', (m) => Object.assign(m, { format: 'graph-model' }), /graph-model/],
    ['no topology', (m) => Object.assign(m, { modelTopology: null }), /not a Sequential/],
  ];
  it.each(refusals)('is refused with %s', (_name, change, message) => {
    expect(() => weightsFromLayersModel(changed(change), 'm.json')).toThrow(message);
    expect(() => weightsFromLayersModel(changed(change), 'm.json')).toThrow(/E-MODEL: m\.json/);
  });

  it('is refused when model.json is no JSON', () => {
    const files = weightsToLayersModel(weights).set('model.json', new TextEncoder().encode('{'));
    expect(() => weightsFromLayersModel(files)).toThrow(/E-MODEL.*not JSON/);
  });
});
