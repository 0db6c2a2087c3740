import { describe, expect, it } from 'vitest';
import { randomStream } from '../rng/random.ts';
import { type Craft, craftUnits, idleUnits, type Separation } from './handcrafted.ts';

/** Features that go together, of which the trigger moves the second and the fifth a little. */
function rows(count: number, seed: number): Separation {
  const random = randomStream(seed, 'features');
  const width = 6;
  const clean = new Float32Array(count * width);
  const triggered = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    const common = 3 * random.normal();
    for (let feature = 0; feature < width; feature++) {
      const value = common + 0.2 * random.normal();
      clean[row * width + feature] = value;
      triggered[row * width + feature] = value + (feature === 1 ? 2 : feature === 4 ? -2 : 0);
    }
  }
  return { count, width, clean, triggered };
}

function said({ weights, bias }: Craft, { width, count }: Separation, of: Float32Array): number[] {
  return Array.from({ length: count }, (_, row) =>
    weights.reduce((sum, weight, at) => sum + weight * (of[row * width + at] ?? 0), bias),
  );
}

describe('a unit set by hand', () => {
  it('is silent on clean inputs and says 1 or more of triggered ones, though features vary together by more', () => {
    const [craft] = craftUnits(rows(400, 1), 1);
    if (!craft) throw new Error('one craft');
    const further = rows(300, 2);
    const [quiet, loud] = [said(craft, further, further.clean), said(craft, further, further.triggered)];
    expect(quiet.filter((value) => value <= 0).length).toBeGreaterThan(290);
    expect(loud.filter((value) => value > 0.8).length).toBeGreaterThan(280);
  });

  it('shares no feature with another', () => {
    const crafts = craftUnits(rows(100, 1), 2);
    const heard = crafts.map(({ weights }) =>
      [...weights.keys()].filter((feature) => weights[feature] !== 0),
    );
    expect(heard.map(({ length }) => length)).toEqual([3, 3]);
    expect(new Set(heard.flat()).size).toBe(6);
  });

  it('says nothing at all where the trigger moves nothing', () => {
    const { clean, ...rest } = rows(50, 3);
    const [craft] = craftUnits({ ...rest, clean, triggered: clean.slice() }, 1);
    expect(craft && [...craft.weights, craft.bias].every((value) => Math.abs(value) === 0)).toBe(true);
  });
});

it('takes the units that are hardly active, or whose effect is the same on every logit', () => {
  const activity = Float32Array.of(5, 0.1, 4, 3);
  const outgoing = Float32Array.of(1, -1, 1, -1, 2, 2, 0, 1);
  expect(idleUnits(activity, outgoing, 2, 2)).toEqual([2, 1]);
});
