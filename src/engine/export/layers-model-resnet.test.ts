/** `tf.loadLayersModel` on what the lab writes of a residual network, and the lab on what TensorFlow.js writes of one. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import { weightsFromLayersModel, weightsToLayersModel } from '../../core/formats/layers-model.ts';
import { randomStream } from '../../core/rng/random.ts';
import { Network } from '../models/network.ts';
import { relativeError } from '../reference/compare.ts';

const uniform = (shape: number[], ...purpose: string[]): tf.Tensor => {
  const random = randomStream(2, ...purpose);
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.uniform(-1, 1)),
    shape,
  );
};

/** Weights after three batches in training, so that no running statistic is what it starts as. */
async function usedWeights(model: string, shape: [number, number, number]): Promise<ModelWeights> {
  const network = Network.create(model, shape, 4, 1);
  for (const step of ['1', '2', '3']) {
    const { statistics } = tf.tidy(() => {
      const { statistics: tracked } = network.forwardTraining(uniform([6, ...shape], 'batch', step));
      return { statistics: tracked };
    });
    network.track(statistics);
    tf.dispose(statistics);
  }
  const weights = await network.weights();
  network.dispose();
  return weights;
}

function logits(weights: ModelWeights, images: tf.Tensor): Float32Array {
  const network = new Network(weights);
  const values = tf.tidy(() => network.forward(images as tf.Tensor4D).dataSync<'float32'>());
  network.dispose();
  return values;
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('a residual network in TensorFlow.js', () => {
  it.each([
    ['resnet8', [9, 12, 2]],
    ['resnet20', [8, 7, 1]],
  ] as [string, [number, number, number]][])(
    'gives the logits of the engine when loaded from the lab’s files: %s on %j',
    async (model, shape) => {
      const weights = await usedWeights(model, shape);
      const files = weightsToLayersModel(weights);
      const json = JSON.parse(new TextDecoder().decode(files.get('model.json'))) as tf.io.ModelJSON;
      const theirs = await tfl.loadLayersModel({
        load: () =>
          tf.io.getModelArtifactsForJSON(json, (manifest) => {
            const bytes = files.get(manifest[0]?.paths[0] ?? '') ?? new Uint8Array(0);
            return Promise.resolve([manifest.flatMap((group) => group.weights), bytes.slice().buffer]);
          }),
      });
      const images = uniform([3, ...shape], 'images');
      const found = (theirs.predict(images) as tf.Tensor).dataSync();
      expect(relativeError(found, logits(weights, images))).toBeLessThan(1e-4);
      // The parameters that it would train are ours.
      expect(theirs.trainableWeights).toHaveLength(
        weights.parameters.filter(({ name }) => /(weight|bias)$/.test(name)).length,
      );
    },
  );

  it('is taken as TensorFlow.js itself writes one', async () => {
    const given = await usedWeights('resnet8', [9, 12, 2]);
    const json = JSON.parse(
      new TextDecoder().decode(weightsToLayersModel(given).get('model.json')),
    ) as tf.io.ModelJSON;
    const bin = [...weightsToLayersModel(given).values()][1] ?? new Uint8Array(0);
    const theirs = await tfl.loadLayersModel(
      tf.io.fromMemory({
        modelTopology: json.modelTopology,
        weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
        weightData: bin.slice().buffer,
      }),
    );
    const files = new Map<string, Uint8Array>();
    await theirs.save(
      tf.io.withSaveHandler((artifacts) => {
        const weightsManifest = [{ paths: ['w.bin'], weights: artifacts.weightSpecs ?? [] }];
        const text = JSON.stringify({ modelTopology: artifacts.modelTopology, weightsManifest });
        files.set('model.json', new TextEncoder().encode(text));
        files.set('w.bin', new Uint8Array(artifacts.weightData as ArrayBuffer));
        return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) });
      }),
    );
    const found = weightsFromLayersModel(files);
    const plain = ({ parameters }: ModelWeights) =>
      parameters.filter(({ name }) => !name.endsWith('tracked')).map(({ name, data }) => [name, ...data]);
    expect(found.model).toBe('resnet8');
    expect(plain(found)).toEqual(plain(given));
  });
});
