/** Which training examples each client holds. Every example goes to one client, but for `user`, where some may have no user. */
import type { Split } from '../datasets/dataset.ts';
import { LabError } from '../errors.ts';
import { type Random, randomStream } from '../rng/random.ts';
import { dirichlet } from './dirichlet.ts';

export type SplitConfig =
  /** Shuffled, to each the same number. */
  | { kind: 'equal' }
  /** Each class by shares from a Dirichlet distribution (Hsu, Qi and Brown, 2019; Backdoors 101). */
  | { kind: 'dirichlet'; alpha: number }
  /** Sorted by class and cut, to each client a few pieces at random (McMahan et al., 2017, section 3). */
  | { kind: 'shards'; shards_per_client: number }
  /** By an attribute of the examples, such as who wrote a text; the largest users first. */
  | { kind: 'user'; attribute: string };

/**
 * @param clients 1 or more
 * @returns for each client the places of its examples in the training set, ascending
 * @throws LabError E-CONFIG-VALUE where there are too few examples or users, or no such attribute
 */
export function splitExamples(
  config: SplitConfig,
  train: Split,
  clients: number,
  seed: number,
): Uint32Array[] {
  const random = randomStream(seed, 'federated', 'split');
  if (train.count < clients) throw tooFew(`${train.count} training examples`, clients);
  const parts = partsOf(config, train, clients, random);
  return parts.map((part) => Uint32Array.from(part).sort());
}

function partsOf(config: SplitConfig, train: Split, clients: number, random: Random): ArrayLike<number>[] {
  switch (config.kind) {
    case 'equal':
      return cut(random.permutation(train.count), clients);
    case 'dirichlet': {
      const parts = Array.from({ length: clients }, (): number[] => []);
      for (const members of byClass(train)) {
        const order = random.permutation(members.length);
        const shares = dirichlet(clients, config.alpha, random);
        let [share, from] = [0, 0];
        for (const [client, part] of parts.entries()) {
          share += shares[client] ?? 0;
          // What is left by rounding goes to the last.
          const to = client === clients - 1 ? members.length : Math.round(share * members.length);
          for (const place of order.subarray(from, to)) part.push(members[place] ?? 0);
          from = Math.max(from, to);
        }
      }
      return parts;
    }
    case 'shards': {
      const sorted = byClass(train).flatMap((members) => {
        const order = random.permutation(members.length);
        return Array.from(order, (place) => members[place] ?? 0);
      });
      const pieces = cut(Uint32Array.from(sorted), clients * config.shards_per_client);
      const dealt = random.permutation(pieces.length);
      return Array.from({ length: clients }, (_, client) =>
        Array.from(dealt)
          .slice(client * config.shards_per_client, (client + 1) * config.shards_per_client)
          .flatMap((piece) => Array.from(pieces[piece] ?? [])),
      );
    }
    case 'user':
      return byUser(config.attribute, train, clients);
  }
}

/** Pieces one after another, whose sizes differ by at most one. */
function cut(order: Uint32Array, count: number): Uint32Array[] {
  return Array.from({ length: count }, (_, piece) =>
    order.subarray(
      Math.floor((order.length * piece) / count),
      Math.floor((order.length * (piece + 1)) / count),
    ),
  );
}

function byClass({ labels, count }: Split): number[][] {
  const members: number[][] = [];
  for (let index = 0; index < count; index++) (members[labels[index] ?? 0] ??= []).push(index);
  return members.filter(Boolean);
}

function byUser(attribute: string, { attributes, count }: Split, clients: number): number[][] {
  const users = attributes && Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
  if (!users) {
    throw new LabError({
      code: 'E-CONFIG-VALUE',
      what: `The examples carry no “${attribute}”.`,
      why: attributes
        ? `They carry ${Object.keys(attributes).join(', ')}.`
        : 'This data set tells nothing of an example but its class.',
      fix: 'Take another split, such as dirichlet, or name an attribute that is there.',
      where: 'federated.split.attribute',
    });
  }
  const members = new Map<number, number[]>();
  for (let index = 0; index < count; index++) {
    const user = users[index] ?? 0;
    const held = members.get(user);
    if (held) held.push(index);
    else members.set(user, [index]);
  }
  if (members.size < clients) throw tooFew(`${members.size} users`, clients);
  return [...members]
    .sort(([a, one], [b, other]) => other.length - one.length || a - b)
    .slice(0, clients)
    .map(([, held]) => held);
}

function tooFew(what: string, clients: number): LabError {
  return new LabError({
    code: 'E-CONFIG-VALUE',
    what: `There are ${what} for ${clients} clients.`,
    why: 'Each client needs at least one.',
    fix: 'Take fewer clients, or more of the data set.',
    where: 'federated.clients',
  });
}
