import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../rng/random.ts';
import type { AggregatorDefinition, Update } from './aggregator.ts';
import { aggregators } from './definitions.ts';
import { roundOf, updatesOf } from './round.test-support.ts';
import { lengthOf } from './vectors.ts';

const all = Object.values(aggregators) as unknown as AggregatorDefinition[];
const SIZE = 4;
const value = fc.double({ min: -2, max: 2, noNaN: true });
const vector = fc.array(value, { minLength: SIZE, maxLength: SIZE });
const server = Float32Array.of(0.5, -0.5, 1, 0.25);

/** Without noise, so that the same updates give the same result in any order. */
function quiet(definition: AggregatorDefinition): Record<string, unknown> {
  const params = definition.params.parse({ kind: definition.id });
  return 'noise' in params ? { ...params, noise: 0 } : params;
}

const aggregate = (definition: AggregatorDefinition, updates: readonly Update[]) =>
  definition.aggregate(quiet(definition), roundOf(updates, { server }));

const distance = (a: Float32Array, b: Float32Array): number =>
  lengthOf(a.map((entry, index) => entry - (b[index] ?? 0)));

describe.each(all)('$id', (definition) => {
  it('does not depend on the order of the clients', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 8 }), fc.nat(), (seed, count, turn) => {
        const random = randomStream(seed, 'updates');
        const updates = updatesOf(
          ...Array.from({ length: count }, () => Array.from({ length: SIZE }, () => random.normal())),
        );
        // Of few clients any two are equally good to Krum, which takes the earlier one.
        fc.pre(!definition.id.endsWith('krum') || count >= 5);
        const by = turn % count;
        const turned = [...updates.slice(by), ...updates.slice(0, by)];
        const [one, other] = [aggregate(definition, updates), aggregate(definition, turned)];
        expect(distance(one.delta, other.delta)).toBeLessThan(1e-4);
      }),
    );
  });

  it('of updates that agree gives that update; FLTrust along it, as long as the server’s', () => {
    fc.assert(
      fc.property(vector, fc.integer({ min: 2, max: 7 }), (same, count) => {
        const [first, ...others] = updatesOf(...new Array<number[]>(count).fill(same));
        if (!first || others.length === 0) return;
        fc.pre(lengthOf(first.delta) > 1e-3);
        const { delta, shares } = aggregate(definition, [first, ...others]);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThan(1 + 1e-9);
        // Clients that all do the same are sybils to FoolsGold.
        if (definition.id === 'foolsgold') expect(lengthOf(delta)).toBeLessThan(1e-6);
        else if (definition.id === 'fltrust') {
          const size = lengthOf(delta);
          expect(Math.min(size, Math.abs(size - lengthOf(server)))).toBeLessThan(1e-3);
        } else expect(distance(delta, first.delta)).toBeLessThan(1e-4);
      }),
    );
  });

  it('changes none of the updates', () => {
    const updates = updatesOf([1, 2, 3, 4], [2, 1, 0, -1], [0, 0, 1, 1]);
    const before = updates.map(({ delta }) => delta.slice());
    aggregate(definition, updates);
    expect(updates.map(({ delta }) => delta)).toEqual(before);
  });

  it('refuses a parameter that it does not know, by name', () => {
    expect(() => definition.params.parse({ kind: definition.id, unknown_one: 1 })).toThrow('unknown_one');
  });
});

describe.each(all.filter((definition) => definition.tolerates(quiet(definition), 9) > 0))(
  '$id',
  (definition) => {
    it('keeps near the others whatever the tolerated clients send', () => {
      fc.assert(
        fc.property(
          fc.array(vector, { minLength: 5, maxLength: 9 }),
          vector,
          fc.double({ min: 10, max: 1e6, noNaN: true }),
          (vectors, direction, factor) => {
            const tolerated = definition.tolerates(quiet(definition), vectors.length);
            const hostile = Math.min(tolerated, Math.floor((vectors.length - 3) / 2));
            fc.pre(hostile > 0);
            const far = direction.map((entry) => (entry + 0.1) * factor);
            const updates = updatesOf(...vectors.map((honest, index) => (index < hostile ? far : honest)));
            const honest = updates.slice(hostile).map(({ delta }) => lengthOf(delta));
            const most = Math.max(...honest, definition.needsServerUpdate ? lengthOf(server) : 0);
            // Each honest update is at most `most` long; a median of values may be longer by the root of how many there are.
            expect(lengthOf(aggregate(definition, updates).delta)).toBeLessThanOrEqual(
              most * Math.sqrt(SIZE) * 3 + 1e-4,
            );
          },
        ),
      );
    });
  },
);
