/** Who is drawn for a round, and which of them attack in it. */
import type { FederatedConfig } from '../config/schema-federated.ts';
import { compromisedClients, sampledClients } from './participation.ts';

export interface RoundPlan {
  /** In the order in which their updates are brought together. */
  clients: number[];
  /** Those of `clients` that attack in this round. */
  attacking: ReadonlySet<number>;
}

/** The plan of a round, from 1: the same for a seed and a round, whatever ran before. */
export function planRound(config: FederatedConfig, seed: number, round: number): RoundPlan {
  const { clients: all, per_round, compromised } = config;
  const clients = sampledClients(seed, round, all, per_round);
  const { rounds } = compromised;
  const wanted = Math.min(compromised.clients, clients.length);
  if (rounds.kind === 'single') {
    const attacking = rounds.round === round ? clients.slice(0, wanted) : [];
    return { clients, attacking: new Set(attacking) };
  }
  if (rounds.kind === 'range' && (round < rounds.from || round > rounds.to))
    return { clients, attacking: new Set() };
  const hostile = compromisedClients(seed, all, compromised.clients);
  if (!compromised.always_present)
    return { clients, attacking: new Set(hostile.filter((client) => clients.includes(client))) };
  // They take the places of honest clients, the last drawn first.
  const missing = hostile.filter((client) => !clients.includes(client)).slice(0, clients.length);
  const places = [...clients.keys()].reverse().filter((place) => !hostile.includes(clients[place] ?? -1));
  for (const [index, client] of missing.entries()) {
    const place = places[index];
    if (place !== undefined) clients[place] = client;
  }
  return { clients, attacking: new Set(hostile.filter((client) => clients.includes(client))) };
}
