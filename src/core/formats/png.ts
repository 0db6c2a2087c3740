/** A PNG encoder (ISO/IEC 15948) for 8-bit grey, RGB and RGBA pictures. */
import { zlibSync } from 'fflate';
import { LabError } from '../errors.ts';
import { concatBytes, crc32, viewOf } from './bytes.ts';

export interface Picture {
  /** Pixels, 1 or more. */
  width: number;
  height: number;
  /** 1 grey, 3 RGB, 4 RGBA. */
  channels: 1 | 3 | 4;
  /** [height, width, channels] row-major, 0 to 255. */
  data: Uint8Array;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const COLOR_TYPE = { 1: 0, 3: 2, 4: 6 } as const;

/** The picture as a PNG file. Throws E-SHAPE when `data` does not have its size. */
export function encodePng({ width, height, channels, data }: Picture): Uint8Array<ArrayBuffer> {
  const rowBytes = width * channels;
  if (width < 1 || height < 1 || data.length !== rowBytes * height) {
    throw new LabError({
      code: 'E-SHAPE',
      what: `A picture of ${width}x${height}x${channels} has ${data.length} values.`,
      why: `It needs ${rowBytes * height}, and at least one pixel.`,
      fix: 'This is a fault of the lab: report it.',
    });
  }
  // Each row begins with the number of its filter: 0, as it is.
  const rows = new Uint8Array((rowBytes + 1) * height);
  for (let row = 0; row < height; row++) {
    rows.set(data.subarray(row * rowBytes, (row + 1) * rowBytes), row * (rowBytes + 1) + 1);
  }
  const header = new Uint8Array(13);
  const view = viewOf(header);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, COLOR_TYPE[channels], 0, 0, 0], 8);
  return concatBytes([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', zlibSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** Length, type, contents, and the checksum of the last two. */
function chunk(type: string, contents: Uint8Array): Uint8Array {
  const typed = concatBytes([new TextEncoder().encode(type), contents]);
  const out = new Uint8Array(8 + typed.length);
  const view = viewOf(out);
  view.setUint32(0, contents.length);
  out.set(typed, 4);
  view.setUint32(4 + typed.length, crc32(typed));
  return out;
}
