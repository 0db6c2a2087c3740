import { defineConfig } from 'vitest/config';

/**
 * Tests that need a process of their own: they replace modules, choose kernels or gradients, or look at what the first use of a
 * backend does. The others share one, which saves reading TensorFlow.js for each.
 */
const ALONE = [
  'src/cli/verify-resnet18.test.ts',
  'src/engine/{backend,gradients,models,reference}/**/*.test.ts',
  // TensorFlow.js's layers bring gradients of their own, which stay for whoever comes after.
  'src/engine/export/layers-model*.test.ts',
  'src/engine/kernels/wasm/*.test.ts',
  'src/engine/training/run-evasions.test.ts',
  'src/engine/training/run-gpu-loss.test.ts',
];

/** What is slow on a software GPU is compiling: these share what was compiled. */
const GPU = ['src/engine/kernels/webgpu/*.test.ts', 'src/engine/**/webgpu.test.ts'];

const ALL = ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'];

const settings = {
  environment: 'node',
  pool: 'forks',
  // Node has relaxed SIMD behind a flag before version 21, and refuses the flag after.
  execArgv: Number(process.versions.node.split('.')[0]) < 21 ? ['--experimental-wasm-relaxed-simd'] : [],
} as const;

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: ['scripts/test-setup.mjs'],
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE, ...settings } },
      { extends: true, test: { name: 'gpu', include: GPU, isolate: false, ...settings } },
      {
        extends: true,
        test: { name: 'together', include: ALL, exclude: [...ALONE, ...GPU], isolate: false, ...settings },
      },
    ],
  },
});
