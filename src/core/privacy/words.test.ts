import { describe, expect, it } from 'vitest';
import { deltaWords, epsilonWords, privacyWords } from './words.ts';

describe('what is promised, in words', () => {
  it('says ε, δ, of whom and after how long', () => {
    const plan = { accountant: 'rdp', samplingRate: 0.1, noiseMultiplier: 1 } as const;
    expect(privacyWords({ ...plan, epsilon: 1.2345, delta: 5.58e-6, unit: 'example', steps: 16 })).toBe(
      'ε 1.23 at δ 5.6e-6 for an example, after 16 steps (rdp)',
    );
    expect(privacyWords({ ...plan, epsilon: 0.5, delta: 0.0063, unit: 'client', steps: 1 })).toBe(
      'ε 0.500 at δ 0.0063 for a client, after 1 round (rdp)',
    );
  });

  it('keeps small and large numbers short', () => {
    expect([0, 0.00461, 12.34, 1234.5].map(epsilonWords)).toEqual(['0', '0.0046', '12.3', '1.2e+3']);
    expect([1e-5, 0.0134].map(deltaWords)).toEqual(['1e-5', '0.013']);
  });
});
