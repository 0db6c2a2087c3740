import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** The JPEG decoder's module, from the package beside the sources. */
export async function jpegWasm(): Promise<WebAssembly.Module> {
  const file = createRequire(import.meta.url).resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm');
  return WebAssembly.compile(await readFile(file));
}
