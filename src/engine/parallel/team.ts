/**
 * A team of threads that shares the work on one network: this thread, the lead, and helpers. Each has a backend of its
 * own, and a team needs no SharedArrayBuffer; with it, threads share a batch whose examples depend on each other. What comes out does not depend on how many helpers there are, on which of them did
 * what, or on their timing: pieces are the same for every team and come back in the order they were given, and a helper
 * that fails is left out while the lead does its pieces.
 */
import * as tf from '@tensorflow/tfjs-core';
import { messageOf } from '../../core/error-words.ts';
import { cancelledError } from '../../core/errors.ts';
import { advanceSearch } from '../defenses/neural-cleanse/search.ts';
import type { Network } from '../models/network.ts';
import type { ClientJob, ClientResult } from '../federated/client-job.ts';
import { trainClient } from '../federated/train-client.ts';
import { assignValues, readValues, tensorsLike, totalSize } from './flat-values.ts';
import {
  canExchange,
  clearPlace,
  exchangeBytes,
  type ExchangePlace,
  isSpoilt,
  spoil,
} from './exchange-place.ts';
import { HelperHandle } from './helper-handle.ts';
import type { Finished, SpawnHelper, Work } from './messages.ts';
import { gradientOf, placesOf, probabilitiesOf } from './perform.ts';
import type { Gradient } from '../training/gradients.ts';
import { yieldTask } from '../training/yield-task.ts';

/** A finished piece on the lead's backend; a gradient's tensors belong to the caller. */
export type Outcome =
  | { kind: 'gradient'; loss: number; gradient: Gradient; statistics: tf.Tensor[] }
  | { kind: 'probabilities'; probabilities: Float32Array }
  | ({ kind: 'client' } & ClientResult)
  | Extract<Finished, { kind: 'search' }>;

/** A helper that does not answer for so long has hung: no client’s training should take more. */
const CLIENT_PATIENCE_MS = 600_000;

/** A helper that takes so many times as long as the lead for its share has hung. */
const PATIENCE_FACTOR = 30;

/** What a round of clients tells, and what it asks. */
export interface ClientWatch {
  signal: AbortSignal;
  /** Between two clients: waits while a person has paused. */
  gate: () => Promise<void>;
  onDone: (index: number, result: ClientResult) => void;
}

export class Team {
  private helpers: HelperHandle[] = [];
  /** Least time, in milliseconds, before a helper that does not answer is left out. */
  patience = 20_000;
  private network: Network | null = null;
  private readonly lost: string[] = [];
  /** Memory where threads that share a batch meet, one for each batch of a step; used again and again. */
  private exchanges: SharedArrayBuffer[] = [];

  /** @param helpers how many threads besides this one; 0 for a team of the lead alone */
  constructor(spawn: SpawnHelper, helpers: number) {
    for (let started = 0; started < helpers; started++) {
      try {
        this.helpers.push(new HelperHandle(spawn()));
      } catch (thrown) {
        // Where no thread can be started (a policy of the page, too many already), the lead works alone.
        this.lost.push(messageOf(thrown));
      }
    }
  }

  /** A team of the lead, without helpers. */
  static alone(): Team {
    return new Team(() => {
      throw new Error('a team of the lead alone starts no thread');
    }, 0);
  }

  /** Threads that take part now, the lead among them. */
  get size(): number {
    return 1 + this.ready().length;
  }

  /** Why helpers were left out since this was last asked. */
  takeLosses(): string[] {
    return this.lost.splice(0);
  }

  /** Resolves when every helper is ready or has failed. A team works before that too, with those that are. */
  async assembled(): Promise<void> {
    await Promise.all(this.helpers.map(({ started }) => started));
  }

  /** The network that work is about from now on. */
  async take(network: Network): Promise<void> {
    this.network = network;
    const weights = await network.weights();
    for (const helper of this.helpers) helper.give(weights, network.frozen);
  }

