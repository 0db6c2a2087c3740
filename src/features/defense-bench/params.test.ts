import { describe, expect, it } from 'vitest';
import { type DefenseId, defenses } from '../../core/defenses/definitions.ts';
import { AS_PUBLISHED, configured, formFields, light, settingProblem } from './params.ts';

const ALL = Object.keys(defenses) as DefenseId[];

describe('the parameters of a defense as a form', () => {
  it.each(ALL)('of %s have a title and help each, and stand as published', (id) => {
    for (const { title, description } of formFields(id)) {
      expect(title).not.toBe('');
      expect(description).not.toBe('');
    }
    expect(configured(id, AS_PUBLISHED).kind).toBe(id);
    expect(light(configured(id, AS_PUBLISHED)).kind).toBe(id);
  });

  it('follow a variant, and settings go over it', () => {
    const art = { variant: 'art', settings: { norm: 1 } };
    expect(configured('neural_cleanse', art)).toMatchObject({ norm: 1, cost_restarts: true });
  });

  it('refuse what the schema refuses, and say what can stand', () => {
    expect(settingProblem('strip', AS_PUBLISHED, 'overlays', 0)).toMatch(/from 1 to 10000/);
    expect(settingProblem('strip', AS_PUBLISHED, 'overlays', 10)).toBeNull();
  });

  it('are made light where they set how long it takes, and never heavier', () => {
    const few = configured('strip', { variant: null, settings: { overlays: 3 } });
    expect(light(few)).toMatchObject({ overlays: 3, calibration: 60 });
  });

  it('offer every value of a choice of numbers', () => {
    const norm = formFields('neural_cleanse').find(({ path }) => path === 'norm');
    expect(norm?.options.map(({ value }) => value)).toEqual(['1', '2']);
  });
});
