/**
 * The kernels' module. It imports the memory of TensorFlow.js's wasm backend and works on raw addresses in it: no heap,
 * no static data, no state. All scratch space is handed in by the caller. `index.ts` lists what the TypeScript side calls.
 */
export { gemm, gemmScratchBytes } from './gemm';
export { convolve, convolveBackpropFilter, convolveBackpropInput, convolutionScratchBytes } from './convolution';
export { winogradConvolve, winogradBackpropFilter, winogradBackpropInput, winogradScratchBytes } from './winograd';
export { maxPoolBackprop } from './pooling';
export { addBias, addBiasBackprop } from './bias';
export { sgdStep, adamStep } from './optimizer';
export { dot, addScaled } from './reduction';
export { softmaxCrossEntropy } from './cross-entropy';
export { laneMoments } from './channel-moments';
export { normalize } from './batch-norm';
export { normalizeSums, normalizeGradient } from './batch-norm-gradient';
export { sumTaps, sumTapGradients, spreadPixels, foldPixels } from './depthwise';
export { averagePool, averagePoolBackprop } from './average-pooling';
export { maxPool } from './max-pooling';
export { gatherRows, scatterRows } from './gather';
export { gruStep, gruStepBackprop, lstmStep, lstmStepBackprop } from './recurrent';
