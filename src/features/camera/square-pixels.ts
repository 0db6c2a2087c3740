import type { ImageShape } from '../../core/datasets/dataset.ts';
import { fitSquare } from '../../core/datasets/loaders/fit-square.ts';

/** Side of the square that the browser scales a picture into; the rest is scaled as the loaders of pictures do. */
const BETWEEN = 256;

/** Where the middle square of a picture lies. */
export function middleSquare(width: number, height: number): { left: number; top: number; side: number } {
  const side = Math.min(width, height);
  return { left: (width - side) / 2, top: (height - side) / 2, side };
}

/**
 * The middle square of a picture as a model takes it: [height, width, channels], 0 to 255; for images that are not square
 * themselves, the middle of it. Null while a video has no picture yet.
 */
export function squarePixels(
  source: HTMLVideoElement | ImageBitmap,
  { height, width, channels }: ImageShape,
  inverted: boolean,
): Uint8Array | null {
  const picture = squarePicture(source, BETWEEN);
  if (!picture) return null;
  const size = Math.max(height, width);
  const whole = fitSquare(
    { width: picture.width, height: picture.height, channels: 4, data: new Uint8Array(picture.data.buffer) },
    { size, channels },
  );
  const pixels = cropped(whole, size, { height, width, channels });
  return inverted ? pixels.map((value) => 255 - value) : pixels;
}

/** The middle square of a picture, its side at most `most`; null while a video has no picture yet. */
export function squarePicture(source: HTMLVideoElement | ImageBitmap, most: number): ImageData | null {
  const [wide, tall] = sizeOf(source);
  if (wide === 0 || tall === 0) return null;
  const { left, top, side } = middleSquare(wide, tall);
  const to = Math.min(most, Math.round(side));
  const context = new OffscreenCanvas(to, to).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas to draw on');
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, left, top, side, side, 0, 0, to, to);
  return context.getImageData(0, 0, to, to);
}

/** The middle of a square image [size, size, channels]. */
export function cropped(
  square: Uint8Array,
  size: number,
  { height, width, channels }: ImageShape,
): Uint8Array {
  if (height === size && width === size) return square;
  const [top, left] = [Math.floor((size - height) / 2), Math.floor((size - width) / 2)];
  const out = new Uint8Array(height * width * channels);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * size + left) * channels;
    out.set(square.subarray(from, from + width * channels), row * width * channels);
  }
  return out;
}

export function sizeOf(source: HTMLVideoElement | ImageBitmap): [width: number, height: number] {
  return 'videoWidth' in source ? [source.videoWidth, source.videoHeight] : [source.width, source.height];
}
