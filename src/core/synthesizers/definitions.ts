import type { MethodDefinition } from '../method.ts';
import { adaptiveBlend } from './adaptive-blend.ts';
import { blend } from './blend.ts';
import { inputAware } from './input-aware.ts';
import { object } from './object.ts';
import { painted, pattern, singlePixel } from './placed.ts';
import { semantic } from './semantic.ts';
import { sinusoid } from './sinusoid.ts';
import { warp } from './warp.ts';
import { words } from './words.ts';

/** Every trigger that is put into an image, by its kind. */
export const definitions = {
  pattern,
  single_pixel: singlePixel,
  painted,
  blend,
  sinusoid,
  warp,
  input_aware: inputAware,
  adaptive_blend: adaptiveBlend,
  object,
} as const;

/** All of them, those of texts, and those that examples have by themselves. */
export const triggerMethods: readonly MethodDefinition[] = [...Object.values(definitions), words, semantic];
