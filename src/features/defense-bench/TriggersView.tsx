import { Text } from '@mantine/core';
import { useMemo } from 'react';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { TriggersEvidence } from '../../core/defenses/evidence.ts';
import { formatPercent } from '../training/format.ts';
import { stampPreview } from '../trigger-painter/preview-stamps.ts';
import classes from './bench.module.css';
import { PixelCanvas } from './PixelCanvas.tsx';

interface TriggersViewProps {
  evidence: TriggersEvidence;
  config: ExperimentConfig;
  flagged: readonly number[];
  className: (label: number) => string;
}

/** The trigger that was found for each label, mask and pattern, beside the one that the attack lays on. */
export function TriggersView({ evidence, config, flagged, className }: TriggersViewProps) {
  const { shape, triggers } = evidence;
  const painted = useMemo(() => paintedTrigger(config, shape), [config, shape]);
  return (
    <ul className={classes.tiles}>
      {painted && (
        <li className={classes.tile} data-truth="true">
          <span className={classes.tileName}>The attack’s trigger</span>
          <PixelCanvas shape={shape} pixels={painted} label="The trigger of the attack, on black" />
          <Text size="xs" c="dimmed">
            {wanted(config, className)}
          </Text>
        </li>
      )}
      {triggers.map(({ label, mask, pattern, norm, success }) => {
        const isFlagged = flagged.includes(label);
        return (
          <li key={label} className={classes.tile} data-flagged={isFlagged || undefined}>
            <span className={classes.tileName}>
              {className(label)}
              {isFlagged && <span className={classes.flag}> ▲ flagged</span>}
            </span>
            <span className={classes.pair}>
              <PixelCanvas
                shape={[shape[0], shape[1], 1]}
                pixels={mask.map((value) => 255 * value)}
                label={`Mask for ${className(label)}`}
              />
              <PixelCanvas
                shape={shape}
                pixels={pattern.map((value, at) => 255 * value * (mask[Math.floor(at / shape[2])] ?? 0))}
                label={`Pattern under the mask for ${className(label)}`}
              />
            </span>
            <Text size="xs" className={classes.number}>
              sum {norm.toFixed(1)}
              {success !== null && `, ${formatPercent(success)}`}
            </Text>
          </li>
        );
      })}
    </ul>
  );
}

/** The trigger on a black image, in bytes; null where there is no attack or it does not fit. */
function paintedTrigger(
  { attack, seed }: ExperimentConfig,
  [height, width, channels]: readonly [number, number, number],
): Uint8Array | null {
  if (!attack.enabled) return null;
  const images = new Uint8Array(height * width * channels);
  const preview = stampPreview(
    attack.synthesizer,
    { height, width, channels: channels === 3 ? 3 : 1 },
    { images, labels: [0] },
    seed,
    seed,
  );
  return preview.ok ? preview.images : null;
}

function wanted({ attack: { label } }: ExperimentConfig, className: (label: number) => string): string {
  return 'target' in label ? `wants ${className(label.target)}` : 'as the experiment has it';
}
