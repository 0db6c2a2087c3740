import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import '../../gradients/register.ts';
import { relativeError, sameBits, TestNumbers } from '../wasm/test-support.ts';
import { slowFilterGradient, slowInputGradient, slowMaxPoolGradient } from '../wasm/twins.ts';
import { type ConvolutionCase, convolutionCase, drawConvolution } from '../wasm/twin-shapes.ts';
import { removeWebgpuKernels, currentInstance, installWebgpuKernels, WEBGPU_KERNELS } from './api.ts';
import { elementCount } from './kernel.ts';
import { startWebgpu } from './test-support.ts';

const missing = await startWebgpu();
const TOLERANCE = 1e-4;

/** Shapes that a random draw would seldom give. */
const PICKED: ConvolutionCase[] = [
  convolutionCase([1, 3, 5, 3], [3, 3, 3, 4], { strides: [2, 3], pad: 'same' }),
  convolutionCase([2, 28, 28, 1], [5, 5, 1, 20], { strides: [1, 1], pad: 'valid' }),
  convolutionCase([3, 8, 9, 20], [5, 5, 20, 50], { strides: [1, 1], pad: 'valid' }),
  convolutionCase([1, 2, 300, 2], [1, 3, 2, 3], { strides: [1, 1], pad: 'same' }),
  convolutionCase([2, 20, 21, 3], [7, 7, 3, 8], { strides: [2, 2], pad: 3, dimRoundingMode: 'floor' }),
  // A stride that steps over taps: three of four phases have none.
  convolutionCase([2, 9, 9, 16], [1, 1, 16, 33], { strides: [2, 2], pad: 'valid' }),
  convolutionCase([1, 11, 10, 65], [3, 3, 65, 66], { strides: [3, 2], pad: 'same' }),
];

async function gradients({ shape: s, attributes }: ConvolutionCase, numbers: TestNumbers) {
  const xShape = [s.batch, s.inHeight, s.inWidth, s.inChannels];
  const filterShape = [s.windowHeight, s.windowWidth, s.inChannels, s.outChannels];
  const yShape = [s.batch, s.outHeight, s.outWidth, s.outChannels];
  const [x, filter, dy] = [xShape, filterShape, yShape].map((dims) => numbers.floats(elementCount(dims)));
  if (!x || !filter || !dy) throw new Error('three arrays');
  const results = tf.tidy(() => {
    const run = (kernel: string, given: tf.NamedTensorMap, extra: object) =>
      tf.engine().runKernel<tf.Tensor>(kernel, given, { dataFormat: 'NHWC', ...attributes, ...extra });
    const output = tf.tensor(dy, yShape);
    return {
      filter: run('Conv2DBackpropFilter', { x: tf.tensor(x, xShape), dy: output }, { filterShape }),
      input: run(
        'Conv2DBackpropInput',
        { dy: output, filter: tf.tensor(filter, filterShape) },
        { inputShape: xShape },
      ),
    };
  });
  const values = { filter: await results.filter.data(), input: await results.input.data() };
  const shapes = { filter: results.filter.shape, input: results.input.shape };
  tf.dispose([results.filter, results.input]);
  return {
    arrays: { x, filter, dy },
    expectedShapes: { filter: filterShape, input: xShape },
    values,
    shapes,
  };
}

async function check(drawn: ConvolutionCase, numbers: TestNumbers): Promise<void> {
  const { arrays, expectedShapes, values, shapes } = await gradients(drawn, numbers);
  const { shape, label } = drawn;
  expect(shapes, label).toEqual(expectedShapes);
  const filter = slowFilterGradient(shape, arrays.x, arrays.dy);
  expect(relativeError(values.filter, filter), `filter gradient ${label}`).toBeLessThan(TOLERANCE);
  const input = slowInputGradient(shape, arrays.dy, arrays.filter);
  expect(relativeError(values.input, input), `input gradient ${label}`).toBeLessThan(TOLERANCE);
}

