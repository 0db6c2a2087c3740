import { createHash } from 'node:crypto';
import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import { concatBytes, crc32, viewOf } from './bytes.ts';
import { pictureDecoder } from './decode-picture.ts';
import { jpegWasm } from './jpeg-wasm.node.ts';
import { ADAM7 } from './png-rows.ts';
import type { Picture } from './png.ts';
import { encodePng } from './png.ts';

const decode = pictureDecoder(jpegWasm);
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

/** Files of 13x9 pixels written by PIL 11.3, and the SHA-256 of the RGB that PIL reads from them (libjpeg-turbo). */
const FILES: Record<string, { file: string; rgb: string }> = {
  'a colour JPEG with half the colours (4:2:0)': {
    file: '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAUDBAQEAwUEBAQFBQUGBwwIBwcHBw8LCwkMEQ8SEhEPERETFhwXExQaFRERGCEYGh0dHx8fExciJCIeJBweHx7/2wBDAQUFBQcGBw4ICA4eFBEUHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh7/wAARCAAJAA0DASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDgPCXwsEiqzW4AAySR0r0XSfhjG1v+609pF/vHjP6V2vhr/kGn/gP/AKEK7xP+PC3/AOBf0r5jOeJK2BwaqqKbUIze13zT5baqSVt9nfbQ4uAeL8wlBLm/qx//2Q==',
    rgb: 'c62ad4368b6a9d8918a772a4f7eb1fb474020c3ecd012cd2f20148a697297041',
  },
  'a progressive grey JPEG': {
    file: '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsjHBYWICwgIyYnKSopGR8tMC0oMCUoKSj/wgALCAAJAA0BAREA/8QAFAABAAAAAAAAAAAAAAAAAAAABf/aAAgBAQAAAAER1Zr/xAAaEAACAgMAAAAAAAAAAAAAAAADBAAFITJC/9oACAEBAAEFAl6+DQwDTj//xAAZEAABBQAAAAAAAAAAAAAAAAAAAQIQITH/2gAIAQEABj8CwpsIf//EABgQAAMBAQAAAAAAAAAAAAAAAAABERBB/9oACAEBAAE/IbwJ7cUP/9oACAEBAAAAEO//xAAcEAEAAQQDAAAAAAAAAAAAAAABABEhMbFRgcH/2gAIAQEAAT8QApNMqkbcnltMnWybPk//2Q==',
    rgb: '9d235a386d2658cbe2f2eb3b7394329c090264c654ddd084d910f7f9b7692ef5',
  },
  'a PNG with a palette of 4 bits': {
    file: 'iVBORw0KGgoAAAANSUhEUgAAAA0AAAAJBAMAAAAbVLtZAAAAMFBMVEWrxHurfoUwqHOrKmwwKjsAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADpxhhmAAAAMUlEQVR4nGNwcXFxNjY2YECijaG0oKCgAIOLkpKgoLABgxKIBvJBNAMQAGkGCK0AogCc2wjGSNk17wAAAABJRU5ErkJggg==',
    rgb: '603fd1521c22f029a5f64b3bb7bd1beae1578208f9fd3a2283c585b8e6aadfae',
  },
  'a PNG of 1 bit': {
    file: 'iVBORw0KGgoAAAANSUhEUgAAAA0AAAAJAQAAAADBAZvHAAAAI0lEQVR4nGNgYGBgWsGoocF0l4ElgJmJIYCJ0YBx9VGmTR4ANT8FJBfpx1wAAAAASUVORK5CYII=',
    rgb: '2e4119721a83abe0afa94e119345b957a3d23b4e939c3200b3da305ee721c335',
  },
  'a grey PNG with opacity': {
    file: 'iVBORw0KGgoAAAANSUhEUgAAAA0AAAAJCAQAAABDc27hAAAAX0lEQVR4nG2HwQ2AMAwDDxTSJnzSB+y/X2EG+AQEAlk+n4fpmFCULyVQlPLgtRKUO/oyaRQqJfk0CepPOiPSqNirnYEVQwLDMDx3Y02ThuF4cmO5vwTOjOM4O0vazM4JzusKeByrBDQAAAAASUVORK5CYII=',
    rgb: '6f1b870a6da7748488c7db20c8f30ebb5f9f0dcd41bbd452d96cc18db35313f2',
  },
};
const CMYK =
  '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAGBAUGBQQGBgUGBwcGCAoQCgoJCQoUDg8MEBcUGBgXFBYWGh0lHxobIxwWFiAsICMmJykqKRkfLTAtKDAlKCko/8AAFAgACQANBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwDy34Uf8sfwrl/+FM/9O3/jtct8OvBEGu2purwxR20aGSWWVgqRoBksxPAAGSSa+qa+uPBf/IKH4Uf8KZ/6dv8Ax2tm10rR7wufD3gy51eyT5ftc84td7ZIyqbHO0gAgttPOCoxRXyP8KP+WP4V9UUab/yQnWv+3T/0qhor648F/wDIKH4UVy/x7/5FLwP/ANvn8oKK/9k=';

