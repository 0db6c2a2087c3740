import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Node has relaxed SIMD behind a flag before version 21, and refuses the flag after.
    execArgv: Number(process.versions.node.split('.')[0]) < 21 ? ['--experimental-wasm-relaxed-simd'] : [],
    globalSetup: ['scripts/test-setup.mjs'],
    maxWorkers: 2,
  },
});
