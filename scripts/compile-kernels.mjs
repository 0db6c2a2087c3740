/**
 * Compiles the WebAssembly kernels once, as a process of its own, so that the variants are built side by side:
 *
 *   node scripts/compile-kernels.mjs FILE [FEATURE ...]
 */
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const [file, ...features] = process.argv.slice(2);

// The file appears whole: several processes may build at once.
const partial = `${file}.${process.pid}`;
const { error, stderr } = await asc.main([
  path.join(ROOT, 'src/engine/kernels/wasm/assembly/index.ts'),
  '--outFile',
  partial,
  '--baseDir',
  ROOT,
  '--runtime',
  'stub',
  '--importMemory',
  '--noExportMemory',
  '--initialMemory',
  '0',
  '-O3',
  '--converge',
  '--noAssert',
  ...features.flatMap((feature) => ['--enable', feature]),
]);
if (error) {
  console.error(`${stderr.toString()}\n${error.message}`);
  process.exitCode = 1;
} else {
  await rename(partial, file);
}
