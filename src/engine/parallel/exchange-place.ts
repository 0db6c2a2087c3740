/**
 * Where the threads that share one batch tell each other what their shards found: memory that they share, and a barrier.
 * A thread that fails or does not come in time spoils the place: nobody waits there any more, everyone goes on with
 * what is its own, and what comes out is thrown away.
 */
import type { ShardExchange } from '../models/shard-exchange.ts';

/** Numbers of the first cells of the memory; those of the members' rounds follow. */
const SPOILT = 0;
const ROUNDS = 1;
/** For the cells, in bytes: a whole number of cache lines. */
const HEAD_BYTES = 64;
/** Members at most. */
const MOST_MEMBERS = HEAD_BYTES / 4 - ROUNDS;

/** About as long as it takes to wake a thread. */
const SPINS = 4000;
/** Nobody sleeps longer than this, in milliseconds, without looking whether the place is spoilt. */
const NAP_MS = 50;

/** One member's place in an exchange; it can be sent to another thread. */
export interface ExchangePlace {
  memory: SharedArrayBuffer;
  /** Threads that meet here. */
  members: number;
  /** Which of them this is, from 0. */
  member: number;
  /** Shards of the batch, on all threads. */
  shards: number;
  /** The first of this member's shards; its others follow. */
  first: number;
  /** How long it waits for the others, in milliseconds. */
  patience: number;
}

/** Bytes for arrays of at most `width` numbers from so many shards. */
export function exchangeBytes(shards: number, width: number): number {
  return HEAD_BYTES + 2 * shards * (1 + width) * 8;
}

/** Whether threads here can share memory, and this one may wait for another: in Node, in a worker of an isolated page. */
export function canExchange(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false;
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false; // The main thread of a page must not wait.
  }
}

/** Makes a place as it was before the first exchange. Nobody may be there. */
export function clearPlace(memory: SharedArrayBuffer): void {
  new Int32Array(memory, 0, HEAD_BYTES / 4).fill(0);
}

export function spoil({ memory }: Pick<ExchangePlace, 'memory'>): void {
  Atomics.store(new Int32Array(memory), SPOILT, 1);
}

export function isSpoilt({ memory }: Pick<ExchangePlace, 'memory'>): boolean {
  return Atomics.load(new Int32Array(memory), SPOILT) !== 0;
}

/** The exchange of one batch at a place. */
export function exchangeAt(place: ExchangePlace): ShardExchange {
  const { memory, members, member, shards, first } = place;
  if (members > MOST_MEMBERS) throw new Error('an exchange of so many threads');
  const cells = new Int32Array(memory, 0, HEAD_BYTES / 4);
  const slot = (memory.byteLength - HEAD_BYTES) / 8 / shards / 2;
  let round = 0;
  return (own) => {
    if (Atomics.load(cells, SPOILT) !== 0) return own;
    // Two rounds' numbers lie apart: a quick thread writes the next ones while a slow one still reads.
    const start = HEAD_BYTES + (round % 2) * shards * slot * 8;
    const numbers = new Float64Array(memory, start, shards * slot);
    own.forEach((part, index) => {
      numbers[(first + index) * slot] = part.length;
      numbers.set(part, (first + index) * slot + 1);
    });
    round++;
    Atomics.store(cells, ROUNDS + member, round);
    Atomics.notify(cells, ROUNDS + member);
    const deadline = performance.now() + place.patience;
    for (let other = 0; other < members; other++) {
      if (comes(cells, ROUNDS + other, round, deadline)) continue;
      spoil(place);
      return own;
    }
    return Array.from({ length: shards }, (_, shard) => {
      const at = shard * slot;
      return numbers.slice(at + 1, at + 1 + (numbers[at] ?? 0));
    });
  };
}

/** Waits until a member has come to a round. @returns whether it came, to a place that is not spoilt */
function comes(cells: Int32Array<SharedArrayBuffer>, cell: number, round: number, deadline: number): boolean {
  for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(cells, cell) >= round) return true;
  for (;;) {
    const seen = Atomics.load(cells, cell);
    if (seen >= round) return true;
    if (Atomics.load(cells, SPOILT) !== 0 || performance.now() > deadline) return false;
    Atomics.wait(cells, cell, seen, NAP_MS);
  }
}
