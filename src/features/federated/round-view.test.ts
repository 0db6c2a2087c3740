import { describe, expect, it } from 'vitest';
import type { ClientRecord, RoundRecord } from '../../core/experiment/round.ts';
import { roundSentence, viewOfOpen, viewOfRecord } from './round-view.ts';
import { roundTable } from './round-series.ts';

const client = (more: Partial<ClientRecord> = {}): ClientRecord => ({
  client: 3,
  attacking: false,
  fate: 'answers',
  attempts: 1,
  examples: 30,
  histogram: [10, 20],
  losses: { normal: 0.5 },
  norm: 2,
  cosine: 0.5,
  share: 0.25,
  place: [1, 2],
  scale: 1,
  clean: { value: 0.9, n: 100 },
  triggered: { value: 0.1, n: 90 },
  steps: 4,
  milliseconds: 50,
  why: null,
  ...more,
});

const round = (number: number, clients: ClientRecord[]): RoundRecord => ({
  round: number,
  aggregator: 'median',
  clients,
  norm: 1.5,
  bytes: { down: 800, up: 400 },
  steps: 8,
  seconds: 2,
});

describe('a round on the page', () => {
  it('shows who waits, trains and is done, and who will not answer', () => {
    const drawn = [0, 1, 2, 7].map((number) => ({
      client: number,
      attacking: number === 2,
      fate: number === 7 ? ('straggles' as const) : ('answers' as const),
      histogram: [1, 2],
    }));
    const view = viewOfOpen({
      round: 4,
      clients: drawn,
      states: { 0: 'done', 1: 'training' },
      done: 1,
      of: 3,
    });
    expect(view.clients.map(({ state }) => state)).toEqual(['done', 'training', 'waiting', 'late']);
    expect(roundSentence(view)).toBe(
      'Round 4 is under way. 4 clients: 1 waiting, 1 training, 1 done, 1 late; 1 attacks.',
    );
  });

  it('tells how much of the aggregate is the attackers’', () => {
    const view = viewOfRecord(
      round(2, [
        client(),
        client({ client: 5, attacking: true, share: 0.4 }),
        client({ fate: 'refused', share: null }),
      ]),
    );
    expect(roundSentence(view)).toBe(
      'Round 2. 3 clients: 2 done, 1 refused; 1 attacks; 40 % of the aggregate is theirs.',
    );
  });
});

describe('the series of rounds', () => {
  it('has the means of honest and attacking clients, the chosen one, and gaps for nobody', () => {
    const rounds = [
      round(1, [client({ norm: 2 }), client({ client: 4, norm: 4, clean: { value: 0.7, n: 100 } })]),
      round(2, [client({ client: 4 }), client({ client: 9, attacking: true, norm: 30 })]),
    ];
    const { x, column } = roundTable(rounds, 4);
    expect([...x]).toEqual([1, 2]);
    expect(column('honest_clean')[0]).toBeCloseTo(0.8, 12);
    expect([...column('honest_norm')]).toEqual([3, 2]);
    expect([...column('attacker_norm')]).toEqual([NaN, 30]);
    expect([...column('chosen_clean')]).toEqual([0.7, 0.9]);
    expect([...column('megabytes')]).toEqual([0.0012, 0.0024]);
    expect(() => column('nothing')).toThrow(RangeError);
  });
});