function rgbOf({ width, height, channels, data }: Picture): Uint8Array {
  const colors = channels >= 3 ? [0, 1, 2] : [0, 0, 0];
  return Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    return data[Math.floor(at / 3) * channels + (colors[at % 3] ?? 0)] ?? 0;
  });
}

function chunk(type: string, contents: Uint8Array): Uint8Array {
  const typed = concatBytes([new TextEncoder().encode(type), contents]);
  const [length, sum] = [new Uint8Array(4), new Uint8Array(4)];
  viewOf(length).setUint32(0, contents.length);
  viewOf(sum).setUint32(0, crc32(typed));
  return concatBytes([length, typed, sum]);
}

function png(width: number, height: number, header: readonly number[], rows: Uint8Array): Uint8Array {
  const size = new Uint8Array(8);
  viewOf(size).setUint32(0, width);
  viewOf(size).setUint32(4, height);
  return concatBytes([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', concatBytes([size, Uint8Array.from(header)])),
    chunk('IDAT', zlibSync(rows)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

const grey = (x: number, y: number): number => (x * 31 + y * 57 + x * y) % 256;

describe('a picture', () => {
  it.each(Object.entries(FILES))('is read as PIL reads it: %s', async (_name, { file, rgb }) => {
    const picture = await decode(bytesOf(file), 'x');
    expect([picture.width, picture.height]).toEqual([13, 9]);
    expect(createHash('sha256').update(rgbOf(picture)).digest('hex')).toBe(rgb);
  });

  it('is read as the lab writes it, in every filter of a PNG', async () => {
    const data = Uint8Array.from({ length: 7 * 5 * 4 }, (_, at) => (at * at * 13) % 256);
    const picture: Picture = { width: 7, height: 5, channels: 4, data };
    expect(await decode(encodePng(picture), 'x')).toEqual(picture);
    // Rows of grey pixels under the filters 0 to 4, computed by the formulas of the standard.
    const rows = new Uint8Array(5 * 8);
    for (let y = 0; y < 5; y++) {
      rows[y * 8] = y;
      for (let x = 0; x < 7; x++) {
        const left = x > 0 ? grey(x - 1, y) : 0;
        const up = y > 0 ? grey(x, y - 1) : 0;
        const corner = x > 0 && y > 0 ? grey(x - 1, y - 1) : 0;
        const estimate = left + up - corner;
        const nearest = [left, up, corner].reduce((best, one) =>
          Math.abs(estimate - one) < Math.abs(estimate - best) ? one : best,
        );
        const guess = [0, left, up, (left + up) >> 1, nearest][y] ?? 0;
        rows[y * 8 + 1 + x] = grey(x, y) - guess;
      }
    }
    const { data: read } = await decode(png(7, 5, [8, 0, 0, 0, 0], rows), 'x');
    expect([...read]).toEqual(Array.from({ length: 35 }, (_, at) => grey(at % 7, Math.floor(at / 7))));
  });

  it.each([
    [13, 9],
    [1, 1],
    [3, 2],
  ])('is read interlaced, %ix%i, with 16 bits a value', async (width, height) => {
    const rows: number[] = [];
    for (const { x, y, stepX, stepY } of ADAM7) {
      if (x >= width) continue;
      for (let row = y; row < height; row += stepY) {
        rows.push(0);
        for (let column = x; column < width; column += stepX) rows.push(grey(column, row), 200);
      }
    }
    const { data } = await decode(png(width, height, [16, 0, 0, 0, 1], Uint8Array.from(rows)), 'x');
    expect([...data]).toEqual(
      Array.from({ length: width * height }, (_, at) => grey(at % width, Math.floor(at / width))),
    );
  });

  it('is read as PPM and PGM', async () => {
    const pixels = [1, 2, 3, 10, 32, 13];
    const file = (head: string) => concatBytes([new TextEncoder().encode(head), Uint8Array.from(pixels)]);
    expect(await decode(file('P6\n# a comment\n2 1\n255\n'), 'x')).toMatchObject({
      width: 2,
      height: 1,
      channels: 3,
      data: Uint8Array.from(pixels),
    });
    expect(await decode(file('P5 3 2 255 '), 'x')).toMatchObject({
      channels: 1,
      data: Uint8Array.from(pixels),
    });
  });
});

describe('a damaged or hostile picture', () => {
  const refused = async (bytes: Uint8Array, why: RegExp): Promise<void> => {
    await expect(decode(bytes, 'x.jpg')).rejects.toMatchObject({
      code: 'E-DATASET',
      where: 'x.jpg',
      why: expect.stringMatching(why) as unknown,
    });
  };

  it('is refused where it is cut short', async () => {
    for (const { file } of Object.values(FILES)) {
      const bytes = bytesOf(file);
      for (const length of [0, 2, 20, Math.floor(bytes.length / 2), bytes.length - 3]) {
        await refused(bytes.subarray(0, length), /./);
      }
    }
  });

  it('is refused before its pixels are made where it claims too many', async () => {
    await refused(png(100_000, 100_000, [8, 2, 0, 0, 0], new Uint8Array(100)), /100,000x100,000 pixels/);
    const jpeg = bytesOf(FILES['a progressive grey JPEG']?.file ?? '');
    const view = viewOf(jpeg);
    for (let at = 0; at + 9 < jpeg.length; at++) {
      if (view.getUint16(at) === 0xffc2) view.setUint32(at + 5, 0xfff0fff0);
    }
    await refused(jpeg, /65,520x65,520 pixels/);
    await refused(new TextEncoder().encode('P6 99999 99999 255 '), /pixels/);
  });

  it('is refused as a bomb: more pixels packed in than its size says', async () => {
    await refused(png(4, 4, [8, 0, 0, 0, 0], new Uint8Array(50_000_000)), /more than its size/);
  });

  it('is refused for another format, a wrong checksum, a colour past the palette and an unknown header', async () => {
    await refused(new TextEncoder().encode('GIF89a.......'), /JPEG, PNG or PPM/);
    const damaged = encodePng({ width: 2, height: 2, channels: 1, data: new Uint8Array(4) });
    damaged[45] = (damaged[45] ?? 0) ^ 1;
    await refused(damaged, /checksum/);
    await refused(png(2, 1, [8, 3, 0, 0, 0], Uint8Array.of(0, 1, 2)), /palette is missing/);
    await refused(png(2, 1, [8, 5, 0, 0, 0], Uint8Array.of(0, 1, 2)), /colour type 5/);
    await refused(png(2, 1, [8, 0, 0, 0, 0], Uint8Array.of(9, 1, 2)), /filter 9/);
  });

  it('leaves the decoder fit for the next one', async () => {
    const good = FILES['a progressive grey JPEG'];
    await refused(bytesOf(CMYK), /Unsupported color conversion/);
    for (let at = 150; at < 170; at++) {
      const damaged = bytesOf(good?.file ?? '');
      damaged[at] = 0xff;
      await decode(damaged, 'x').catch((error: unknown) => expect(error).toBeInstanceOf(LabError));
    }
    const rgb = rgbOf(await decode(bytesOf(good?.file ?? ''), 'x'));
    expect(createHash('sha256').update(rgb).digest('hex')).toBe(good?.rgb);
  });
});
