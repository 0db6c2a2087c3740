import { expect, it } from 'vitest';
import { compromisedClients, fateOf, sampledClients } from './participation.ts';

it('draws each client of a round once, others in the next round', () => {
  const first = sampledClients(1, 1, 100, 10);
  expect(new Set(first).size).toBe(10);
  expect(sampledClients(1, 1, 100, 10)).toEqual(first);
  expect(sampledClients(1, 2, 100, 10)).not.toEqual(first);
  expect(sampledClients(1, 1, 5, 10)).toHaveLength(5);
});

it('compromises the same clients for a whole run', () => {
  expect(compromisedClients(1, 100, 4)).toHaveLength(4);
  expect(compromisedClients(1, 3, 10)).toEqual([0, 1, 2]);
  expect(compromisedClients(1, 100, 0)).toEqual([]);
});

it('lets clients fall away as often as it says', () => {
  const rates = { dropout: 0.1, stragglers: 0.2, failures: 0.3 };
  const fates = Array.from({ length: 5000 }, (_, client) => fateOf(1, 3, client, 0, rates));
  const share = (fate: string): number => fates.filter((one) => one === fate).length / fates.length;
  expect(share('drops_out')).toBeCloseTo(0.1, 1);
  expect(share('straggles')).toBeCloseTo(0.2, 1);
  expect(share('fails')).toBeCloseTo(0.3, 1);
  expect(fateOf(1, 3, 7, 0, rates)).toBe(fates[7]);
});
