import type { PlacedSynthesizerConfig } from '../../core/config/schema.ts';
import type { ImageShape } from '../../core/datasets/dataset.ts';
import { scaledSize } from '../../core/triggers/resize.ts';
import type { RandomPlacement } from './painter-config.ts';
import { triggerBox } from './painter-pixels.ts';

/** The largest size that an experiment takes, in px. */
const LARGEST = 4096;

/** A size as it was typed: a whole number of px, or null for none (the size as drawn); or why it is no size. */
export function typedSize(
  value: string | number,
): { size: number | null; problem: null } | { problem: string } {
  if (value === '') return { size: null, problem: null };
  const size = typeof value === 'number' ? value : NaN;
  return Number.isInteger(size) && size >= 1 && size <= LARGEST
    ? { size, problem: null }
    : { problem: `A size is a whole number from 1 to ${LARGEST}; empty keeps it as drawn.` };
}

/** Why the ends of a range of sizes cannot be used with these images; null where they can. */
export function sizeProblems(
  config: PlacedSynthesizerConfig,
  { min_size: smallest, max_size: largest }: RandomPlacement,
  shape: ImageShape,
): { smallest: string | null; largest: string | null } {
  const box = triggerBox(config, shape);
  const tooLarge = (side: number | null): string | null => {
    if (side === null || box === null) return null;
    const { height, width } = scaledSize(box, side);
    if (height <= shape.height && width <= shape.width) return null;
    return `The trigger would be ${height} x ${width} px, the images are ${shape.height} x ${shape.width} px.`;
  };
  const crossed =
    smallest !== null && largest !== null && smallest > largest
      ? `The smallest size is above the largest, ${largest} px.`
      : null;
  return { smallest: crossed ?? tooLarge(smallest), largest: tooLarge(largest) };
}
