import { describe, expect, it } from 'vitest';
import { randomStream } from '../../rng/random.ts';
import { LearnedTrigger } from './learned-trigger.ts';

/** Odd sides, so that halves are rounded. */
const SHAPE = { height: 7, width: 9, channels: 3 } as const;
const CONFIG = { density: 0.1, density_weight: 3, diversity: 0.5 };

function made(): LearnedTrigger {
  const trigger = new LearnedTrigger(SHAPE, CONFIG);
  trigger.draw(randomStream(4, 'generators'));
  return trigger;
}

function image(seed: number): Float32Array {
  const random = randomStream(seed, 'image');
  return Float32Array.from({ length: SHAPE.height * SHAPE.width * SHAPE.channels }, () => random.next());
}

/** The slope of `loss` in some values, by moving each to both sides. */
function moved(values: Float32Array, places: readonly number[], loss: () => number): number[] {
  const by = 1e-3;
  return places.map((at) => {
    const before = values[at] ?? 0;
    values[at] = before + by;
    const above = loss();
    values[at] = before - by;
    const below = loss();
    values[at] = before;
    return (above - below) / (2 * by);
  });
}

/** Places all over an array, the last ones (biases of what is drawn) too. */
const placesIn = ({ length }: Float32Array): number[] => [
  ...Array.from({ length: 40 }, (_, at) => Math.floor((at * length) / 41)),
  length - 1,
];

function expectAlike(slope: Float32Array, places: readonly number[], numeric: readonly number[]): void {
  const size = Math.max(...numeric.map(Math.abs));
  expect(size).toBeGreaterThan(1e-4);
  for (const [at, place] of places.entries())
    expect(Math.abs((slope[place] ?? 0) - (numeric[at] ?? 0))).toBeLessThan(0.02 * size);
}

describe('a trigger that is made from the image', () => {
  const [one, other] = [image(1), image(2)];

  it('passes the slope of a loss in the triggered image to all that the pattern has learned', () => {
    const trigger = made();
    const weights = image(3);
    const laid = [one, one, other].map((source) => ({ source, slope: weights }));
    // Linear in the triggered images, of which the second has the trigger of the first.
    const loss = (): number => {
      let sum = 0;
      for (const [base, source] of [
        [one, one],
        [other, one],
        [one, other],
      ] as const) {
        const pixels = base.slice();
        trigger.lay(pixels, source);
        sum += pixels.reduce((total, value, at) => total + value * (weights[at] ?? 0), 0);
      }
      return sum + trigger.patternSlope(laid).diversity;
    };
    const { slope } = trigger.patternSlope(laid);
    const { pattern } = trigger.values;
    const places = placesIn(pattern);
    expectAlike(slope, places, moved(pattern, places, loss));
  });

  it('passes density and diversity to all that the mask has learned', () => {
    const trigger = made();
    const images = [one, other, image(5)];
    const { mask } = trigger.values;
    const places = placesIn(mask);
    const numeric = moved(mask, places, () => trigger.maskSlope(images).loss);
    expectAlike(trigger.maskSlope(images).slope, places, numeric);
  });

  it('is another one for each image, and stays in [0, 1]', () => {
    const trigger = made();
    const [own, foreign] = [one.slice(), one.slice()];
    trigger.lay(own);
    trigger.lay(foreign, other);
    expect(own).not.toEqual(foreign);
    expect([...own, ...foreign].every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('is taken up from what was kept, and is refused where nothing was learned', () => {
    const trigger = made();
    const again = new LearnedTrigger(SHAPE, CONFIG);
    expect(() => again.lay(one.slice())).toThrow(/E-TRIGGER.*does not exist before training/s);
    again.restore(trigger.arrays());
    const [first, second] = [one.slice(), one.slice()];
    trigger.lay(first);
    again.lay(second);
    expect(second).toEqual(first);
    const smaller = new LearnedTrigger({ ...SHAPE, channels: 1 }, CONFIG);
    expect(() => smaller.restore(trigger.arrays())).toThrow('E-TRIGGER');
  });
});
