import { describe, expect, it } from 'vitest';
import { placedTrigger, type PlacedSynthesizerConfig } from '../../core/config/schema.ts';
import type { ImageShape } from '../../core/datasets/dataset.ts';
import { configPixels, triggerBox } from './painter-pixels.ts';
import { beginStroke, continueStroke } from './stroke.ts';

const MNIST: ImageShape = { height: 28, width: 28, channels: 1 };
const CONTEXT = { brush: { color: '#ffffff', opacity: 1, size: 1 }, shape: MNIST };
const EMPTY: PlacedSynthesizerConfig = { kind: 'painted', pixels: [], placement: { kind: 'as_painted' } };
const PATTERN = placedTrigger();

describe('a stroke', () => {
  it('paints the first cell at once and fills the gaps of a fast drag', () => {
    const down = beginStroke(EMPTY, 'brush', { row: 2, column: 2 }, CONTEXT);
    expect(configPixels(down.config, MNIST)).toHaveLength(1);
    const dragged = continueStroke(down, { row: 2, column: 9 }, CONTEXT);
    expect(configPixels(dragged.config, MNIST)).toHaveLength(8);
    expect(dragged.base).toBe(EMPTY);
  });

  it('goes on where it left the image', () => {
    const down = beginStroke(EMPTY, 'brush', { row: 0, column: 1 }, CONTEXT);
    const outside = continueStroke(down, { row: -3, column: 1 }, CONTEXT);
    const back = continueStroke(outside, { row: -3, column: 4 }, CONTEXT);
    const inside = continueStroke(back, { row: 0, column: 4 }, CONTEXT);
    expect(configPixels(inside.config, MNIST).map(([row, column]) => [row, column])).toEqual([
      [0, 1],
      [0, 4],
    ]);
  });

  it('erases along its way', () => {
    const down = beginStroke(PATTERN, 'eraser', { row: 3, column: 23 }, CONTEXT);
    const dragged = continueStroke(down, { row: 3, column: 25 }, CONTEXT);
    expect(configPixels(dragged.config, MNIST)).toHaveLength(6);
  });

  it('moves the trigger with the pointer, and brings it back from the edge', () => {
    const down = beginStroke(PATTERN, 'move', { row: 5, column: 24 }, CONTEXT);
    expect(down.config).toBe(PATTERN);
    const far = continueStroke(down, { row: 40, column: 24 }, CONTEXT);
    expect(triggerBox(far.config, MNIST)?.top).toBe(23);
    const back = continueStroke(far, { row: 6, column: 20 }, CONTEXT);
    expect(triggerBox(back.config, MNIST)).toMatchObject({ top: 4, left: 19 });
    expect(back.config.kind).toBe('pattern');
  });
});
