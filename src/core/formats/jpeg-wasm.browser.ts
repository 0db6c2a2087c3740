import url from '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm?url';
import { LabError } from '../errors.ts';

/** The JPEG decoder's module, as the page's bundle ships it. */
export async function jpegWasm(): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (response.ok) return WebAssembly.compile(await response.arrayBuffer());
  throw new LabError({
    code: 'E-DATASET-FETCH',
    what: 'The JPEG decoder could not be fetched.',
    why: `${url} answered ${response.status} ${response.statusText}.`,
    fix: 'Reload the page; if you serve the lab yourself, build it again.',
  });
}
