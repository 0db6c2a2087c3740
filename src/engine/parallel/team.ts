/**
 * A team of threads that shares the work on one network: this thread, the lead, and helpers. Threads share no memory, so
 * a team needs no SharedArrayBuffer. What comes out does not depend on how many helpers there are, on which of them did
 * what, or on their timing: pieces are the same for every team and come back in the order they were given, and a helper
 * that fails is left out while the lead does its pieces.
 */
import * as tf from '@tensorflow/tfjs-core';
import { messageOf } from '../../core/error-words.ts';
import type { Network } from '../models/network.ts';
import { readValues, tensorsLike, totalSize } from './flat-values.ts';
import { HelperHandle } from './helper-handle.ts';
import type { Finished, SpawnHelper, Work } from './messages.ts';
import { gradientOf, probabilitiesOf } from './perform.ts';
import type { Gradient } from '../training/gradients.ts';

/** A finished piece on the lead's backend; a gradient's tensors belong to the caller. */
export type Outcome =
  | { kind: 'gradient'; loss: number; gradient: Gradient; statistics: tf.Tensor[] }
  | { kind: 'probabilities'; probabilities: Float32Array };

/** A helper that takes so many times as long as the lead for its share has hung. */
const PATIENCE_FACTOR = 30;

export class Team {
  private helpers: HelperHandle[] = [];
  /** Least time, in milliseconds, before a helper that does not answer is left out. */
  patience = 20_000;
  private network: Network | null = null;
  private readonly lost: string[] = [];

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

  /** Whether the examples of a training batch depend on each other: batch-norm. Its pieces are whole batches. */
  get wholeBatches(): boolean {
    return (this.network?.statistics.length ?? 0) > 0;
  }

  /** To be called whenever the network's values have changed. */
  changed(): void {
    for (const helper of this.helpers) helper.stale = true;
  }

  /** Does all pieces, each on some thread. */
  async perform(work: readonly Work[]): Promise<Outcome[]> {
    const { network } = this;
    if (!network) throw new Error('a team works on the network that it took');
    const helpers = this.ready();
    const share = (place: number) => work.filter((_, index) => index % (helpers.length + 1) === place);
    const answers = helpers.map((helper, index) => {
      const pieces = share(index + 1);
      if (pieces.length === 0) return null;
      return helper.work(pieces, (target) => readValues(network.values, target), totalSize(network.values));
    });
    const started = performance.now();
    const own: Outcome[] = [];
    for (const piece of share(0)) own.push(await performHere(network, piece));
    const patience = Math.max(this.patience, (performance.now() - started) * PATIENCE_FACTOR);
    const shares: Outcome[][] = [own];
    for (const [index, answer] of answers.entries()) {
      const finished = answer && (await helpers[index]?.within(answer, patience));
      const pieces = share(index + 1);
      if (finished) shares.push(finished.map((piece) => onLead(network, piece)));
      else {
        const again: Outcome[] = [];
        for (const piece of pieces) again.push(await performHere(network, piece));
        shares.push(again);
      }
      for (const piece of finished ?? [])
        if (piece.kind === 'gradient') helpers[index]?.recycle(piece.gradient);
    }
    this.dropLost();
    return work.map((_, index) => {
      const outcome = shares[index % shares.length]?.[Math.floor(index / shares.length)];
      if (!outcome) throw new Error('a piece of work came to nothing');
      return outcome;
    });
  }

  /** Ends the helpers. */
  dispose(): void {
    for (const helper of this.helpers) helper.end();
    this.helpers = [];
    this.network = null;
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
  if (piece.kind === 'gradient')
    return { kind: 'gradient', ...(await gradientOf(network, piece.shards, piece.divisor)) };
  return {
    kind: 'probabilities',
    probabilities: await probabilitiesOf(network, piece.images, piece.count),
  };
}

function onLead(network: Network, piece: Finished): Outcome {
  if (piece.kind === 'probabilities') return piece;
  const tensors = tf.tidy(() => tensorsLike(network.values, piece.gradient));
  const gradient = tensors.slice(0, network.parameters.length);
  return { kind: 'gradient', loss: piece.loss, gradient, statistics: tensors.slice(gradient.length) };
}
