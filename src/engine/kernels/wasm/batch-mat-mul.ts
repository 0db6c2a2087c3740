/** BatchMatMul: C[b] = op(A[b]) op(B[b]) for float32 tensors [..., m, k] and [..., k, n], outer axes broadcast. */
import { BatchMatMul, type BatchMatMulAttrs, broadcast_util } from '@tensorflow/tfjs-core';
import { elementCount, floatInput, floatOutput, type WasmKernel } from './kernel.ts';

const FLOAT_BYTES = 4;

export const batchMatMul: WasmKernel = {
  name: BatchMatMul,
  run(instance, inputs, attributes) {
    const { transposeA, transposeB } = attributes as BatchMatMulAttrs;
    const a = floatInput(inputs, 'a', BatchMatMul);
    const b = floatInput(inputs, 'b', BatchMatMul);
    const [aRows, aColumns] = lastTwo(a.shape);
    const [bRows, bColumns] = lastTwo(b.shape);
    const [m, k] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
    const n = transposeB ? bRows : bColumns;
    const outerA = a.shape.slice(0, -2);
    const outerB = b.shape.slice(0, -2);
    const outer = broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
    const out = floatOutput(instance, [...outer, m, n]);
    const batches = elementCount(outer);
    if (batches * m * n === 0) return out;
    const aStrides = strides(aColumns, transposeA);
    const bStrides = strides(bColumns, transposeB);
    const { kernels } = instance;
    // With one B for all and A in rows, the batch is just more rows.
    const merged = !transposeA && elementCount(outerB) === 1 && elementCount(outerA) === batches;
    const products = merged ? 1 : batches;
    const rows = merged ? batches * m : m;
    const scratch = instance.scratch(kernels.gemmScratchBytes(rows, n, k));
    const [aAt, bAt, outAt] = [instance.address(a), instance.address(b), instance.address(out)];
    const aOf = batchIndex(outerA, outer);
    const bOf = batchIndex(outerB, outer);
    for (let batch = 0; batch < products; batch += 1) {
      kernels.gemm(
        aAt + aOf(batch) * m * k * FLOAT_BYTES,
        ...aStrides,
        bAt + bOf(batch) * k * n * FLOAT_BYTES,
        ...bStrides,
        outAt + batch * m * n * FLOAT_BYTES,
        n * FLOAT_BYTES,
        rows,
        n,
        k,
        0,
        scratch,
      );
    }
    return out;
  },
};

/** Row and column strides in bytes of op(X) for X with `columns` columns. */
function strides(columns: number, transposed: boolean): [row: number, column: number] {
  return transposed ? [FLOAT_BYTES, columns * FLOAT_BYTES] : [columns * FLOAT_BYTES, FLOAT_BYTES];
}

function lastTwo(shape: readonly number[]): [number, number] {
  return [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
}

/** Which matrix of an operand with outer axes `from` belongs to each matrix of the broadcast `to`. */
function batchIndex(from: readonly number[], to: readonly number[]): (batch: number) => number {
  if (elementCount(from) === 1) return () => 0;
  if (elementCount(from) === elementCount(to)) return (batch) => batch;
  return (batch) => {
    let index = 0;
    let step = 1;
    let rest = batch;
    for (let back = 1; back <= to.length; back += 1) {
      const size = to.at(-back) ?? 1;
      const own = from.length >= back ? (from.at(-back) ?? 1) : 1;
      if (own > 1) index += (rest % size) * step;
      step *= own;
      rest = Math.floor(rest / size);
    }
    return index;
  };
}
