import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryConfig } from './arbitrary.test-support.ts';
import { configDelta, configFromDelta, equalValues, mergeDelta } from './delta.ts';
import { parseConfig } from './parse.ts';
import { defaultConfig } from './schema.ts';

describe('the difference from the defaults', () => {
  it('is nothing for the defaults', () => {
    expect(configDelta(defaultConfig)).toEqual({});
  });

  it('holds only the keys that differ, with the kind of their section', () => {
    const config = parseConfig({
      training: { epochs: 3, optimizer: { kind: 'sgd', momentum: 0.5 } },
      attack: { label: { kind: 'one_target', target: 1 } },
    });
    expect(configDelta(config)).toEqual({
      training: { epochs: 3, optimizer: { kind: 'sgd', momentum: 0.5 } },
      attack: { label: { kind: 'one_target', target: 1 } },
    });
  });

  it('keeps a section of another kind whole, and lists whole', () => {
    const config = parseConfig({
      training: { optimizer: { kind: 'adam' } },
      attack: { injection: { kind: 'loss', objectives: ['normal'] } },
    });
    expect(configDelta(config)).toEqual({
      training: {
        optimizer: {
          kind: 'adam',
          learning_rate: 0.001,
          beta1: 0.9,
          beta2: 0.999,
          epsilon: 1e-8,
          weight_decay: 0,
        },
      },
      attack: { injection: { kind: 'loss', objectives: ['normal'] } },
    });
  });

  it('gives the experiment back, and between any two experiments', () => {
    fc.assert(
      fc.property(arbitraryConfig, arbitraryConfig, (config, base) => {
        expect(configFromDelta(configDelta(config))).toEqual(config);
        expect(configFromDelta(configDelta(config, base), base)).toEqual(config);
      }),
    );
  });
});

describe('merging', () => {
  it('changes neither side and shares nothing with them', () => {
    const base = { a: { list: [1, 2], kept: { x: 1 } } };
    const delta = { a: { list: [3] } };
    const merged = mergeDelta(base, delta) as typeof base;
    expect(merged).toEqual({ a: { list: [3], kept: { x: 1 } } });
    merged.a.kept.x = 9;
    expect(base.a.kept.x).toBe(1);
  });

  it('does not reach prototypes', () => {
    const merged = mergeDelta({}, JSON.parse('{"__proto__": {"polluted": 1}}'));
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('tells plain data apart', () => {
    expect(equalValues({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBe(true);
    expect(equalValues({ a: [1, { b: null }] }, { a: [1, { b: 0 }] })).toBe(false);
    expect(equalValues([1], { 0: 1 })).toBe(false);
  });
});
