/** Compiles the register tile (assembly/peak.ts) with the flags of the lab's kernels into build/bench. */
import { mkdir, readFile, rename } from 'node:fs/promises';
import asc from 'assemblyscript/asc';
import { at } from '../../scripts/setup/files.mjs';
import type { KernelVariant } from '../protocol.ts';

const FEATURES: Record<KernelVariant, string[]> = {
  simd: ['--enable', 'simd'],
  relaxed: ['--enable', 'simd', '--enable', 'relaxed-simd'],
};

/** The compiled module of one variant. @throws Error with the compiler's messages */
export async function buildPeak(variant: KernelVariant): Promise<Uint8Array> {
  await mkdir(at('build/bench'), { recursive: true });
  const file = at('build/bench', `peak-${variant}.wasm`);
  const partial = `${file}.${process.pid}`;
  let said = '';
  const stderr = { write: (text: string | Uint8Array) => (said += text.toString()) };
  const { error } = await asc.main(
    [
      at('bench/peak/assembly/peak.ts'),
      '--outFile',
      partial,
      '--baseDir',
      at(),
      '--runtime',
      'stub',
      '-O3',
      '--noAssert',
      ...FEATURES[variant],
    ],
    { stderr },
  );
  if (error) throw new Error(`The register tile does not compile.\n${said}`, { cause: error });
  await rename(partial, file);
  return readFile(file);
}
