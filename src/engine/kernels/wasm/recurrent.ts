/**
 * Recurrent layers on the wasm backend: the product with the state by the shared matrix product, everything behind it in
 * one pass. Twins: `models/recurrent-gru.ts` and `recurrent-lstm.ts`.
 */
import * as tf from '@tensorflow/tfjs-core';
import { type RecurrentInput, type RecurrentKernel, readingOrder } from '../../models/recurrent-kernel.ts';
import { currentInstance } from './api.ts';
import { biasedGradients } from './bias.ts';
import type { KernelInstance } from './instance.ts';
import { floatOutput, zeroOutput } from './kernel.ts';

const FLOAT_BYTES = 4;

interface Sizes {
  length: number;
  /** Texts. */
  rows: number;
  hidden: number;
  /** Sums under the gates of one text: gates times hidden. */
  sums: number;
}

export const wasmGru: RecurrentKernel = {
  forward(input) {
    const instance = currentInstance();
    const sizes = sizesOf(input);
    const { rows, hidden } = sizes;
    const run = new Run(instance, input, sizes);
    const states = run.perPlace(hidden);
    const gates = run.perPlace(4 * hidden);
    const last = floatOutput(instance, [rows, hidden]);
    const order = readingOrder(sizes.length, input.backwards);
    const stateAt = run.places(states, hidden, instance.address(last));
    const gatesAt = run.places(gates, 4 * hidden);
    instance.floats(stateAt(order[0]), rows * hidden).fill(0);
    order.forEach((at, step) => {
      const sums = run.product(stateAt(at));
      const { x, bias, present } = run.given(at);
      const next = stateAt(order[step + 1]);
      instance.kernels.gruStep(x, sums, bias, present, stateAt(at), gatesAt(at), next, rows, hidden);
    });
    return { last: run.tensor(last), saved: [states, gates].map((info) => run.tensor(info)) };
  },
  backward(dStates, input, saved) {
    const instance = currentInstance();
    const sizes = sizesOf(input);
    const { rows, hidden } = sizes;
    const run = new Run(instance, input, sizes);
    const [states, gates] = saved as [tf.Tensor, tf.Tensor];
    const dx = run.perPlace(sizes.sums);
    const dSums = run.perPlace(sizes.sums);
    const dState = run.lastGradient(dStates);
    const [stateAt, gatesAt] = [run.places(states, hidden), run.places(gates, 4 * hidden)];
    const [dxAt, dSumsAt] = [run.places(dx, sizes.sums), run.places(dSums, sizes.sums)];
    for (const at of readingOrder(sizes.length, !input.backwards)) {
      const { present } = run.given(at);
      const d = instance.address(dState);
      run.addPlace(dStates, at, d);
      const out = [dxAt(at), dSumsAt(at)] as const;
      instance.kernels.gruStepBackprop(gatesAt(at), present, stateAt(at), d, ...out, rows, hidden);
      run.addProductBack(dSumsAt(at), d);
    }
    instance.backend.disposeData(dState.dataId);
    return { projected: run.tensor(dx), ...run.overPlaces(states, run.tensor(dSums), true) };
  },
};

export const wasmLstm: RecurrentKernel = {
  forward(input) {
    const instance = currentInstance();
    const sizes = sizesOf(input);
    const { rows, hidden } = sizes;
    const run = new Run(instance, input, sizes);
    const [states, cells, gates] = [run.perPlace(hidden), run.perPlace(hidden), run.perPlace(5 * hidden)];
    const last = floatOutput(instance, [rows, hidden]);
    const lastCell = floatOutput(instance, [rows, hidden]);
    const order = readingOrder(sizes.length, input.backwards);
    const stateAt = run.places(states, hidden, instance.address(last));
    const cellAt = run.places(cells, hidden, instance.address(lastCell));
    const gatesAt = run.places(gates, 5 * hidden);
    for (const address of [stateAt(order[0]), cellAt(order[0])])
      instance.floats(address, rows * hidden).fill(0);
    order.forEach((at, step) => {
      const sums = run.product(stateAt(at));
      const { x, bias, present } = run.given(at);
      const [h, c] = [stateAt(at), cellAt(at)];
      const next = [stateAt(order[step + 1]), cellAt(order[step + 1])] as const;
      instance.kernels.lstmStep(x, sums, bias, present, h, c, gatesAt(at), ...next, rows, hidden);
    });
    instance.backend.disposeData(lastCell.dataId);
    return { last: run.tensor(last), saved: [states, cells, gates].map((info) => run.tensor(info)) };
  },
  backward(dStates, input, saved) {
    const instance = currentInstance();
    const sizes = sizesOf(input);
    const { rows, hidden } = sizes;
    const run = new Run(instance, input, sizes);
    const [states, cells, gates] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
    const dSums = run.perPlace(sizes.sums);
    const dState = run.lastGradient(dStates);
    const dCell = zeroOutput(instance, [rows, hidden]);
    const [cellAt, gatesAt] = [run.places(cells, hidden), run.places(gates, 5 * hidden)];
    const dSumsAt = run.places(dSums, sizes.sums);
    for (const at of readingOrder(sizes.length, !input.backwards)) {
      const { present } = run.given(at);
      const [h, c] = [instance.address(dState), instance.address(dCell)];
      run.addPlace(dStates, at, h);
      instance.kernels.lstmStepBackprop(gatesAt(at), present, cellAt(at), h, c, dSumsAt(at), rows, hidden);
      run.addProductBack(dSumsAt(at), h);
    }
    for (const { dataId } of [dState, dCell]) instance.backend.disposeData(dataId);
    const projected = run.tensor(dSums);
    return { projected, ...run.overPlaces(states, projected, false) };
  },
};

