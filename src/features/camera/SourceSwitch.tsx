import { SegmentedControl } from '@mantine/core';
import type { useCamera } from './use-camera.ts';

export type PictureSource = 'camera' | 'photo';

interface SourceSwitchProps {
  /** What the pictures are for, in words. */
  label: string;
  source: PictureSource;
  onChange: (source: PictureSource) => void;
  /** Stopped once a photo is chosen. */
  camera: ReturnType<typeof useCamera>;
}

/** The camera, or a photo. */
export function SourceSwitch({ label, source, onChange, camera }: SourceSwitchProps) {
  return (
    <SegmentedControl
      aria-label={label}
      value={source}
      data={[
        { value: 'camera', label: 'Camera' },
        { value: 'photo', label: 'Photo' },
      ]}
      onChange={(value) => {
        if (value !== 'camera') camera.stop();
        onChange(value === 'camera' ? 'camera' : 'photo');
      }}
    />
  );
}
