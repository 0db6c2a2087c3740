import type { Trigger } from '../triggers/trigger.ts';
import type { Picture } from './png.ts';

/** A trigger as an RGBA picture: its opacity is the alpha, each of its pixels a square of `zoom` pixels. */
export function triggerPicture({ width, height, channels, values, opacity }: Trigger, zoom = 16): Picture {
  const data = new Uint8Array(width * zoom * height * zoom * 4);
  const byte = (value: number | undefined): number => Math.round(Math.min(1, Math.max(0, value ?? 0)) * 255);
  for (let y = 0; y < height * zoom; y++) {
    for (let x = 0; x < width * zoom; x++) {
      const pixel = Math.floor(y / zoom) * width + Math.floor(x / zoom);
      const [red, green, blue] = channels === 3 ? [0, 1, 2] : [0, 0, 0];
      data.set(
        [
          byte(values[pixel * channels + red]),
          byte(values[pixel * channels + green]),
          byte(values[pixel * channels + blue]),
          byte(opacity[pixel]),
        ],
        (y * width * zoom + x) * 4,
      );
    }
  }
  return { width: width * zoom, height: height * zoom, channels: 4, data };
}
