import { useEffect, useRef } from 'react';
import classes from './bench.module.css';

interface PixelCanvasProps {
  /** [height, width, channels] */
  shape: readonly [number, number, number];
  /** [height, width, channels], 0 to 255; grey where it has one channel. */
  pixels: ArrayLike<number>;
  /** [height, width] in [0, 1], laid over the picture in the colour of a backdoor. */
  heat?: Float32Array | null;
  /** [height, width] 1 inside; its edge is drawn. */
  region?: Uint8Array | null;
  label: string;
}

const HEAT = [255, 90, 0] as const;
const EDGE = [255, 255, 0] as const;

/** A small picture, enlarged without smoothing, with what a network looked at on it. */
export function PixelCanvas({ shape, pixels, heat = null, region = null, label }: PixelCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [height, width, channels] = shape;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(width, height);
    for (let at = 0; at < width * height; at++) {
      const share = 0.75 * (heat?.[at] ?? 0);
      const isEdge = region !== null && onEdge(region, at, height, width);
      for (let channel = 0; channel < 3; channel++) {
        const own = pixels[at * channels + (channels >= 3 ? channel : 0)] ?? 0;
        const warm = own * (1 - share) + (HEAT[channel] ?? 0) * share;
        image.data[4 * at + channel] = isEdge ? (EDGE[channel] ?? 0) : warm;
      }
      image.data[4 * at + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [pixels, heat, region, height, width, channels]);
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      className={classes.pixels}
      role="img"
      aria-label={label}
    />
  );
}

/** Inside the region, beside a pixel that is not. */
function onEdge(region: Uint8Array, at: number, height: number, width: number): boolean {
  if (region[at] !== 1) return false;
  const [row, column] = [Math.floor(at / width), at % width];
  return (
    row === 0 ||
    column === 0 ||
    row === height - 1 ||
    column === width - 1 ||
    region[at - 1] !== 1 ||
    region[at + 1] !== 1 ||
    region[at - width] !== 1 ||
    region[at + width] !== 1
  );
}
