/** Who takes part in a round, and who is compromised. */
import { randomStream } from '../rng/random.ts';

/** The clients of a round, in the order in which the server draws them, each once. */
export function sampledClients(seed: number, round: number, clients: number, perRound: number): number[] {
  const order = randomStream(seed, 'federated', 'round', round).permutation(clients);
  return Array.from(order.subarray(0, Math.min(perRound, clients)));
}

/** The compromised clients of a run: drawn once, ascending. */
export function compromisedClients(seed: number, clients: number, count: number): number[] {
  const order = randomStream(seed, 'federated', 'compromised').permutation(clients);
  return Array.from(order.subarray(0, Math.min(count, clients))).sort((a, b) => a - b);
}

/** What the network and the clients' machines do in a round. */
export interface FaultRates {
  /** Share of the sampled clients that are gone before they begin. */
  dropout: number;
  /** Share that answers too late for the round. */
  stragglers: number;
  /** Share whose worker fails in the middle. */
  failures: number;
}

export type Fate = 'answers' | 'drops_out' | 'straggles' | 'fails';

/** What becomes of a client at its n-th try in a round: the same whatever ran before. */
export function fateOf(
  seed: number,
  round: number,
  client: number,
  attempt: number,
  rates: FaultRates,
): Fate {
  const draw = randomStream(seed, 'federated', 'fate', round, client, attempt).next();
  if (draw < rates.dropout) return 'drops_out';
  if (draw < rates.dropout + rates.stragglers) return 'straggles';
  if (draw < rates.dropout + rates.stragglers + rates.failures) return 'fails';
  return 'answers';
}
