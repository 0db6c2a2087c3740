/** A client that a person has taken by hand: what it does instead of what the experiment says. */
import type { RoundPlan } from './schedule.ts';

export interface ClientByHand {
  client: number;
  /** Takes part in every round. */
  present: boolean;
  /** Attacks, or trains as honest clients do; null as the experiment says. */
  trigger: boolean | null;
  /** What its update is multiplied by, 0 or more; null as the experiment says. */
  scale: number | null;
  /** What it trains with, above 0; null as the experiment says. */
  learningRate: number | null;
}

/** A client as the experiment has it. */
export const released = (client: number): ClientByHand => ({
  client,
  present: false,
  trigger: null,
  scale: null,
  learningRate: null,
});

/** Whether nothing about it is set by hand. */
export const isReleased = ({ present, trigger, scale, learningRate }: ClientByHand): boolean =>
  !present && trigger === null && scale === null && learningRate === null;

/**
 * The plan of a round with the clients that were taken by hand: those that must be there take the places of clients that
 * nobody holds and that do not attack, the last drawn first.
 */
export function planByHand(plan: RoundPlan, hands: readonly ClientByHand[]): RoundPlan {
  const clients = [...plan.clients];
  const attacking = new Set(plan.attacking);
  const held = new Set(hands.filter((hand) => !isReleased(hand)).map(({ client }) => client));
  for (const { client, present, trigger } of hands) {
    if (present && !clients.includes(client)) {
      const place = clients.findLastIndex((one) => !held.has(one) && !attacking.has(one));
      if (place >= 0) clients[place] = client;
    }
    if (trigger === true && clients.includes(client)) attacking.add(client);
    if (trigger === false) attacking.delete(client);
  }
  return { clients, attacking };
}
