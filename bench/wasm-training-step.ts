/**
 * Times one SimpleNet training step (batch 64, 28 x 28 x 1, SGD) on the wasm backend with our kernels, and each kernel in it
 * (the fastest time of each, which other programs on the machine disturb least).
 * node --experimental-wasm-relaxed-simd --import tsx bench/wasm-training-step.ts [relaxed|simd]
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { buildKernels } from '../scripts/build-kernels.mjs';
import '../src/engine/gradients/register.ts';
import { installWasmKernels } from '../src/engine/kernels/wasm/api.ts';
import { sgdUpdate } from '../src/engine/kernels/wasm/direct.ts';
import { addBias, crossEntropy } from '../src/engine/models/operations.ts';

const BATCH = 64;
const STEPS = 60;

const variant = process.argv[2] === 'simd' ? 'simd' : 'relaxed';
const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
setWasmPaths(`${path.dirname(main)}${path.sep}`);
tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
await tf.setBackend('wasm');
const files = await buildKernels({ quiet: true });
await installWasmKernels({
  variant,
  bytes: { simd: () => readFile(files.simd), relaxed: () => readFile(files.relaxed) },
});

const wave = (shape: number[], scale: number) => {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898 + size) * scale),
    shape,
  );
};
const parameters = [
  wave([5, 5, 1, 20], 0.2),
  wave([20], 0.2),
  wave([5, 5, 20, 50], 0.05),
  wave([50], 0.05),
  wave([800, 500], 0.04),
  wave([500], 0.04),
  wave([500, 10], 0.05),
  wave([10], 0.05),
].map((tensor) => tf.variable(tensor));
const velocities = parameters.map((parameter) => tf.zerosLike(parameter));
const images = wave([BATCH, 28, 28, 1], 1) as tf.Tensor4D;
const labels = tf.oneHot(
  tf.tensor1d(
    Int32Array.from({ length: BATCH }, (_, i) => i % 10),
    'int32',
  ),
  10,
  1,
  0,
  'float32',
) as tf.Tensor2D;

function forward(): tf.Tensor2D {
  const [w1, b1, w2, b2, w3, b3, w4, b4] = parameters as unknown as tf.Tensor[];
  const conv = (x: tf.Tensor, w?: tf.Tensor, b?: tf.Tensor) =>
    tf.maxPool(
      tf.relu(
        addBias(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'valid'), b as tf.Tensor),
      ) as tf.Tensor4D,
      2,
      2,
      'valid',
    );
  const flat = tf.reshape(conv(conv(images, w1, b1), w2, b2), [BATCH, 800]);
  const hidden = tf.relu(addBias(tf.matMul(flat, w3 as tf.Tensor2D), b3 as tf.Tensor));
  return addBias(tf.matMul(hidden, w4 as tf.Tensor2D), b4 as tf.Tensor) as tf.Tensor2D;
}

function step(): number {
  const { value, grads } = tf.variableGrads(() => tf.mean(crossEntropy(forward(), labels)), parameters);
  parameters.forEach((parameter, index) => {
    const gradient = grads[parameter.name];
    const velocity = velocities[index];
    if (gradient && velocity) {
      sgdUpdate(parameter, gradient, velocity, { learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4 });
    }
  });
  const loss = value.dataSync()[0] ?? NaN;
  tf.dispose([value, grads]);
  return loss;
}

function times(count: number): number[] {
  return Array.from({ length: count }, () => {
    const started = performance.now();
    step();
    return performance.now() - started;
  }).sort((a, b) => a - b);
}

times(15);
const steps = times(STEPS);
const figure = (ms: number | undefined) => (ms ?? NaN).toFixed(2);
console.log(`${variant}: median ${figure(steps[STEPS >> 1])} ms a step, fastest ${figure(steps[0])} ms`);

const spent = new Map<string, number[]>();
for (const kernel of tf.getKernelsForBackend('wasm')) {
  tf.unregisterKernel(kernel.kernelName, 'wasm');
  tf.registerKernel({
    ...kernel,
    kernelFunc: (given) => {
      const started = performance.now();
      const result = kernel.kernelFunc(given);
      const shapes = Object.values(given.inputs)
        .map((input) => `[${input?.shape.join() ?? ''}]`)
        .join(' ');
      const label = `${kernel.kernelName} ${shapes}`;
      spent.set(label, [...(spent.get(label) ?? []), performance.now() - started]);
      return result;
    },
  });
}
times(STEPS);
const rows = [...spent].map(([label, all]) => {
  return { label, ms: (Math.min(...all) * all.length) / STEPS };
});
for (const { label, ms } of rows.sort((a, b) => b.ms - a.ms).slice(0, 24))
  console.log(figure(ms).padStart(7), label);
console.log(`sum of the fastest times: ${figure(rows.reduce((sum, { ms }) => sum + ms, 0))} ms`);
console.log('tensors', tf.memory().numTensors);
