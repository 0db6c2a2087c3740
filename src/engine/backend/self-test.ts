/**
 * A tiny training step whose loss and gradients must be those of the cpu backend: a GPU driver that computes zeros, or a
 * kernel that was built wrong, is caught before a run depends on it.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from '../../core/config/schema.ts';
import { randomStream } from '../../core/rng/random.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import { initialWeights, Network } from '../models/network.ts';
import { relativeError } from '../reference/compare.ts';
import { measure } from '../training/gradients.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';

/** Largest relative difference from cpu that passes. */
export const SELF_TEST_TOLERANCE = 1e-3;

const SHAPE = [16, 18, 1] as const;
const CLASSES = 4;

/** A batch of noise, the same everywhere. */
export function testBatch(
  count: number,
  shape: readonly [number, number, number],
  classes: number,
): LabelledImages {
  const random = randomStream(0, 'self-test');
  const [height, width, channels] = shape;
  const images = Float32Array.from({ length: count * height * width * channels }, () => random.normal());
  return { count, images, labels: Int32Array.from({ length: count }, (_, index) => index % classes) };
}

/** Loss, every gradient, and their squared norm as the balancers read it, on the current backend. */
async function trialStep(): Promise<Float32Array[]> {
  const network = new Network(initialWeights('simplenet', SHAPE, CLASSES, 0));
  const { loss, gradient } = lossAndGradient(network, testBatch(3, SHAPE, CLASSES));
  const values = await Promise.all(
    [loss, ...gradient].map(async (tensor) => (await tensor.data()) as Float32Array),
  );
  const { gram } = await measure([loss], [gradient]);
  tf.dispose([loss, [...gradient]]);
  network.dispose();
  return [...values, Float32Array.from(gram.flat())];
}

/** What cpu computes is the same each time: half a second that one try pays for all. */
let computedByCpu: readonly Float32Array[] | null = null;

/** Largest relative difference between the current backend and cpu; the current backend stays. */
export async function selfTest(name: BackendName): Promise<number> {
  const actual = await trialStep();
  computedByCpu ??= await trialStepOnCpu(name);
  return Math.max(...computedByCpu.map((values, index) => relativeError(actual[index] ?? [], values)));
}

/** {@link trialStep} on cpu; then `current` is the backend again. */
async function trialStepOnCpu(current: BackendName): Promise<Float32Array[]> {
  await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
  try {
    return await trialStep();
  } finally {
    await tf.setBackend(current);
  }
}
