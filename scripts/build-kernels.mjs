/**
 * Compiles the WebAssembly kernels (src/engine/kernels/wasm/assembly) into build/kernels/simd.wasm and relaxed.wasm:
 * one source, with and without relaxed SIMD. Does nothing when the sources have not changed since.
 */
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { runNode, SetupError } from './setup/process.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const SOURCE = path.join(ROOT, 'src/engine/kernels/wasm/assembly');
const TARGET = path.join(ROOT, 'build/kernels');
const COMPILE = path.join(ROOT, 'scripts/compile-kernels.mjs');

/** Features of each variant; the file takes the variant's name. */
const VARIANTS = { simd: ['simd'], relaxed: ['simd', 'relaxed-simd'] };

/**
 * Builds both variants if needed.
 * @param {{ force?: boolean, quiet?: boolean }} [options]
 * @returns {Promise<{ simd: string, relaxed: string, built: boolean }>} the files' paths, and whether it compiled anything
 */
export async function buildKernels({ force = false, quiet = false } = {}) {
  const files = { simd: path.join(TARGET, 'simd.wasm'), relaxed: path.join(TARGET, 'relaxed.wasm') };
  const stamp = path.join(TARGET, 'sources.sha256');
  const hash = await sourceHash();
  if (!force && (await isCurrent(stamp, hash, Object.values(files)))) return { ...files, built: false };
  await mkdir(TARGET, { recursive: true });
  await Promise.all(
    Object.entries(VARIANTS).map(async ([variant, features]) => {
      const started = performance.now();
      const { code, output } = await runNode([COMPILE, files[variant], ...features], { quiet: true });
      if (code !== 0) throw new SetupError(`The WebAssembly kernels do not compile.\n${output.trim()}`);
      if (!quiet)
        console.log(`kernels: ${variant} built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }),
  );
  await writeFile(stamp, hash);
  return { ...files, built: true };
}

/** A hash over the sources, these scripts and the compiler's version. */
async function sourceHash() {
  const hash = createHash('sha256');
  const names = (await readdir(SOURCE)).filter((name) => name.endsWith('.ts')).sort();
  const compiler = path.join(ROOT, 'node_modules/assemblyscript/package.json');
  for (const file of [
    ...names.map((name) => path.join(SOURCE, name)),
    compiler,
    COMPILE,
    fileURLToPath(import.meta.url),
  ]) {
    hash.update(path.basename(file)).update(await readFile(file));
  }
  return hash.digest('hex');
}

async function isCurrent(stamp, hash, files) {
  try {
    await Promise.all(files.map((file) => access(file)));
    return (await readFile(stamp, 'utf8')) === hash;
  } catch {
    return false;
  }
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { built } = await buildKernels({ force: process.argv.includes('--force') });
  if (!built) console.log('kernels: up to date');
}
