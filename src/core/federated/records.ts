/** What is told of a round’s clients, from their updates and what became of them. */
import type { Aggregate, Update } from '../aggregation/aggregator.ts';
import { cosines, gramOf, lengthOf } from '../aggregation/vectors.ts';
import type { Refusal } from '../aggregation/vet.ts';
import type { ObjectiveName } from '../config/schema.ts';
import type { OptionalRate } from '../experiment/events.ts';
import type { ClientRecord } from '../experiment/round.ts';
import type { Fate } from './participation.ts';
import { planeOf } from './plane.ts';

/** A client of a round, from when it is drawn. */
export interface Participant {
  client: number;
  attacking: boolean;
  fate: Fate;
  attempts: number;
}

/** What one sent, and what it measured of its local model. */
export interface Sent {
  update: Update;
  /** What its update was multiplied by. */
  scale: number;
  losses: ClientRecord['losses'];
  steps: number;
  milliseconds: number;
  clean: OptionalRate;
  triggered: OptionalRate;
}

/** What the server made of it. */
export interface Outcome {
  accepted: readonly Update[];
  refused: readonly Refusal[];
  aggregate: Aggregate | null;
}

/**
 * @param sent by those that answered, by client
 * @param histogramOf how many examples of each class a client holds
 */
export function clientRecords(
  participants: readonly Participant[],
  sent: ReadonlyMap<number, Sent>,
  histogramOf: (client: number) => number[],
  { accepted, refused, aggregate }: Outcome,
): ClientRecord[] {
  const whole = aggregate ? [...accepted, { client: -1, examples: 0, delta: aggregate.delta }] : accepted;
  const gram = gramOf(whole);
  const angles = cosines(gram).at(-1) ?? [];
  const places = planeOf(gram.slice(0, accepted.length).map((row) => row.slice(0, accepted.length)));
  const nothing: OptionalRate = { value: null, n: 0 };
  return participants.map(({ client, attacking, fate, attempts }) => {
    const own = sent.get(client);
    const place = accepted.findIndex((update) => update.client === client);
    const refusal = refused.find((one) => one.client === client);
    const histogram = histogramOf(client);
    return {
      client,
      attacking,
      fate: refusal ? 'refused' : fate,
      attempts,
      examples: histogram.reduce((sum, count) => sum + count, 0),
      histogram,
      losses: own?.losses ?? {},
      norm: place >= 0 ? Math.sqrt(gram[place]?.[place] ?? 0) : own ? lengthOf(own.update.delta) : null,
      cosine: place < 0 || !aggregate ? null : (angles[place] ?? null),
      share: place < 0 ? null : (aggregate?.shares[place] ?? null),
      place: place < 0 ? null : (places[place] ?? null),
      scale: own?.scale ?? 1,
      clean: own?.clean ?? nothing,
      triggered: own?.triggered ?? nothing,
      steps: own?.steps ?? 0,
      milliseconds: own?.milliseconds ?? 0,
      why: refusal?.what ?? null,
    };
  });
}

/** Mean of each loss over the clients that have it. */
export function meanLosses(records: readonly ClientRecord[]): Partial<Record<ObjectiveName, number>> {
  const all = new Map<string, number[]>();
  for (const { losses } of records)
    for (const [objective, loss] of Object.entries(losses)) {
      const found = all.get(objective) ?? [];
      found.push(loss);
      all.set(objective, found);
    }
  return Object.fromEntries(
    [...all].map(([objective, losses]) => [
      objective,
      losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
    ]),
  );
}
