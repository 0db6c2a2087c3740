import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import {
  weightsFromLayersModel,
  weightsToLayersModel,
  weightsToLayersModelZip,
} from '../../core/formats/layers-model.ts';
import { readZip, writeZip } from '../../core/formats/zip.ts';
import { sizeOf } from '../../core/models/layers.ts';
import { simplenetParameters } from '../../core/models/simplenet.ts';
import { randomStream } from '../../core/rng/random.ts';

type Dims = [number, number, number];

const uniform = (count: number, bound: number, ...purpose: string[]): Float32Array => {
  const random = randomStream(11, ...purpose);
  return Float32Array.from({ length: count }, () => random.uniform(-bound, bound));
};

function randomWeights(inputShape: Dims, classes: number): ModelWeights {
  const parameters = simplenetParameters(inputShape, classes).map(({ name, shape, start }) => {
    const bound = 'fanIn' in start ? 1 / Math.sqrt(start.fanIn) : 0;
    return { name, shape, data: uniform(sizeOf(shape), bound, name) };
  });
  return { model: 'simplenet', inputShape, classes, parameters };
}

/** SimpleNet as its definition reads, in PyTorch's layouts, one image at a time: the slow twin. */
function plainForward({ parameters, inputShape }: ModelWeights, image: Float32Array): number[] {
  const values = (name: string) => parameters.find((one) => one.name === name)?.data ?? new Float32Array(0);
  const [height, width, channels = 0] = inputShape;
  type Planes = { h: number; w: number; at: (c: number, y: number, x: number) => number; count: number };
  const planes = (
    count: number,
    h: number,
    w: number,
    value: (c: number, y: number, x: number) => number,
  ): Planes => {
    const data = Array.from({ length: count * h * w }, (_, i) =>
      value(Math.floor(i / (h * w)), Math.floor(i / w) % h, i % w),
    );
    return { count, h, w, at: (c, y, x) => data[(c * h + y) * w + x] ?? NaN };
  };
  const conv = (input: Planes, name: string, out: number): Planes => {
    const [weight, bias] = [values(`${name}.weight`), values(`${name}.bias`)];
    return planes(out, input.h - 4, input.w - 4, (o, y, x) => {
      let sum = bias[o] ?? NaN;
      for (let c = 0; c < input.count; c++)
        for (let dy = 0; dy < 5; dy++)
          for (let dx = 0; dx < 5; dx++)
            sum += (weight[((o * input.count + c) * 5 + dy) * 5 + dx] ?? NaN) * input.at(c, y + dy, x + dx);
      return Math.max(0, sum);
    });
  };
  const pool = (input: Planes): Planes =>
    planes(input.count, Math.floor(input.h / 2), Math.floor(input.w / 2), (c, y, x) =>
      Math.max(
        input.at(c, 2 * y, 2 * x),
        input.at(c, 2 * y, 2 * x + 1),
        input.at(c, 2 * y + 1, 2 * x),
        input.at(c, 2 * y + 1, 2 * x + 1),
      ),
    );
  const dense = (input: number[], name: string): number[] => {
    const weight = values(`${name}.weight`);
    return Array.from(values(`${name}.bias`), (bias, unit) =>
      input.reduce((sum, value, i) => sum + value * (weight[unit * input.length + i] ?? NaN), bias),
    );
  };
  const first = planes(channels, height, width, (c, y, x) => image[(y * width + x) * channels + c] ?? NaN);
  const features = pool(conv(pool(conv(first, 'conv1', 20)), 'conv2', 50));
  const flat: number[] = [];
  for (let c = 0; c < features.count; c++)
    for (let y = 0; y < features.h; y++) for (let x = 0; x < features.w; x++) flat.push(features.at(c, y, x));
  return dense(
    dense(flat, 'fc1').map((value) => Math.max(0, value)),
    'fc2',
  );
}

/** What `tf.loadLayersModel(url)` would fetch, from files in memory. */
function handlerOf(files: ReadonlyMap<string, Uint8Array>): tf.io.IOHandler {
  const json = JSON.parse(new TextDecoder().decode(files.get('model.json'))) as tf.io.ModelJSON;
  return {
    load: () =>
      tf.io.getModelArtifactsForJSON(json, (manifest) => {
        const bytes = files.get(manifest[0]?.paths[0] ?? '') ?? new Uint8Array(0);
        return Promise.resolve([manifest.flatMap(({ weights }) => weights), bytes.slice().buffer]);
      }),
  };
}

