/** The boundary that SentiNet learns from clean inputs. Source: Chou et al., 2020, section 4.3. */
import { fitParabola, type Parabola, parabolaAt } from '../../../core/statistics/parabola.ts';

/** What SentiNet measures of an input. */
export interface Reading {
  /** Mean confidence of the network on images under the inert pattern. */
  confidence: number;
  /** Share of images that the region brought to the input's class. */
  fooled: number;
}

/** Places along the curve that are looked at for the nearest, over confidences from -1 to 2. */
const PLACES = 3000;

/** Through the largest fooled count in each interval of the confidence among clean inputs. */
export function boundaryOf(clean: readonly Reading[], bins: number): Parabola {
  const confidences = clean.map(({ confidence }) => confidence);
  const [low, high] = [Math.min(...confidences), Math.max(...confidences)];
  const highest = new Map<number, Reading>();
  for (const reading of clean) {
    const bin =
      high > low ? Math.min(bins - 1, Math.floor((bins * (reading.confidence - low)) / (high - low))) : 0;
    const held = highest.get(bin);
    if (!held || reading.fooled > held.fooled) highest.set(bin, reading);
  }
  return fitParabola([...highest.values()].map(({ confidence, fooled }) => [confidence, fooled]));
}

/** How far a reading lies from the curve; negative below it. */
export function overBoundary(curve: Parabola, { confidence, fooled }: Reading): number {
  let nearest = Infinity;
  for (let place = 0; place <= PLACES; place++) {
    const x = -1 + (3 * place) / PLACES;
    nearest = Math.min(nearest, Math.hypot(x - confidence, parabolaAt(curve, x) - fooled));
  }
  return fooled >= parabolaAt(curve, confidence) ? nearest : -nearest;
}
