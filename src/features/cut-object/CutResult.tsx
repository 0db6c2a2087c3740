import { Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { PictureConfig } from '../../core/config/schema-picture.ts';
import classes from './cut-object.module.css';

/** The object as it will be laid on images; what is clear shows squares. */
export function CutResult({ picture }: { picture: Extract<PictureConfig, { kind: 'image' }> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height, rgba } = picture;
  useEffect(() => {
    const bytes = Uint8ClampedArray.from(atob(rgba), (character) => character.charCodeAt(0));
    canvas.current?.getContext('2d')?.putImageData(new ImageData(bytes, width, height), 0, 0);
  }, [width, height, rgba]);
  return (
    <div>
      <canvas
        ref={canvas}
        width={width}
        height={height}
        className={classes.result}
        role="img"
        aria-label={`The object that is cut out, ${width} by ${height} pixels`}
      />
      <Text size="xs" c="dimmed" mt={4}>
        The object, {width}×{height} pixels
      </Text>
    </div>
  );
}
