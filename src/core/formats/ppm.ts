/** Netpbm's PPM (P6) and PGM (P5) with 8 bits a value: the format of the official GTSRB files. */
import { checkPictureSize, pictureFault } from './picture-file.ts';
import type { Picture } from './png.ts';

export function isPpm(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 3 && bytes[0] === 0x50 && (bytes[1] === 0x35 || bytes[1] === 0x36) && isSpace(bytes[2])
  );
}

/** @throws LabError E-DATASET: damaged, cut short, too large, or more than 8 bits a value */
export function decodePpm(bytes: Uint8Array, file: string): Picture {
  const channels = bytes[1] === 0x36 ? 3 : 1;
  let at = 2;
  const next = (): number => {
    for (; at < bytes.length; at++) {
      if (bytes[at] === 0x23) at = bytes.indexOf(0x0a, at) < 0 ? bytes.length : bytes.indexOf(0x0a, at);
      else if (!isSpace(bytes[at])) break;
    }
    const from = at;
    while (at < bytes.length && at - from < 10 && !isSpace(bytes[at])) at++;
    const digits = new TextDecoder().decode(bytes.subarray(from, at));
    return /^\d+$/.test(digits) ? Number(digits) : NaN;
  };
  const [width, height, most] = [next(), next(), next()];
  if ([width, height, most].some(Number.isNaN)) throw pictureFault(file, 'Its header is damaged');
  checkPictureSize(file, width, height);
  if (most !== 255) throw pictureFault(file, `Its brightest value is ${most}; 255 is read`);
  const data = bytes.slice(at + 1, at + 1 + width * height * channels);
  if (data.length < width * height * channels) throw pictureFault(file, 'It is cut short');
  return { width, height, channels, data };
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
