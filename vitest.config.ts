import { defineConfig } from 'vitest/config';

/** Tests of what keeps nothing between calls: they share a process, which saves reading the same files for each. */
const PLAIN = ['src/core/**/*.test.ts', 'src/ui/**/*.test.{ts,tsx}', 'src/features/**/*.test.{ts,tsx}'];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: ['scripts/test-setup.mjs'],
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: PLAIN,
          environment: 'node',
          pool: 'forks',
          // Node has relaxed SIMD behind a flag before version 21, and refuses the flag after.
          execArgv:
            Number(process.versions.node.split('.')[0]) < 21 ? ['--experimental-wasm-relaxed-simd'] : [],
        },
      },
      {
        extends: true,
        test: { name: 'together', include: PLAIN, environment: 'node', pool: 'forks', isolate: false },
      },
    ],
  },
});
