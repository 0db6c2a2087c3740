import { VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import type { ImageShape } from '../../core/datasets/dataset.ts';
import { imageRgba } from './preview-stamps.ts';
import classes from './TriggerPreview.module.css';

interface PreviewImageProps {
  images: Uint8Array;
  index: number;
  shape: ImageShape;
  trueClass: string;
  /** The class it should be read as; null where there is none. */
  backdoorClass: string | null;
  /** Whether the grid shows this image behind the trigger. */
  chosen: boolean;
  /** Null where it cannot be chosen. */
  onChoose: (() => void) | null;
  disabled: boolean;
}

/** One triggered test image with its two classes; pressed, the grid shows it behind the trigger. */
export function PreviewImage(props: PreviewImageProps) {
  const { images, index, shape, trueClass, backdoorClass, chosen, onChoose, disabled } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const rgba = imageRgba(images, index, shape);
    canvas.current?.getContext('2d')?.putImageData(new ImageData(rgba, shape.width, shape.height), 0, 0);
  }, [images, index, shape]);
  return (
    <Holder chosen={chosen} disabled={disabled} onChoose={onChoose}>
      <canvas ref={canvas} width={shape.width} height={shape.height} className={classes.canvas} aria-hidden />
      <VisuallyHidden>
        {onChoose ? 'Paint over test' : 'Test'} image {index + 1}, class{' '}
      </VisuallyHidden>
      <span className={classes.classes}>
        <span className={classes.clean} title={trueClass}>
          {trueClass}
        </span>
        <span className={classes.arrow} aria-hidden>
          →
        </span>
        <VisuallyHidden> should be read as </VisuallyHidden>
        <span className={classes.backdoor} title={backdoorClass ?? undefined}>
          {backdoorClass ?? '?'}
        </span>
      </span>
    </Holder>
  );
}

function Holder({
  chosen,
  disabled,
  onChoose,
  children,
}: Pick<PreviewImageProps, 'chosen' | 'disabled' | 'onChoose'> & { children: ReactNode }) {
  if (onChoose === null) return <div className={classes.image}>{children}</div>;
  return (
    <button
      type="button"
      className={classes.image}
      aria-pressed={chosen}
      disabled={disabled}
      onClick={onChoose}
    >
      {children}
    </button>
  );
}
