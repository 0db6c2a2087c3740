import { describe, expect, it } from 'vitest';
import { federated, type FederatedConfig } from '../config/schema-federated.ts';
import { planRound } from './schedule.ts';
import { compromisedClients } from './participation.ts';
import { triggerPart } from './trigger-parts.ts';

type Given = Omit<Partial<FederatedConfig>, 'compromised'> & {
  compromised?: Partial<FederatedConfig['compromised']>;
};
const plan = (given: Given, round: number) =>
  planRound(federated.parse({ clients: 50, per_round: 5, ...given }), 3, round);

describe('a round', () => {
  it('in which one is attacked alone takes the first that are drawn', () => {
    const single = { compromised: { clients: 2, rounds: { kind: 'single', round: 4 } as const } };
    expect(plan(single, 3).attacking.size).toBe(0);
    const { clients, attacking } = plan(single, 4);
    expect([...attacking]).toEqual(clients.slice(0, 2));
  });

  it('has the compromised clients in it where they are always there, each once', () => {
    const always = { compromised: { clients: 3, always_present: true } };
    for (let round = 1; round <= 20; round++) {
      const { clients, attacking } = plan(always, round);
      expect(new Set(clients).size).toBe(5);
      expect([...attacking]).toEqual(compromisedClients(3, 50, 3));
      expect([...attacking].every((client) => clients.includes(client))).toBe(true);
    }
  });

  it('has them in it by chance otherwise, and honest outside the attacked rounds', () => {
    const drawn = { compromised: { clients: 10 } };
    const counts = Array.from({ length: 200 }, (_, round) => plan(drawn, round + 1).attacking.size);
    expect(counts.reduce((sum, count) => sum + count, 0) / 200).toBeCloseTo(1, 0);
    const range = { compromised: { clients: 50, rounds: { kind: 'range', from: 2, to: 3 } as const } };
    expect([1, 2, 3, 4].map((round) => plan(range, round).attacking.size)).toEqual([0, 5, 5, 0]);
  });
});

describe('parts of a trigger', () => {
  const placement = { kind: 'fixed', row: 0, column: 0 } as const;

  it('have each pixel once', () => {
    const rows = [
      [1, null, 0],
      [0.5, 1, 1],
    ];
    const parts = [0, 1, 2].map((part) => triggerPart({ kind: 'pattern', rows, placement }, part, 3));
    const seen = parts.map((part) => (part.kind === 'pattern' ? part.rows.flat() : []));
    for (const [at, value] of rows.flat().entries())
      expect(seen.map((part) => part[at]).filter((found) => found !== null)).toEqual(
        value === null ? [] : [value],
      );
    expect(seen.every((part) => part.some((value) => value !== null))).toBe(true);
  });

  it('share a pixel where there are too few', () => {
    const pixels: [number, number, string, number][] = [[1, 1, '#ffffff', 1]];
    const part = triggerPart({ kind: 'painted', pixels, placement: { kind: 'as_painted' } }, 3, 4);
    expect(part).toMatchObject({ pixels });
    expect(() => triggerPart({ kind: 'single_pixel', value: 1, placement }, 0, 2)).toThrow('E-CONFIG-VALUE');
  });
});
