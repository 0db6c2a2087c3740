/** Inputs of every workload: noise from a seed, the same for the lab and for stock TensorFlow.js. */
import { randomStream } from '../../src/core/rng/random.ts';
import type { LabelledImages } from '../../src/core/training/images.ts';

export type Shape3 = readonly [height: number, width: number, channels: number];

export const MNIST: Shape3 = [28, 28, 1];
export const CIFAR: Shape3 = [32, 32, 3];
export const CLASSES = 10;
/** What the backdoor wants. */
export const TARGET = 8;

export function noise(length: number, purpose: string, scale = 1): Float32Array {
  const random = randomStream(1, 'bench', purpose);
  return Float32Array.from({ length }, () => random.normal() * scale);
}

/** Images of noise; labels count up through the classes. */
export function noiseImages(count: number, [height, width, channels]: Shape3): LabelledImages {
  return {
    count,
    images: noise(count * height * width * channels, 'images'),
    labels: Int32Array.from({ length: count }, (_, index) => index % CLASSES),
  };
}

/** A copy with a bright 5 by 3 patch on every image, labelled with the target. */
export function withTrigger(batch: LabelledImages, [height, width, channels]: Shape3): LabelledImages {
  const images = batch.images.slice();
  for (let image = 0; image < batch.count; image++) {
    for (let row = 3; row < 8; row++) {
      const start = ((image * height + row) * width + 23) * channels;
      images.fill(2.8, start, start + 3 * channels);
    }
  }
  return { count: batch.count, images, labels: new Int32Array(batch.count).fill(TARGET) };
}

/** Settings that all contestants share. */
export const SGD = { learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4 };
export const NEURAL_CLEANSE = { learningRate: 0.01, maskWeight: 1e-3 };
