import { Switch } from '@mantine/core';
import { useState } from 'react';
import type { OverlaysEvidence } from '../../core/defenses/evidence.ts';
import classes from './bench.module.css';
import { PixelCanvas } from './PixelCanvas.tsx';

/** Images, with what the network looked at on them. */
export function OverlaysView({ evidence: { shape, images } }: { evidence: OverlaysEvidence }) {
  const [withHeat, setWithHeat] = useState(true);
  const hasHeat = images.some(({ heat, region }) => heat !== null || region !== null);
  return (
    <>
      {hasHeat && (
        <Switch
          label="Show where the network looked"
          checked={withHeat}
          onChange={(event) => setWithHeat(event.currentTarget.checked)}
        />
      )}
      <ul className={classes.tiles}>
        {images.map(({ caption, pixels, heat, region }, at) => (
          <li key={at} className={classes.tile}>
            <PixelCanvas
              shape={shape}
              pixels={pixels}
              heat={withHeat ? heat : null}
              region={withHeat ? region : null}
              label={caption}
            />
            <span className={classes.caption}>{caption}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
