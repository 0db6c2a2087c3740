import { describe, expect, it } from 'vitest';
import type { Picture } from '../../formats/png.ts';
import { fitSquare } from './fit-square.ts';

const picture = (width: number, height: number, value: (x: number, y: number) => number): Picture => ({
  width,
  height,
  channels: 1,
  data: Uint8Array.from({ length: width * height }, (_, at) => value(at % width, Math.floor(at / width))),
});

describe('fitting a picture into a square', () => {
  it('changes nothing at its own size', () => {
    const same = picture(5, 5, (x, y) => (x * 37 + y * 11) % 256);
    expect(fitSquare(same, { size: 5, channels: 1 })).toEqual(same.data);
    const colored: Picture = {
      width: 3,
      height: 3,
      channels: 4,
      data: Uint8Array.from({ length: 36 }, (_, at) => at * 7),
    };
    const rgb = Uint8Array.from({ length: 27 }, (_, at) => (Math.floor(at / 3) * 4 + (at % 3)) * 7);
    expect(fitSquare(colored, { size: 3, channels: 3 })).toEqual(rgb);
  });

  it('cuts the middle of the longer side', () => {
    expect([
      ...fitSquare(
        picture(8, 2, (x) => x),
        { size: 2, channels: 1 },
      ),
    ]).toEqual([3, 4, 3, 4]);
    expect([
      ...fitSquare(
        picture(1, 5, (_x, y) => y),
        { size: 1, channels: 1 },
      ),
    ]).toEqual([2]);
    // As torchvision: Resize(4), then CenterCrop(2).
    expect([
      ...fitSquare(
        picture(4, 4, (x, y) => 10 * y + x),
        { size: 2, shorterSide: 4, channels: 1 },
      ),
    ]).toEqual([11, 12, 21, 22]);
  });

  it('takes the mean over each area where it shrinks, whole pixels or not', () => {
    expect([
      ...fitSquare(
        picture(4, 4, (x, y) => 10 * x + y),
        { size: 2, channels: 1 },
      ),
    ]).toEqual([6, 26, 8, 28]);
    // 3 to 2: each new pixel is one and a half old ones.
    expect([
      ...fitSquare(
        picture(3, 3, (x) => 30 * x),
        { size: 2, channels: 1 },
      ),
    ]).toEqual([10, 50, 10, 50]);
  });

  it('is bilinear where it grows, and stays within the edges', () => {
    expect(
      [
        ...fitSquare(
          picture(2, 2, (x) => 100 * x),
          { size: 4, channels: 1 },
        ),
      ].slice(0, 4),
    ).toEqual([0, 25, 75, 100]);
  });

  it('turns colours to grey by luma and grey to colours', () => {
    const colored: Picture = { width: 1, height: 1, channels: 3, data: Uint8Array.of(200, 100, 50) };
    expect([...fitSquare(colored, { size: 1, channels: 1 })]).toEqual([
      Math.round(0.299 * 200 + 0.587 * 100 + 0.114 * 50),
    ]);
    expect([
      ...fitSquare(
        picture(1, 1, () => 77),
        { size: 1, channels: 3 },
      ),
    ]).toEqual([77, 77, 77]);
  });

  it('takes a cut for the whole, and repeats the edge past it', () => {
    const wide = picture(6, 4, (x, y) => 10 * y + x);
    expect([...fitSquare(wide, { size: 2, channels: 1 }, { left: 3, top: 1, width: 2, height: 2 })]).toEqual([
      13, 14, 23, 24,
    ]);
    expect([...fitSquare(wide, { size: 2, channels: 1 }, { left: 5, top: 3, width: 2, height: 2 })]).toEqual([
      35, 35, 35, 35,
    ]);
  });
});