  /** Whether the examples of a training batch depend on each other: batch-norm. */
  get dependentExamples(): boolean {
    return (this.network?.statistics.length ?? 0) > 0;
  }

  /**
   * Places for the shards of a batch that several threads share; null where threads cannot share memory, or there is one.
   * @param batch which of the batches of a step it is
   * @param blocks the shards of each of the threads
   */
  exchange(batch: number, blocks: readonly { length: number }[]): ExchangePlace[] | null {
    const shards = blocks.reduce((sum, { length }) => sum + length, 0);
    if (blocks.length < 2 || !this.sharesMemory) return null;
    const channels = Math.max(0, ...(this.network?.statistics.map(({ variable }) => variable.size) ?? []));
    const bytes = exchangeBytes(shards, 1 + 2 * channels);
    let memory = this.exchanges[batch];
    if (memory?.byteLength === bytes) clearPlace(memory);
    else this.exchanges[batch] = memory = new SharedArrayBuffer(bytes);
    const { patience } = this;
    let first = 0;
    return blocks.map(({ length }, member) => {
      const place = { memory, members: blocks.length, member, shards, first, patience };
      first += length;
      return place;
    });
  }

  /** Whether this thread and its helpers can share memory and wait for each other. */
  get sharesMemory(): boolean {
    return this.ready().every((helper) => helper.sharesMemory) && canExchange();
  }

  /** To be called whenever the network's values have changed. */
  changed(): void {
    for (const helper of this.helpers) helper.stale = true;
  }

  /** Does all pieces, each on some thread; what a helper that is lost was given is done here. */
  async perform(work: readonly Work[]): Promise<Outcome[]> {
    const outcomes = await this.attempt(work);
    const all: Outcome[] = [];
    for (const [index, piece] of work.entries())
      all.push(outcomes[index] ?? (await performHere(this.taken(), piece)));
    return all;
  }

  /** The same for pieces that meet each other; null, and nothing to dispose, when one of the threads was lost. */
  async performTogether(work: readonly Work[]): Promise<Outcome[] | null> {
    const outcomes = await this.attempt(work);
    const whole = outcomes.flatMap((outcome) => outcome ?? []);
    const places = placesOf(work);
    if (whole.length === work.length && !places.some(isSpoilt)) return whole;
    // A thread that hung may yet come to the places of this step.
    this.exchanges = [];
    for (const outcome of whole)
      if (outcome.kind === 'gradient') tf.dispose([...outcome.gradient, ...outcome.statistics]);
    return null;
  }

  /** What each piece came to, in their order; null for those of a helper that was lost. */
  private async attempt(work: readonly Work[]): Promise<(Outcome | null)[]> {
    const network = this.taken();
    const helpers = this.ready();
    const share = (place: number) => work.filter((_, index) => index % (helpers.length + 1) === place);
    const answers = helpers.map((helper, index) => {
      const pieces = share(index + 1);
      if (pieces.length === 0) return null;
      return helper.work(pieces, (target) => readValues(network.values, target), totalSize(network.values));
    });
    if (helpers.some(({ state }) => state === 'lost')) placesOf(work).forEach(spoil);
    const started = performance.now();
    const shares: (Outcome[] | null)[] = [await this.ownShare(share(0), work)];
    const ownMs = placesOf(work).some(isSpoilt) ? 0 : performance.now() - started;
    const patience = Math.max(this.patience, ownMs * PATIENCE_FACTOR);
    for (const [index, answer] of answers.entries()) {
      const finished = answer && (await helpers[index]?.within(answer, patience));
      shares.push(finished?.map((piece) => onLead(network, piece)) ?? null);
      for (const piece of finished ?? [])
        if (piece.kind === 'gradient') helpers[index]?.recycle(piece.gradient);
    }
    this.dropLost();
    return work.map((_, index) => shares[index % shares.length]?.[Math.floor(index / shares.length)] ?? null);
  }

