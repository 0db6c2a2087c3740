import { describe, expect, it } from 'vitest';
import { type ExperimentInput, experimentSchema } from '../../core/config/schema.ts';
import { createSynthesizer } from '../../core/synthesizers/create.ts';
import { randomStream } from '../../core/rng/random.ts';
import type { NamedArray } from '../../core/experiment/weights.ts';
import { isDrawnAnew, layableTrigger, wantedClass, withTrigger } from './lay-trigger.ts';

const SHAPE = { height: 8, width: 10, channels: 3 } as const;

const experiment = (attack: ExperimentInput['attack']) => experimentSchema.parse({ attack });
/** Of an experiment whose trigger is nothing that is learned. */
function layable(attack: ExperimentInput['attack']) {
  const trigger = layableTrigger(experiment(attack));
  if (!trigger) throw new RangeError('it can be laid');
  return trigger;
}
const image = () => new Uint8Array(8 * 10 * 3).fill(90);

it('lays the object of a physical attack on a photo, somewhere else for another place', () => {
  const config = layable({ synthesizer: { kind: 'object' } });
  const given = image();
  const laid = withTrigger(config, SHAPE, given, 1);
  expect(laid).not.toEqual(given);
  expect(given).toEqual(image());
  expect(withTrigger(config, SHAPE, given, 1)).toEqual(laid);
  expect(withTrigger(config, SHAPE, given, 2)).not.toEqual(laid);
});

it('refuses a trigger that does not fit the image', () => {
  const config = layable({
    synthesizer: { kind: 'single_pixel', placement: { kind: 'fixed', row: 3, column: 23 } },
  });
  expect(() => withTrigger(config, SHAPE, image(), 1)).toThrow(/E-TRIGGER/);
});

it('knows what can be laid, and which class is wanted', () => {
  expect(layableTrigger(experiment({ synthesizer: { kind: 'warp' } }))?.synthesizer.kind).toBe('warp');
  expect(layableTrigger(experiment({ synthesizer: { kind: 'semantic' } }))).toBeNull();
  expect(layableTrigger(experiment({ synthesizer: { kind: 'words' } }))).toBeNull();
  expect(isDrawnAnew(layable({ synthesizer: { kind: 'object' } }))).toBe(true);
  expect(isDrawnAnew(layable({ synthesizer: { kind: 'single_pixel' } }))).toBe(false);
  expect(wantedClass(experiment({ label: { kind: 'one_target', target: 4 } }))).toBe(4);
  expect(wantedClass(experiment({ label: { kind: 'all_to_all', shift: 1 } }))).toBeNull();
});

describe('an input-aware trigger', () => {
  const config = experiment({ synthesizer: { kind: 'input_aware' }, injection: { kind: 'batch' } });
  const shape = { height: 8, width: 8, channels: 3 } as const;
  const pixels = Uint8Array.from({ length: 8 * 8 * 3 }, (_, at) => (at * 37) % 256);

  /** As a model carries it, and what it makes of the image. */
  function learned(): { carried: NamedArray[]; stamped: Uint8Array } {
    if (config.attack.synthesizer.kind !== 'input_aware') throw new RangeError('it is');
    const synthesizer = createSynthesizer(config.attack.synthesizer, shape, 4);
    synthesizer.learned?.draw(randomStream(7, 'test'));
    const random = randomStream(1, 'test');
    const values = Float32Array.from(pixels, (value) => value / 255);
    synthesizer.draw(random, 'test').apply(values);
    const arrays = (synthesizer.learned?.arrays() ?? []).map((one) => ({ ...one, name: `1/${one.name}` }));
    return { carried: arrays, stamped: Uint8Array.from(values, (value) => Math.round(value * 255)) };
  }

  it('is offered where the model carries it, and laid as evaluation lays it', () => {
    const { carried, stamped } = learned();
    const trigger = layableTrigger(config, carried);
    if (!trigger) expect.unreachable('the model carries it');
    expect(stamped).not.toEqual(pixels);
    expect(withTrigger(trigger, shape, pixels, 1)).toEqual(stamped);
    expect(isDrawnAnew(trigger)).toBe(false);
  });

  it('is not offered where the model carries none, or another backdoor’s', () => {
    expect(layableTrigger(config)).toBeNull();
    const others = learned().carried.map((one) => ({ ...one, name: one.name.replace('1/', '2/') }));
    expect(layableTrigger(config, others)).toBeNull();
  });

  it('is offered with a model that was brought in, whatever the form has', () => {
    const { carried, stamped } = learned();
    const trigger = layableTrigger(experiment({ synthesizer: { kind: 'warp' } }), carried);
    if (!trigger) expect.unreachable('the model carries it');
    expect(withTrigger(trigger, shape, pixels, 1)).toEqual(stamped);
  });

  it('of other images is refused', () => {
    const other = learned().carried.map((one) => ({ ...one, data: one.data.subarray(1) }));
    const trigger = layableTrigger(config, other);
    if (!trigger) expect.unreachable('the model carries something');
    expect(() => withTrigger(trigger, shape, pixels, 1)).toThrow(/E-TRIGGER/);
  });
});
