import type { StripParams } from '../../../core/defenses/strip.ts';
import type { Scale } from './pixels.ts';

/**
 * The sum of two normalised images: of their pixels, cut at white (`saturate`), or of their normalised values.
 * Source: Gao et al., STRIP, section 4.1, and the authors' code, which adds bytes with saturation.
 */
export function superimposed(
  image: Float32Array,
  overlay: Float32Array,
  { mean, deviation }: Scale,
  blend: StripParams['blend'],
): Float32Array {
  if (blend === 'normalized') return image.map((value, at) => value + (overlay[at] ?? 0));
  const channels = mean.length;
  return image.map((value, at) => {
    const [middle, spread] = [mean[at % channels] ?? 0, deviation[at % channels] ?? 1];
    return Math.min(value + (overlay[at] ?? 0) + middle / spread, (1 - middle) / spread);
  });
}
