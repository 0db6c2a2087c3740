import { describe, expect, it } from 'vitest';
import { normalValues } from './normal-values.ts';

const COUNT = 200_000;

describe('many normal values', () => {
  const values = normalValues(4, COUNT, 2, 'test');
  /** Share of the values whose distance from 0 is above so many deviations. */
  const beyond = (deviations: number): number =>
    values.filter((value) => Math.abs(value) > 2 * deviations).length / COUNT;

  it('have the moments of their deviation', () => {
    const moment = (power: number): number =>
      values.reduce((sum, value) => sum + (value / 2) ** power, 0) / COUNT;
    // Four standard errors each.
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(COUNT));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / COUNT));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / COUNT));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / COUNT));
  });

  it.each([
    [0.5, 0.6170750774519738],
    [1, 0.31731050786291415],
    [2, 0.04550026389635842],
    [3, 0.0026997960632601866],
    // Beyond the widest layer.
    [3.6, 0.00031821717147774],
  ])('lie beyond %f deviations as often as they should', (deviations, share) => {
    const error = Math.sqrt((share * (1 - share)) / COUNT);
    expect(Math.abs(beyond(deviations) - share)).toBeLessThan(4 * error);
  });

  it('are the same for a seed and purpose, and others for another', () => {
    const few = (seed: number, purpose: string): number[] => [...normalValues(seed, 5, 2, purpose)];
    expect(few(4, 'test')).toEqual([...values.subarray(0, 5)]);
    expect(few(4, 'other')).not.toEqual(few(4, 'test'));
    expect(few(5, 'test')).not.toEqual(few(4, 'test'));
  });

  it('do not follow one another', () => {
    const product = values.reduce((sum, value, at) => sum + (value * (values[at + 1] ?? 0)) / 4, 0);
    expect(Math.abs(product / COUNT)).toBeLessThan(4 / Math.sqrt(COUNT));
  });

  it('are nothing without a deviation', () => {
    expect([...normalValues(4, 3, 0, 'test')]).toEqual([0, 0, 0]);
  });
});
