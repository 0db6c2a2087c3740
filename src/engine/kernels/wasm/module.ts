/**
 * What the kernels' WebAssembly module exports (assembly/index.ts). Addresses and strides are in bytes, counts in
 * elements. Nothing is checked inside: a wrong address corrupts the backend's memory, so only the files of this folder
 * call these.
 */
export interface KernelExports {
  gemmScratchBytes(m: number, n: number, k: number): number;
  gemm(
    a: number,
    aRowStride: number,
    aColumnStride: number,
    b: number,
    bRowStride: number,
    bColumnStride: number,
    c: number,
    cRowStride: number,
    m: number,
    n: number,
    k: number,
    accumulate: 0 | 1,
    scratch: number,
  ): void;
  convolutionScratchBytes: (geometry: number) => number;
  convolve: (geometry: number, x: number, filter: number, y: number, scratch: number) => void;
  convolveBackpropFilter: (geometry: number, x: number, dy: number, filter: number, scratch: number) => void;
  convolveBackpropInput: (geometry: number, dy: number, filter: number, dx: number, scratch: number) => void;
  winogradScratchBytes: (geometry: number) => number;
  winogradConvolve: (geometry: number, x: number, filter: number, y: number, scratch: number) => void;
  winogradBackpropFilter: (geometry: number, x: number, dy: number, filter: number, scratch: number) => void;
  winogradBackpropInput: (geometry: number, dy: number, filter: number, dx: number, scratch: number) => void;
  maxPoolBackprop(geometry: number, dy: number, x: number, dx: number): void;
  addBias(x: number, bias: number, y: number, rows: number, channels: number, relu: 0 | 1): void;
  addBiasBackprop(
    dy: number,
    y: number,
    dx: number,
    dBias: number,
    rows: number,
    channels: number,
    relu: 0 | 1,
    sums: number,
  ): void;
  sgdStep(
    parameter: number,
    gradient: number,
    velocity: number,
    count: number,
    rate: number,
    momentum: number,
    decay: number,
  ): void;
  adamStep(
    parameter: number,
    gradient: number,
    first: number,
    second: number,
    count: number,
    stepSize: number,
    secondScale: number,
    beta1: number,
    beta2: number,
    keep1: number,
    keep2: number,
    epsilon: number,
    decay: number,
  ): void;
  dot(a: number, b: number, count: number): number;
  addScaled(y: number, x: number, count: number, scale: number): void;
  softmaxCrossEntropy(
    logits: number,
    labels: number,
    loss: number,
    gradient: number,
    rows: number,
    classes: number,
  ): void;
  laneMoments(x: number, count: number, lanes: number, mean: number, squares: number): void;
  normalize(x: number, y: number, count: number, tables: number, lanes: number, rectify: 0 | 1): void;
  normalizeSums(
    x: number,
    dy: number,
    count: number,
    tables: number,
    lanes: number,
    rectify: 0 | 1,
    sums: number,
    scratch: number,
  ): void;
  normalizeGradient(
    x: number,
    dy: number,
    dx: number,
    count: number,
    tables: number,
    lanes: number,
    rectify: 0 | 1,
  ): void;
  sumTaps(
    work: number,
    filter: number,
    out: number,
    positions: number,
    outputs: number,
    count: number,
    taps: number,
    tapCount: number,
    lanes: number,
  ): void;
  sumTapGradients(
    work: number,
    dy: number,
    gradient: number,
    positions: number,
    outputs: number,
    count: number,
    taps: number,
    tapCount: number,
    lanes: number,
  ): void;
  spreadPixels(
    source: number,
    height: number,
    width: number,
    channels: number,
    repeat: number,
    target: number,
    targetWidth: number,
    lanes: number,
  ): void;
  averagePool(geometry: number, x: number, y: number): void;
  averagePoolBackprop(geometry: number, dy: number, dx: number): void;
  maxPool(geometry: number, x: number, y: number): void;
  gatherRows(
    table: number,
    rows: number,
    rowBytes: number,
    ids: number,
    count: number,
    target: number,
  ): number;
  scatterRows(dy: number, ids: number, count: number, width: number, target: number, rows: number): number;
  gruStep(
    x: number,
    sums: number,
    bias: number,
    present: number,
    state: number,
    gates: number,
    next: number,
    rows: number,
    hidden: number,
  ): void;
  gruStepBackprop(
    gates: number,
    present: number,
    state: number,
    dState: number,
    dx: number,
    dSums: number,
    rows: number,
    hidden: number,
  ): void;
  lstmStep(
    x: number,
    sums: number,
    bias: number,
    present: number,
    state: number,
    cell: number,
    gates: number,
    next: number,
    nextCell: number,
    rows: number,
    hidden: number,
  ): void;
  lstmStepBackprop(
    gates: number,
    present: number,
    cell: number,
    dState: number,
    dCell: number,
    dSums: number,
    rows: number,
    hidden: number,
  ): void;
  foldPixels(
    source: number,
    pixels: number,
    channels: number,
    repeat: number,
    lanes: number,
    target: number,
  ): void;
}

/** Instantiates the module over the memory it is to work on. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelExports {
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return instance.exports as unknown as KernelExports;
}
