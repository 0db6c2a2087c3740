import { useRef, useState } from 'react';
import type { PlacedSynthesizerConfig } from '../../core/config/schema.ts';
import type { ImageShape } from '../../core/datasets/dataset.ts';
import { isInside, type Cell } from './painter-geometry.ts';
import { reduceHistory, sameValue, startHistory } from './painter-history.ts';
import { configPixels, pixelAt, type Brush, type PaintedPixel } from './painter-pixels.ts';
import { beginStroke, continueStroke, type Stroke, type Tool } from './stroke.ts';

export interface PainterOptions {
  value: PlacedSynthesizerConfig;
  onChange: (next: PlacedSynthesizerConfig) => void;
  shape: ImageShape;
  disabled: boolean;
}

/** What the parts of the painter share: the synthesizer with undo, the tool, the brush and the drag in progress. */
export interface Painter {
  shape: ImageShape;
  disabled: boolean;
  /** The synthesizer as shown: with the drag in progress, else the value. */
  config: PlacedSynthesizerConfig;
  pixels: readonly PaintedPixel[];
  tool: Tool;
  setTool: (tool: Tool) => void;
  brush: Brush;
  setBrush: (change: Partial<Brush>) => void;
  /** Takes one step of undo and tells the owner. */
  commit: (next: PlacedSynthesizerConfig) => void;
  undo: (() => void) | null;
  redo: (() => void) | null;
  beginStroke: (cell: Cell, tool?: Tool) => void;
  continueStroke: (cell: Cell) => void;
  endStroke: () => void;
  cancelStroke: () => void;
  /** A whole stroke on one cell, as the keyboard does; gives the synthesizer after it. */
  dab: (cell: Cell, tool: 'brush' | 'eraser') => PlacedSynthesizerConfig;
  /** Takes colour and opacity of a painted cell into the brush. */
  pick: (cell: Cell) => void;
}

export function usePainter({ value, onChange, shape, disabled }: PainterOptions): Painter {
  const [history, setHistory] = useState(() => startHistory(value));
  const [tool, setTool] = useState<Tool>('brush');
  const [brush, setWholeBrush] = useState<Brush>({ color: '#ffffff', opacity: 1, size: 1 });
  const [draft, setDraft] = useState<PlacedSynthesizerConfig | null>(null);
  const stroke = useRef<Stroke | null>(null);

  // The owner changed the value (the text editor, a link): that is a step of undo like any other.
  let current = history;
  if (!sameValue(value, history.present)) {
    current = reduceHistory(history, { kind: 'commit', next: value });
    setHistory(current);
  }

  const step = (action: Parameters<typeof reduceHistory<PlacedSynthesizerConfig>>[1]): void => {
    const next = reduceHistory(current, action);
    if (next === current || disabled) return;
    setHistory(next);
    onChange(next.present);
  };
  const commit = (next: PlacedSynthesizerConfig): void => step({ kind: 'commit', next });
  const config = draft ?? value;
  const context = { brush, shape };

  const hold = (next: Stroke): void => {
    stroke.current = next;
    setDraft(next.config);
  };
  const release = (): void => {
    stroke.current = null;
    setDraft(null);
  };

  return {
    shape,
    disabled,
    config,
    pixels: configPixels(config, shape),
    tool,
    setTool,
    brush,
    setBrush: (change) => setWholeBrush((before) => ({ ...before, ...change })),
    commit,
    undo: current.past.length > 0 && !disabled ? () => step({ kind: 'undo' }) : null,
    redo: current.future.length > 0 && !disabled ? () => step({ kind: 'redo' }) : null,
    beginStroke: (cell, strokeTool = tool) => {
      if (!disabled) hold(beginStroke(value, strokeTool, cell, context));
    },
    continueStroke: (cell) => {
      if (stroke.current !== null) hold(continueStroke(stroke.current, cell, context));
    },
    endStroke: () => {
      if (stroke.current !== null) commit(stroke.current.config);
      release();
    },
    cancelStroke: release,
    dab: (cell, strokeTool) => {
      if (disabled || !isInside(cell, shape)) return value;
      const next = beginStroke(value, strokeTool, cell, context).config;
      commit(next);
      return next;
    },
    pick: (cell) => {
      const pixel = pixelAt(configPixels(config, shape), cell);
      if (pixel !== undefined) setWholeBrush({ ...brush, color: pixel[2], opacity: pixel[3] });
    },
  };
}