describe.skipIf(missing)(
  `gradients of convolutions on webgpu${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    it.each(PICKED.map((picked) => [picked.label, picked] as const))(
      'agree with plain loops: %s',
      (_, picked) => check(picked, new TestNumbers(21)),
    );

    it.each([1, 2])('agree with plain loops at uneven shapes, seed %i', async (seed) => {
      const numbers = new TestNumbers(seed);
      for (let i = 0; i < 12; i += 1) await check(drawConvolution(numbers), numbers);
    });

    it('repeat bit for bit, and hold no more buffers after many calls', async () => {
      const picked = PICKED[4];
      if (!picked) throw new Error('a picked case');
      const once = async () => Object.values((await gradients(picked, new TestNumbers(51))).values);
      const first = await once();
      await once();
      const allocated = () =>
        (tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU;
      const before = { tensors: tf.memory().numTensors, bytes: allocated() };
      for (let i = 0; i < 8; i += 1) {
        const again = await once();
        expect(again.every((data, index) => sameBits(data, first[index]))).toBe(true);
      }
      expect({ tensors: tf.memory().numTensors, bytes: allocated() }).toEqual(before);
    });

    it('give zeros for an empty batch', async () => {
      const attributes = { strides: 1, pad: 'valid', dataFormat: 'NHWC', filterShape: [3, 3, 2, 3] };
      const inputs = { x: tf.zeros([0, 4, 4, 2]), dy: tf.zeros([0, 2, 2, 3]) };
      const gradient = tf.engine().runKernel<tf.Tensor>('Conv2DBackpropFilter', inputs, attributes);
      expect([...(await gradient.data())]).toEqual(new Array(54).fill(0));
    });

    it('leave channels-first images to the stock kernels', async () => {
      const numbers = new TestNumbers(3);
      const x = tf.tensor4d(numbers.floats(3 * 5 * 6), [1, 3, 5, 6]);
      const dy = tf.tensor4d(numbers.floats(2 * 4 * 4), [1, 2, 4, 4]);
      const attributes = { strides: 1, pad: 'valid', filterShape: [2, 3, 3, 2] };
      const run = (given: tf.NamedTensorMap, dataFormat: string) =>
        tf.engine().runKernel<tf.Tensor>('Conv2DBackpropFilter', given, { ...attributes, dataFormat });
      const first = run({ x, dy }, 'NCHW');
      const last = run({ x: tf.transpose(x, [0, 2, 3, 1]), dy: tf.transpose(dy, [0, 2, 3, 1]) }, 'NHWC');
      expect(relativeError(await first.data(), await last.data())).toBeLessThan(TOLERANCE);
    });
  },
);

describe.skipIf(missing)(`max-pool gradient on webgpu${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it.each([
    { input: [2, 6, 8, 3], window: [2, 2], strides: [2, 2], pad: 'valid' },
    { input: [1, 7, 9, 5], window: [3, 2], strides: [2, 1], pad: 'same' },
    { input: [3, 10, 7, 1], window: [2, 3], strides: [3, 2], pad: 'valid' },
    { input: [2, 5, 5, 7], window: [3, 3], strides: [1, 1], pad: 1 },
  ] as const)('agrees with plain loops: %j', async ({ input, window, strides, pad }) => {
    const numbers = new TestNumbers(7);
    const info = tf.backend_util.computePool2DInfo([...input], [...window], [...strides], 1, pad, 'floor');
    // Few different values, so that many windows have ties: the first wins.
    const x = numbers.floats(elementCount(input)).map((value) => Math.round(value * 2));
    const dy = numbers.floats(elementCount(info.outShape));
    const attributes = {
      filterSize: [...window],
      strides: [...strides],
      pad,
      dimRoundingMode: 'floor' as const,
    };
    const dx = tf.tidy(() => {
      const images = tf.tensor4d(x, [...input]);
      const output = tf.zeros(info.outShape);
      const inputs = { dy: tf.tensor4d(dy, info.outShape), input: images, output };
      return tf.engine().runKernel<tf.Tensor>('MaxPoolGrad', inputs, attributes);
    });
    const expected = slowMaxPoolGradient(
      {
        batch: info.batchSize,
        inHeight: info.inHeight,
        inWidth: info.inWidth,
        inChannels: info.inChannels,
        outHeight: info.outHeight,
        outWidth: info.outWidth,
        outChannels: info.outChannels,
        windowHeight: info.filterHeight,
        windowWidth: info.filterWidth,
        strideHeight: info.strideHeight,
        strideWidth: info.strideWidth,
        dilation: 1,
        padTop: info.padInfo.top,
        padLeft: info.padInfo.left,
      },
      x,
      dy,
    );
    expect(dx.shape).toEqual([...input]);
    expect(relativeError(await dx.data(), expected)).toBeLessThan(TOLERANCE);
    dx.dispose();
  });
});

describe.skipIf(missing)(`installing on webgpu${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it('registers each kernel once, and can be undone', async () => {
    const count = () =>
      tf
        .getKernelsForBackend('webgpu')
        .filter(({ kernelName }) => WEBGPU_KERNELS.some(({ name }) => name === kernelName)).length;
    installWebgpuKernels();
    expect(count()).toBe(WEBGPU_KERNELS.length);
    const dispatches = currentInstance().dispatches;
    removeWebgpuKernels();
    expect(count()).toBe(WEBGPU_KERNELS.length);
    expect(() => currentInstance()).toThrow(/E-BACKEND/);
    const picked = PICKED[0];
    if (!picked) throw new Error('a picked case');
    await check(picked, new TestNumbers(4));
    installWebgpuKernels();
    expect(currentInstance().dispatches).toBe(dispatches);
    await check(picked, new TestNumbers(4));
    expect(currentInstance().dispatches).toBeGreaterThan(dispatches);
  });
});
