import { useEffect, useRef } from 'react';

import type { ImageShape } from '../../core/datasets/dataset.ts';
import classes from './gallery.module.css';

interface PixelImageProps {
  /** [height, width, channels], 0 to 255. */
  pixels: Uint8Array;
  shape: ImageShape;
  /** What it shows, for those who cannot see it; empty where the words around it say so. */
  label: string;
}

/** A small image, enlarged without smoothing, as wide as its place. */
export function PixelImage({ pixels, shape, label }: PixelImageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { height, width, channels } = shape;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context === null || context === undefined) return;
    const image = context.createImageData(width, height);
    for (let pixel = 0; pixel < width * height; pixel++) {
      for (let channel = 0; channel < 3; channel++) {
        image.data[4 * pixel + channel] = pixels[pixel * channels + (channels === 3 ? channel : 0)] ?? 0;
      }
      image.data[4 * pixel + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [pixels, height, width, channels]);
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      className={classes.image}
      {...(label === '' ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    />
  );
}
