import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32, viewOf } from './bytes.ts';
import type { Picture } from './png.ts';
import { encodePng } from './png.ts';
import { triggerPicture } from './trigger-picture.ts';

/** A reader of the PNGs that the encoder writes: walks the chunks, checks each checksum, unpacks by zlib. */
function decode(file: Uint8Array): { picture: Picture; chunks: string[] } {
  expect([...file.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const view = viewOf(file);
  const chunks = new Map<string, Uint8Array>();
  for (let at = 8; at < file.length;) {
    const length = view.getUint32(at);
    const typed = file.subarray(at + 4, at + 8 + length);
    expect(view.getUint32(at + 8 + length)).toBe(crc32(typed));
    chunks.set(new TextDecoder().decode(typed.subarray(0, 4)), typed.subarray(4));
    at += 12 + length;
  }
  const header = viewOf(chunks.get('IHDR') ?? new Uint8Array(13));
  const [width, height] = [header.getUint32(0), header.getUint32(4)];
  expect(header.getUint8(8)).toBe(8);
  const channels = ({ 0: 1, 2: 3, 6: 4 } as const)[header.getUint8(9) as 0 | 2 | 6];
  const rows = inflateSync(chunks.get('IDAT') ?? new Uint8Array(0));
  const data: number[] = [];
  for (let row = 0; row < height; row++) {
    const from = row * (width * channels + 1);
    expect(rows[from]).toBe(0);
    data.push(...rows.subarray(from + 1, from + 1 + width * channels));
  }
  return { picture: { width, height, channels, data: Uint8Array.from(data) }, chunks: [...chunks.keys()] };
}

describe('encodePng', () => {
  it.each([1, 3, 4] as const)('writes %i channels that decode to the same picture', (channels) => {
    const data = Uint8Array.from({ length: 7 * 5 * channels }, (_, index) => (index * 37 + 11) % 256);
    const { picture, chunks } = decode(encodePng({ width: 7, height: 5, channels, data }));
    expect(picture).toEqual({ width: 7, height: 5, channels, data });
    expect(chunks).toEqual(['IHDR', 'IDAT', 'IEND']);
  });

  it('refuses data of another size and pictures without pixels', () => {
    const data = new Uint8Array(11);
    expect(() => encodePng({ width: 2, height: 2, channels: 3, data })).toThrow(
      /E-SHAPE.*11 values.*needs 12/,
    );
    expect(() => encodePng({ width: 0, height: 2, channels: 3, data: new Uint8Array(0) })).toThrow(/E-SHAPE/);
  });
});

describe('triggerPicture', () => {
  it('draws each pixel as a square, grey as RGB, opacity as alpha, values kept in range', () => {
    const grey = {
      width: 2,
      height: 1,
      channels: 1 as const,
      values: Float32Array.of(0.2, 1.7),
      opacity: Float32Array.of(1, 0.5),
    };
    const { width, height, data } = triggerPicture(grey, 3);
    expect([width, height]).toEqual([6, 3]);
    const at = (x: number, y: number) => [...data.subarray((y * 6 + x) * 4, (y * 6 + x) * 4 + 4)];
    expect(at(0, 0)).toEqual([51, 51, 51, 255]);
    expect(at(2, 2)).toEqual([51, 51, 51, 255]);
    expect(at(3, 1)).toEqual([255, 255, 255, 128]);
  });

  it('keeps the colours of RGB', () => {
    const values = Float32Array.of(1, 0, 0.4);
    const trigger = { width: 1, height: 1, channels: 3 as const, values, opacity: Float32Array.of(1) };
    expect([...triggerPicture(trigger, 1).data]).toEqual([255, 0, 102, 255]);
  });
});
