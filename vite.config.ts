import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vite';

/** Cross-origin isolation: shared memory for the wasm backend's threads, and finer clocks. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * What the built page may do. `connect-src 'self'` makes "nothing is uploaded" a rule that the browser enforces;
 * WebAssembly needs its own permission; Mantine and Monaco set style attributes.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
].join('; ');

/** Writes the policy into the built page only: the development server needs inline scripts and a websocket. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** Pages beside the first: the same document under another address, so that a reload works on any host. */
const PAGES = ['defenses.html'];

function pages(): Plugin {
  let folder = '';
  return {
    name: 'pages',
    configResolved: ({ root, build }) => {
      folder = path.resolve(root, build.outDir);
    },
    configureServer: ({ middlewares }) => {
      middlewares.use((request, _response, next) => {
        const asked = request.url?.split('?')[0]?.slice(1) ?? '';
        if (PAGES.includes(asked)) request.url = '/index.html';
        next();
      });
    },
    closeBundle: () => {
      for (const page of PAGES) copyFileSync(path.join(folder, 'index.html'), path.join(folder, page));
    },
  };
}

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
}
const manifest = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as Manifest;

export default defineConfig({
  base: './',
  // One page: a file that is missing must answer 404, not the page.
  appType: 'mpa',
  define: {
    __LAB_VERSION__: JSON.stringify(manifest.version),
    __TFJS_VERSION__: JSON.stringify(manifest.dependencies['@tensorflow/tfjs-core']),
  },
  plugins: [react(), contentSecurityPolicy(), pages()],
  // monaco-yaml imports the editor's worker by the path that Monaco had before its `exports` map.
  resolve: { alias: [{ find: /^monaco-editor\/esm\/vs\//, replacement: 'monaco-editor/' }] },
  worker: { format: 'es' },
  build: { target: 'es2022', chunkSizeWarningLimit: 5000 },
  server: { headers: ISOLATION },
  // As a header the policy binds the workers too; a meta element reaches the page alone.
  preview: { headers: { ...ISOLATION, 'Content-Security-Policy': CONTENT_SECURITY_POLICY } },
});
