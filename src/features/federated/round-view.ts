/** The clients of a round as the page shows them, from what is told while it is under way and after it. */
import type { ClientRecord, RoundRecord } from '../../core/experiment/round.ts';
import type { OpenRound } from '../../state/run-state.ts';

export type ClientState = 'waiting' | 'training' | 'done' | 'dropped' | 'late' | 'failed' | 'refused';

export interface ClientView {
  client: number;
  attacking: boolean;
  state: ClientState;
  /** How many of its examples are of each class. */
  histogram: readonly number[];
  /** What came of it; null while the round is under way. */
  record: ClientRecord | null;
}

export interface RoundView {
  round: number;
  clients: readonly ClientView[];
  /** Null while the round is under way. */
  record: RoundRecord | null;
}

const ENDED = {
  answers: 'done',
  drops_out: 'dropped',
  straggles: 'late',
  fails: 'failed',
  refused: 'refused',
} as const satisfies Record<ClientRecord['fate'], ClientState>;

/** A round that is over. */
export function viewOfRecord(record: RoundRecord): RoundView {
  const clients = record.clients.map((one): ClientView => {
    const { client, attacking, histogram, fate } = one;
    return { client, attacking, histogram, state: ENDED[fate], record: one };
  });
  return { round: record.round, clients, record };
}

/** The round that is under way. */
export function viewOfOpen({ round, clients, states }: OpenRound): RoundView {
  return {
    round,
    clients: clients.map(({ client, attacking, histogram, fate }) => ({
      client,
      attacking,
      histogram,
      state: fate === 'answers' ? (states[client] ?? 'waiting') : ENDED[fate],
      record: null,
    })),
    record: null,
  };
}

export const STATE_WORDS: Record<ClientState, string> = {
  waiting: 'waiting',
  training: 'training',
  done: 'done',
  dropped: 'dropped out',
  late: 'late',
  failed: 'failed',
  refused: 'refused',
};

/** A round in a sentence: who took part, and what came of it. */
export function roundSentence({ round, clients, record }: RoundView): string {
  const count = (state: ClientState): number => clients.filter((one) => one.state === state).length;
  const attacking = clients.filter((one) => one.attacking).length;
  const parts = (['waiting', 'training', 'done', 'dropped', 'late', 'failed', 'refused'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${STATE_WORDS[state]}`);
  const who = `${clients.length} ${clients.length === 1 ? 'client' : 'clients'}: ${parts.join(', ')}`;
  const attackers =
    attacking === 0 ? 'nobody attacks' : `${attacking} ${attacking === 1 ? 'attacks' : 'attack'}`;
  if (!record) return `Round ${round} is under way. ${who}; ${attackers}.`;
  const hostile = record.clients.filter((one) => one.attacking && one.share !== null);
  const share = hostile.reduce((sum, one) => sum + (one.share ?? 0), 0);
  const part = hostile.length === 0 ? '' : `; ${(100 * share).toFixed(0)} % of the aggregate is theirs`;
  return `Round ${round}. ${who}; ${attackers}${part}.`;
}
