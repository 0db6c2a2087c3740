/**
 * A PNG decoder (ISO/IEC 15948): every colour type and depth, interlaced or not. Bounded: nothing unpacks to more than the
 * size in the header. Colours are as they stand; gamma, profiles and `tRNS` are not applied, and 16 bits are cut to 8.
 */
import { Inflate } from 'fflate';
import { concatBytes, crc32, viewOf } from './bytes.ts';
import { checkPictureSize, pictureFault } from './picture-file.ts';
import { ADAM7, type PngLayout, unfiltered, wholePasses } from './png-rows.ts';
import type { Picture } from './png.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Values of a pixel by colour type: grey, RGB, palette, grey with alpha, RGBA. */
const SAMPLES: Partial<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Partial<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const PALETTE = 3;

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((value, index) => bytes[index] === value);
}

/** @throws LabError E-DATASET: damaged, cut short or too large */
export function decodePng(bytes: Uint8Array, file: string): Picture {
  const chunks = readChunks(bytes, file);
  const layout = readHeader(chunks.header, file);
  const packed = concatBytes(chunks.data);
  const passes = layout.interlaced ? ADAM7 : wholePasses;
  const samples = new Uint8Array(layout.width * layout.height * layout.samples);
  const rows = inflated(packed, unpackedBytes(layout, passes), file);
  let at = 0;
  for (const pass of passes) {
    at += unfiltered(rows.subarray(at), layout, pass, samples, (why) => pictureFault(file, why));
  }
  return asPicture(layout, samples, chunks.palette, file);
}

interface Chunks {
  header: Uint8Array;
  palette: Uint8Array | null;
  data: Uint8Array[];
}

function readChunks(bytes: Uint8Array, file: string): Chunks {
  const view = viewOf(bytes);
  const found: Chunks = { header: new Uint8Array(0), palette: null, data: [] };
  for (let at = SIGNATURE.length; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) break;
    const type = new TextDecoder('latin1').decode(bytes.subarray(at + 4, at + 8));
    const contents = bytes.subarray(at + 8, end);
    if (['IHDR', 'PLTE', 'IDAT', 'IEND'].includes(type)) {
      if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
        throw pictureFault(file, `It is damaged: the checksum of its ${type} is wrong`);
      }
      if (type === 'IEND') return found;
      if (type === 'IHDR') found.header = contents;
      if (type === 'PLTE') found.palette = contents;
      if (type === 'IDAT') found.data.push(contents);
    }
    at = end + 4;
  }
  throw pictureFault(file, 'It is cut short: its end mark is missing');
}

function readHeader(header: Uint8Array, file: string): PngLayout {
  if (header.length !== 13) throw pictureFault(file, 'Its header is missing or damaged');
  const view = viewOf(header);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  checkPictureSize(file, width, height);
  const [depth = 0, color = 0, method, filter, interlace = 0] = header.subarray(8);
  const samples = SAMPLES[color];
  if (
    samples === undefined ||
    !DEPTHS[color]?.includes(depth) ||
    method !== 0 ||
    filter !== 0 ||
    interlace > 1
  ) {
    throw pictureFault(
      file,
      `Its header names the colour type ${color} with ${depth} bits, or an unknown method`,
    );
  }
  return { width, height, depth, color, samples, interlaced: interlace === 1 };
}

function unpackedBytes({ width, height, depth, samples }: PngLayout, passes: typeof ADAM7): number {
  return passes.reduce((total, { x, y, stepX, stepY }) => {
    const columns = Math.ceil((width - x) / stepX);
    const lines = Math.ceil((height - y) / stepY);
    return columns > 0 && lines > 0
      ? total + lines * (1 + Math.ceil((columns * samples * depth) / 8))
      : total;
  }, 0);
}

/** The zlib stream, of just this many bytes; more or fewer is damage. */
function inflated(packed: Uint8Array, expected: number, file: string): Uint8Array {
  const out = new Uint8Array(expected);
  let at = 0;
  // Past the two bytes of zlib's header; its checksum is left aside, since each chunk has one of its own.
  const inflate = new Inflate((part) => {
    if (at + part.length > expected) throw new RangeError('it holds more than its size says');
    out.set(part, at);
    at += part.length;
  });
  try {
    for (let from = 2; from < packed.length && at < expected; from += 2 ** 14) {
      inflate.push(packed.subarray(from, from + 2 ** 14), false);
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it cannot be decompressed';
    throw pictureFault(file, `Its pixels are damaged: ${why}`, cause);
  }
  if (at < expected) throw pictureFault(file, 'It is cut short: pixels are missing');
  return out;
}

/** Palettes looked up, grey with alpha without it. */
function asPicture(
  layout: PngLayout,
  samples: Uint8Array,
  palette: Uint8Array | null,
  file: string,
): Picture {
  const { width, height, color } = layout;
  if (color === PALETTE) {
    if (palette === null) throw pictureFault(file, 'Its palette is missing');
    const data = new Uint8Array(samples.length * 3);
    for (const [pixel, index] of samples.entries()) {
      if (3 * index + 3 > palette.length)
        throw pictureFault(file, `It uses the colour ${index}, which its palette lacks`);
      for (let channel = 0; channel < 3; channel++)
        data[3 * pixel + channel] = palette[3 * index + channel] ?? 0;
    }
    return { width, height, channels: 3, data };
  }
  if (color === 4) {
    const data = Uint8Array.from({ length: width * height }, (_, pixel) => samples[2 * pixel] ?? 0);
    return { width, height, channels: 1, data };
  }
  return { width, height, channels: color === 0 ? 1 : color === 2 ? 3 : 4, data: samples };
}
