import { expect, it } from 'vitest';
import { cropped, middleSquare } from './square-pixels.ts';

it('takes the middle square of a picture, lying or standing', () => {
  expect(middleSquare(640, 480)).toEqual({ left: 80, top: 0, side: 480 });
  expect(middleSquare(301, 500)).toEqual({ left: 0, top: 99.5, side: 301 });
});

it('cuts the middle out for images that are not square', () => {
  const square = Uint8Array.from({ length: 4 * 4 * 3 }, (_, at) => at);
  const out = cropped(square, 4, { height: 4, width: 2, channels: 3 });
  expect(out).toHaveLength(24);
  expect([...out.subarray(0, 7)]).toEqual([3, 4, 5, 6, 7, 8, 15]);
  expect(cropped(square, 4, { height: 4, width: 4, channels: 3 })).toBe(square);
});
