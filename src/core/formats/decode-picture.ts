/** Pictures of files as pixels, the same in the page and in Node: nothing is left to a browser's own decoders. */
import { isJpeg, jpegDecoder } from './jpeg.ts';
import { decodePng, isPng } from './png-read.ts';
import { type DecodePicture, pictureFault } from './picture-file.ts';
import { decodePpm, isPpm } from './ppm.ts';

/** Endings of files that are taken for pictures. */
export const PICTURE_NAME = /\.(jpe?g|png|ppm|pgm)$/i;

/** @param loadJpegWasm gives `@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm`, compiled; asked when the first JPEG comes */
export function pictureDecoder(loadJpegWasm: () => Promise<WebAssembly.Module>): DecodePicture {
  const decodeJpeg = jpegDecoder(loadJpegWasm);
  return async (bytes, file) => {
    if (isJpeg(bytes)) return decodeJpeg(bytes, file);
    if (isPng(bytes)) return decodePng(bytes, file);
    if (isPpm(bytes)) return decodePpm(bytes, file);
    throw pictureFault(file, 'It does not begin as a JPEG, PNG or PPM does');
  };
}
