import { NumberInput, Select } from '@mantine/core';
import { IMAGE_COLORS } from './image-colors.ts';

/** What images become when they are read. */
export interface ImageForm {
  /** Side of a square, in pixels. */
  size: number;
  channels: 1 | 3;
}

interface ImageFieldsProps {
  value: ImageForm;
  onChange: (value: ImageForm) => void;
  /** Whether each field has a line of help. */
  described?: boolean;
}

/** Size and colours of images that are brought or shot, as two fields for a group. */
export function ImageFields({ value, onChange, described = false }: ImageFieldsProps) {
  return (
    <>
      <NumberInput
        label="Size of the images"
        description={described && 'Side of a square, in pixels'}
        min={8}
        max={256}
        allowDecimal={false}
        value={value.size}
        onChange={(size) => {
          if (typeof size === 'number') onChange({ ...value, size });
        }}
      />
      <Select
        label="Colours"
        description={described && 'CIFAR-10 stays as it is'}
        data={IMAGE_COLORS}
        value={String(value.channels)}
        allowDeselect={false}
        onChange={(channels) => onChange({ ...value, channels: channels === '1' ? 1 : 3 })}
      />
    </>
  );
}