function sizesOf({ projected, weight }: RecurrentInput): Sizes {
  const [length = 0, rows = 0, sums = 0] = projected.shape;
  return { length, rows, sums, hidden: weight.shape[0] ?? 0 };
}

/** One pass over the places of a batch: addresses, and the products with the state's weights. */
class Run {
  /** Sums of one place, before the scratch of the product. */
  private readonly work: number;
  private readonly scratch: number;

  constructor(
    private readonly instance: KernelInstance,
    private readonly input: RecurrentInput,
    private readonly sizes: Sizes,
  ) {
    const { rows, hidden, sums } = sizes;
    const { kernels } = instance;
    const sumBytes = Math.ceil((rows * sums * FLOAT_BYTES) / 64) * 64;
    const product = Math.max(
      kernels.gemmScratchBytes(rows, sums, hidden),
      kernels.gemmScratchBytes(rows, hidden, sums),
    );
    this.work = instance.scratch(sumBytes + product);
    this.scratch = this.work + sumBytes;
  }

  perPlace(width: number): tf.TensorInfo {
    return floatOutput(this.instance, [this.sizes.length, this.sizes.rows, width]);
  }

  /** Where a place's values lie; `end` stands behind the last one. */
  places(info: Pick<tf.TensorInfo, 'dataId'>, width: number, end = 0): (at: number | undefined) => number {
    const from = this.instance.address(info);
    const step = this.sizes.rows * width * FLOAT_BYTES;
    return (at) => (at === undefined ? end : from + at * step);
  }

  given(at: number): { x: number; bias: number; present: number } {
    const { instance, input, sizes } = this;
    return {
      x: instance.address(input.projected) + at * sizes.rows * sizes.sums * FLOAT_BYTES,
      bias: instance.address(input.bias),
      present: instance.address(input.present) + at * sizes.rows * FLOAT_BYTES,
    };
  }

  /** state times weight, [rows, sums], until the next product. */
  product(state: number): number {
    const { rows, hidden, sums } = this.sizes;
    const weight = this.instance.address(this.input.weight);
    const [inner, outer] = [hidden * FLOAT_BYTES, sums * FLOAT_BYTES];
    const { kernels } = this.instance;
    kernels.gemm(state, inner, 4, weight, outer, 4, this.work, outer, rows, sums, hidden, 0, this.scratch);
    return this.work;
  }

  /** dState += dSums times the transposed weight. */
  addProductBack(dSums: number, dState: number): void {
    const { rows, hidden, sums } = this.sizes;
    const weight = this.instance.address(this.input.weight);
    const [inner, outer] = [hidden * FLOAT_BYTES, sums * FLOAT_BYTES];
    const { kernels } = this.instance;
    kernels.gemm(dSums, outer, 4, weight, 4, outer, dState, inner, rows, hidden, sums, 1, this.scratch);
  }

  /** The gradients of weight and bias, from those of the sums at all places. */
  overPlaces(states: tf.Tensor, dSums: tf.Tensor, dispose: boolean): { weight: tf.Tensor; bias: tf.Tensor } {
    const { sums, hidden } = this.sizes;
    const weight = tf.tidy(() =>
      tf.matMul(tf.reshape(states, [-1, hidden]), tf.reshape(dSums, [-1, sums]), true),
    );
    const { dx, dBias } = biasedGradients(dSums, null, sums);
    dx.dispose();
    if (dispose) dSums.dispose();
    return { weight, bias: dBias };
  }

  /** A new array [rows, hidden]: the gradient in the last state, or zeros where places bring theirs. */
  lastGradient(dStates: tf.Tensor): tf.TensorInfo {
    const { instance } = this;
    const { rows, hidden } = this.sizes;
    if (dStates.rank === 3) return zeroOutput(instance, [rows, hidden]);
    const info = floatOutput(instance, [rows, hidden]);
    const from = instance.floats(instance.address(dStates), rows * hidden);
    instance.floats(instance.address(info), rows * hidden).set(from);
    return info;
  }

  /** Adds what was given for the state after a place, where places bring theirs. */
  addPlace(dStates: tf.Tensor, at: number, dState: number): void {
    if (dStates.rank === 2) return;
    const { instance } = this;
    const count = this.sizes.rows * this.sizes.hidden;
    const to = instance.floats(dState, count);
    const from = instance.floats(instance.address(dStates) + at * count * FLOAT_BYTES, count);
    for (let index = 0; index < count; index++) to[index] = (to[index] ?? 0) + (from[index] ?? 0);
  }

  tensor(info: tf.TensorInfo): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(info, this.instance.backend);
  }
}
