import type { PlacementConfig } from '../config/schema.ts';
import type { ImageShape } from '../datasets/dataset.ts';
import type { Random } from '../rng/random.ts';
import { checkPlacement, flipTrigger, resizeTrigger, scaledSize, sizeRange } from './resize.ts';
import type { PlacedTrigger, Trigger } from './trigger.ts';

/**
 * One place for a trigger in images of `shape`.
 * `fixed` and `as_painted` draw nothing. `random` draws, in this order: the shorter side, uniform over the size range
 * (only when there is one); a flip, half of the time (only when asked); row and column, uniform where it fits.
 * Throws E-TRIGGER when the trigger does not fit.
 */
export function placeTrigger(
  trigger: Trigger,
  placement: PlacementConfig,
  shape: ImageShape,
  random: Random,
): PlacedTrigger {
  checkPlacement(trigger, placement, shape);
  if (placement.kind === 'fixed') return { trigger, row: placement.row, column: placement.column };
  if (placement.kind === 'as_painted') {
    return { trigger, row: trigger.origin?.row ?? 0, column: trigger.origin?.column ?? 0 };
  }
  let drawn = trigger;
  const { min, max } = sizeRange(trigger, placement);
  if (placement.min_size !== null || placement.max_size !== null) {
    drawn = resizeTrigger(drawn, scaledSize(trigger, random.int(min, max)));
  }
  if (placement.flip && random.next() < 0.5) drawn = flipTrigger(drawn);
  const row = random.int(0, shape.height - drawn.height);
  const column = random.int(0, shape.width - drawn.width);
  return { trigger: drawn, row, column };
}

/**
 * A place for each of `count` examples: all share one, unless the placement is random `per` example.
 * Throws E-TRIGGER when the trigger does not fit.
 */
export function placeBatch(
  trigger: Trigger,
  placement: PlacementConfig,
  shape: ImageShape,
  count: number,
  random: Random,
): PlacedTrigger[] {
  if (placement.kind === 'random' && placement.per === 'example') {
    return Array.from({ length: count }, () => placeTrigger(trigger, placement, shape, random));
  }
  if (count === 0) return [];
  return new Array<PlacedTrigger>(count).fill(placeTrigger(trigger, placement, shape, random));
}
