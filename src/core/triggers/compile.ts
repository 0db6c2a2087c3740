import { LabError } from '../errors.ts';
import type { PlacedSynthesizerConfig } from '../config/schema.ts';
import type { ImageShape } from '../datasets/dataset.ts';
import { luminance, parseColor } from './color.ts';
import { checkPlacement } from './resize.ts';
import type { Trigger } from './trigger.ts';

type PatternConfig = Extract<PlacedSynthesizerConfig, { kind: 'pattern' }>;
type PaintedConfig = Extract<PlacedSynthesizerConfig, { kind: 'painted' }>;

/**
 * The trigger that a synthesizer puts into images of `shape`: a picture in [0, 1] with an opacity for each pixel.
 * Pattern and single pixel are grey: each value goes to all channels. A painted trigger is cut to the box around its
 * pixels, and its colours become grey by luminance where the images are grey.
 * Throws E-TRIGGER for a trigger without pixels, larger than the images, or placed past their edge.
 */
export function compileTrigger(synthesizer: PlacedSynthesizerConfig, shape: ImageShape): Trigger {
  const trigger = compileKind(synthesizer, shape);
  checkPlacement(trigger, synthesizer.placement, shape);
  return trigger;
}

function compileKind(synthesizer: PlacedSynthesizerConfig, shape: ImageShape): Trigger {
  switch (synthesizer.kind) {
    case 'pattern':
      return compilePattern(synthesizer, shape.channels);
    case 'single_pixel':
      return compilePattern({ rows: [[synthesizer.value]] }, shape.channels);
    case 'painted':
      return compilePainted(synthesizer, shape.channels);
  }
}

function blankTrigger(height: number, width: number, channels: 1 | 3): Trigger {
  return {
    height,
    width,
    channels,
    values: new Float32Array(height * width * channels),
    opacity: new Float32Array(height * width),
  };
}

function compilePattern({ rows }: Pick<PatternConfig, 'rows'>, channels: 1 | 3): Trigger {
  const width = rows[0]?.length ?? 0;
  const trigger = blankTrigger(rows.length, width, channels);
  rows.forEach((row, r) => {
    if (row.length !== width) throw unevenRows(r, row.length, width);
    row.forEach((value, c) => {
      if (value === null) return;
      const at = r * width + c;
      trigger.opacity[at] = 1;
      trigger.values.fill(value, at * channels, (at + 1) * channels);
    });
  });
  if (!trigger.opacity.includes(1)) {
    throw emptyTrigger(
      'The pattern leaves every pixel as it is.',
      'Give at least one cell a value from 0 to 1.',
    );
  }
  return trigger;
}

function compilePainted({ pixels }: PaintedConfig, channels: 1 | 3): Trigger {
  if (pixels.length === 0) {
    throw emptyTrigger(
      'No pixel of the trigger is painted.',
      'Paint at least one pixel, or reset to the Backdoors 101 pattern.',
    );
  }
  // Loops, not Math.min(...pixels): a trigger may hold 65,536 pixels, more than a call takes arguments safely.
  const box = { top: Infinity, left: Infinity, bottom: -1, right: -1 };
  for (const [row, column] of pixels) {
    box.top = Math.min(box.top, row);
    box.left = Math.min(box.left, column);
    box.bottom = Math.max(box.bottom, row);
    box.right = Math.max(box.right, column);
  }
  const width = box.right - box.left + 1;
  const trigger = blankTrigger(box.bottom - box.top + 1, width, channels);
  for (const [row, column, color, opacity] of pixels) {
    const at = (row - box.top) * width + (column - box.left);
    const rgb = parseColor(color);
    trigger.opacity[at] = opacity;
    trigger.values.set(channels === 1 ? [luminance(rgb)] : rgb, at * channels);
  }
  return { ...trigger, origin: { row: box.top, column: box.left } };
}

function emptyTrigger(what: string, fix: string): LabError {
  const why = 'A backdoor needs a feature that the network can learn.';
  return new LabError({ code: 'E-TRIGGER', what, why, fix, where: 'attack.synthesizer' });
}

function unevenRows(row: number, length: number, width: number): LabError {
  return new LabError({
    code: 'E-TRIGGER',
    what: `Row ${row + 1} of the pattern has ${length} cells, row 1 has ${width}.`,
    why: 'A pattern is a rectangle.',
    fix: 'Give each row the same number of cells; null leaves a pixel as it is.',
    where: `attack.synthesizer.rows[${row}]`,
  });
}
