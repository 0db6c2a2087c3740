/** Builds the bench page and the hosts that Node cannot load from their sources, into build/bench. */
import { existsSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { build, type InlineConfig } from 'vite';
import { at } from '../../scripts/setup/files.mjs';

export const PAGE_FOLDER = at('build/bench/page');
const NODE_FOLDER = at('build/bench/node');

const shared = {
  configFile: false,
  root: at('bench/page'),
  logLevel: 'error',
  publicDir: false,
} satisfies InlineConfig;

/** The page, with the lab's data and models beside it. */
export async function buildBenchPage(): Promise<void> {
  await build({
    ...shared,
    base: './',
    define: { __LAB_VERSION__: '"bench"', __TFJS_VERSION__: '""' },
    worker: { format: 'es' },
    build: {
      outDir: PAGE_FOLDER,
      emptyOutDir: true,
      target: 'es2022',
      minify: false,
      chunkSizeWarningLimit: 5000,
    },
  });
  for (const folder of ['data', 'models']) {
    const link = `${PAGE_FOLDER}/${folder}`;
    if (!existsSync(link)) await symlink(at('public', folder), link, 'junction');
  }
}

/**
 * Stock TensorFlow.js for Node in one file: its own gradients lie behind an import that Node cannot resolve.
 * @returns the script to start
 */
export async function buildStockHost(): Promise<string> {
  await build({
    ...shared,
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: at('bench/hosts/stock-node.ts'),
      outDir: NODE_FOLDER,
      emptyOutDir: true,
      target: 'node20',
      // Packages stay as Node finds them; both copies of TensorFlow.js's core share its registry of gradients.
      rollupOptions: {
        external: [/^@tensorflow\/tfjs-(core|backend-\w+)$/, 'webgpu'],
        output: { entryFileNames: 'stock.mjs' },
      },
    },
  });
  return `${NODE_FOLDER}/stock.mjs`;
}