  private async ownShare(own: readonly Work[], all: readonly Work[]): Promise<Outcome[]> {
    try {
      const outcomes: Outcome[] = [];
      for (const piece of own) outcomes.push(await performHere(this.taken(), piece));
      return outcomes;
    } catch (thrown) {
      placesOf(all).forEach(spoil);
      throw thrown;
    }
  }

  /**
   * Trains clients, each on the thread that is free next, all from the same values. The network has those values again
   * afterwards. What comes out does not depend on the threads: a client whose helper is lost is trained again by the lead.
   * @param values of the network, one after another
   * @param make the job of client 0, 1, ... when its turn comes
   * @throws LabError E-CANCELLED within one step when the signal aborts
   */
  async trainClients(
    values: Float32Array,
    count: number,
    make: (index: number) => Promise<ClientJob>,
    watch: ClientWatch,
  ): Promise<ClientResult[]> {
    const network = this.taken();
    const results = new Map<number, ClientResult>();
    const again: number[] = [];
    let next = 0;
    let open: Promise<void> = Promise.resolve();
    const finish = (index: number, result: ClientResult): void => {
      results.set(index, result);
      watch.onDone(index, result);
    };
    const give = async (): Promise<void> => {
      await yieldTask();
      if (watch.signal.aborted) throw cancelledError();
    };
    const byHelper = async (helper: HelperHandle): Promise<void> => {
      for (;;) {
        await open;
        if (next >= count || helper.state !== 'ready' || watch.signal.aborted) break;
        const index = next++;
        helper.stale = true;
        const work: Work[] = [{ kind: 'client', job: await make(index) }];
        const answer = helper.work(work, (target) => target.set(values), values.length);
        const [piece] = (await helper.within(answer, CLIENT_PATIENCE_MS)) ?? [];
        if (piece?.kind === 'client') finish(index, piece);
        else again.push(index);
      }
      helper.stale = true;
    };
    const byLead = async (index: number): Promise<void> => {
      finish(index, await trainClient(network, values, await make(index), give));
      assignValues(network.values, values);
    };
    const helping = Promise.allSettled(this.ready().map(byHelper));
    try {
      for (;;) {
        // A person may pause here: the network has the global values, and no helper begins another client meanwhile.
        await (open = watch.gate());
        if (next >= count) break;
        await byLead(next++);
      }
      for (const outcome of await helping) if (outcome.status === 'rejected') throw outcome.reason;
      for (const index of again) await byLead(index);
    } finally {
      assignValues(network.values, values);
    }
    this.dropLost();
    return Array.from({ length: count }, (_, index) => {
      const result = results.get(index);
      if (!result) throw new Error('a client came to nothing');
      return result;
    });
  }

  /** Ends the helpers. */
  dispose(): void {
    for (const helper of this.helpers) helper.end();
    this.helpers = [];
    this.network = null;
  }

  private taken(): Network {
    if (!this.network) throw new Error('a team works on the network that it took');
    return this.network;
  }

  private ready(): HelperHandle[] {
    return this.helpers.filter(({ state }) => state === 'ready');
  }

  private dropLost(): void {
    for (const { state, why } of this.helpers) if (state === 'lost') this.lost.push(why);
    this.helpers = this.helpers.filter(({ state }) => state !== 'lost');
  }
}

async function performHere(network: Network, piece: Work): Promise<Outcome> {
  if (piece.kind === 'gradient') return { kind: 'gradient', ...(await gradientOf(network, piece)) };
  if (piece.kind === 'search') return { kind: 'search', state: await advanceSearch(network, piece.job) };
  if (piece.kind === 'client') throw new Error('clients are trained by trainClients');
  return {
    kind: 'probabilities',
    probabilities: await probabilitiesOf(network, piece.images, piece.count),
  };
}

function onLead(network: Network, piece: Finished): Outcome {
  if (piece.kind !== 'gradient') return piece;
  const tensors = tf.tidy(() => tensorsLike(network.values, piece.gradient));
  const gradient = tensors.slice(0, network.parameters.length);
  return { kind: 'gradient', loss: piece.loss, gradient, statistics: tensors.slice(gradient.length) };
}
