/** Updates that no rule should see are refused, named, and the round goes on without them. */
import { lengthOf } from './vectors.ts';
import type { Update } from './aggregator.ts';

export type RefusalReason = 'not_finite' | 'wrong_length' | 'too_long';

export interface Refusal {
  client: number;
  reason: RefusalReason;
  /** For people: what it sent. */
  what: string;
}

/**
 * @param values how many an update must have
 * @param longest Euclidean length above which an update is absurd
 */
export function vet(
  updates: readonly Update[],
  values: number,
  longest: number,
): { accepted: Update[]; refused: Refusal[] } {
  const accepted: Update[] = [];
  const refused: Refusal[] = [];
  for (const update of updates) {
    const refusal = faultOf(update, values, longest);
    if (refusal) refused.push({ client: update.client, ...refusal });
    else accepted.push(update);
  }
  return { accepted, refused };
}

function faultOf({ client, delta }: Update, values: number, longest: number): Omit<Refusal, 'client'> | null {
  if (delta.length !== values)
    return {
      reason: 'wrong_length',
      what: `Client ${client} sent ${delta.length} values where the model has ${values}.`,
    };
  const length = lengthOf(delta);
  if (!Number.isFinite(length)) {
    const bad = delta.findIndex((value) => !Number.isFinite(value));
    return { reason: 'not_finite', what: `Value ${bad} of client ${client} is ${String(delta[bad])}.` };
  }
  if (length > longest)
    return {
      reason: 'too_long',
      what: `The update of client ${client} is ${length.toPrecision(3)} long; more than ${longest} is absurd.`,
    };
  return null;
}
