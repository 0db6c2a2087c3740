import { sizeOf } from '../camera/square-pixels.ts';

/** Longest side of a shot, in pixels: ten times as fine as the object that is cut out. */
const LONGEST_SIDE = 480;

/** What a video shows now, or a photo; null while a video has no picture yet. */
export function shotOf(source: HTMLVideoElement | ImageBitmap): ImageData | null {
  const [wide, tall] = sizeOf(source);
  if (wide === 0 || tall === 0) return null;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(wide, tall));
  const [width, height] = [Math.max(1, Math.round(wide * scale)), Math.max(1, Math.round(tall * scale))];
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new Error('no canvas to draw on');
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
