import { expect, it } from 'vitest';
import { type ExperimentInput, experimentSchema } from '../../core/config/schema.ts';
import { canBeLaid, isDrawnAnew, wantedClass, withTrigger } from './lay-trigger.ts';

const SHAPE = { height: 8, width: 10, channels: 3 } as const;

const experiment = (attack: ExperimentInput['attack']) => experimentSchema.parse({ attack });
const image = () => new Uint8Array(8 * 10 * 3).fill(90);

it('lays the object of a physical attack on a photo, somewhere else for another place', () => {
  const config = experiment({ synthesizer: { kind: 'object' } });
  const given = image();
  const laid = withTrigger(config, SHAPE, given, 1);
  expect(laid).not.toEqual(given);
  expect(given).toEqual(image());
  expect(withTrigger(config, SHAPE, given, 1)).toEqual(laid);
  expect(withTrigger(config, SHAPE, given, 2)).not.toEqual(laid);
});

it('refuses a trigger that does not fit the image', () => {
  const config = experiment({
    synthesizer: { kind: 'single_pixel', placement: { kind: 'fixed', row: 3, column: 23 } },
  });
  expect(() => withTrigger(config, SHAPE, image(), 1)).toThrow(/E-TRIGGER/);
});

it('knows what can be laid, and which class is wanted', () => {
  expect(canBeLaid(experiment({ synthesizer: { kind: 'warp' } }))).toBe(true);
  expect(canBeLaid(experiment({ synthesizer: { kind: 'semantic' } }))).toBe(false);
  expect(canBeLaid(experiment({ synthesizer: { kind: 'words' } }))).toBe(false);
  expect(isDrawnAnew(experiment({ synthesizer: { kind: 'object' } }))).toBe(true);
  expect(isDrawnAnew(experiment({ synthesizer: { kind: 'single_pixel' } }))).toBe(false);
  expect(wantedClass(experiment({ label: { kind: 'one_target', target: 4 } }))).toBe(4);
  expect(wantedClass(experiment({ label: { kind: 'all_to_all', shift: 1 } }))).toBeNull();
});