function expectSame(found: ModelWeights, given: ModelWeights): void {
  expect([found.model, found.inputShape, found.classes]).toEqual([
    given.model,
    given.inputShape,
    given.classes,
  ]);
  for (const [index, { name, shape, data }] of given.parameters.entries()) {
    const other = found.parameters[index];
    expect([other?.name, other?.shape]).toEqual([name, shape]);
    expect(
      Buffer.compare(Buffer.from((other?.data ?? new Float32Array(0)).buffer), Buffer.from(data.buffer)),
    ).toBe(0);
  }
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('an exported LayersModel', () => {
  it.each([[[28, 28, 1], 10] as [Dims, number], [[21, 27, 3], 7] as [Dims, number]])(
    'of %j and %i classes gives in TensorFlow.js the logits of a plain forward pass',
    async (shape, classes) => {
      const weights = randomWeights(shape, classes);
      const files = readZip(weightsToLayersModelZip(weights, { mean: [0.1307], deviation: [0.3081] }));
      const model = await tfl.loadLayersModel(handlerOf(files));
      const images = uniform(2 * sizeOf(shape), 2, 'images');
      const logits = model.predict(tf.tensor4d(images, [2, ...shape])) as tf.Tensor;
      const found = Array.from(logits.dataSync());
      const expected = [0, 1].flatMap((i) =>
        plainForward(weights, images.subarray(i * sizeOf(shape), (i + 1) * sizeOf(shape))),
      );
      expect(found).toHaveLength(2 * classes);
      expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.05);
      const worst = Math.max(...found.map((value, i) => Math.abs(value - (expected[i] ?? NaN))));
      expect(worst).toBeLessThan(1e-4);
      const metadata = (model as unknown as { userDefinedMetadata?: object }).userDefinedMetadata;
      expect(metadata).toMatchObject({ mean: [0.1307], deviation: [0.3081], classes, model: 'simplenet' });
    },
  );

  it('comes back bit for bit, as a zip, as loose files and from a folder within the zip', () => {
    const weights = randomWeights([21, 27, 3], 7);
    expectSame(weightsFromLayersModel(weightsToLayersModelZip(weights)), weights);
    const files = weightsToLayersModel(weights);
    expectSame(weightsFromLayersModel(files), weights);
    const nested = new Map([...files].map(([name, bytes]) => [`my model/${name}`, bytes]));
    nested.set('__MACOSX/model.json', new Uint8Array(3));
    expectSame(weightsFromLayersModel(writeZip(nested)), weights);
  });

  it('is taken as TensorFlow.js itself writes one: other names, ReLU within the layers, softmax at the end', async () => {
    const theirs = tfl.sequential({
      layers: [
        tfl.layers.conv2d({ inputShape: [28, 28, 1], filters: 20, kernelSize: 5, activation: 'relu' }),
        tfl.layers.maxPooling2d({ poolSize: 2 }),
        tfl.layers.conv2d({ filters: 50, kernelSize: 5, activation: 'relu' }),
        tfl.layers.maxPooling2d({ poolSize: [2, 2], strides: [2, 2] }),
        tfl.layers.flatten(),
        tfl.layers.dense({ units: 500, activation: 'relu' }),
        tfl.layers.dense({ units: 6, activation: 'softmax' }),
      ],
    });
    const files = new Map<string, Uint8Array>();
    await theirs.save(
      tf.io.withSaveHandler((artifacts) => {
        const weightsManifest = [{ paths: ['w.bin'], weights: artifacts.weightSpecs ?? [] }];
        const { modelTopology } = artifacts;
        files.set(
          'model.json',
          new TextEncoder().encode(
            JSON.stringify({ modelTopology, weightsManifest, format: 'layers-model' }),
          ),
        );
        files.set('w.bin', new Uint8Array(artifacts.weightData as ArrayBuffer));
        return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) });
      }),
    );
    const weights = weightsFromLayersModel(files);
    expect([weights.model, weights.inputShape, weights.classes]).toEqual(['simplenet', [28, 28, 1], 6]);
    const image = uniform(784, 2, 'image');
    const found = Array.from((theirs.predict(tf.tensor4d(image, [1, 28, 28, 1])) as tf.Tensor).dataSync());
    const logits = plainForward(weights, image);
    const sum = logits.reduce((total, value) => total + Math.exp(value), 0);
    const worst = Math.max(...logits.map((value, i) => Math.abs(Math.exp(value) / sum - (found[i] ?? NaN))));
    expect(worst).toBeLessThan(1e-5);
  });
});
