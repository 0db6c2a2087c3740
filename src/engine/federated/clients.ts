/** The clients of a federated run as data: what each holds, what it does in a round, and what it sends. */
import type { Update } from '../../core/aggregation/aggregator.ts';
import { addNoise } from '../../core/aggregation/noise.ts';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import type { ClientByHand } from '../../core/federated/by-hand.ts';
import { compromisedClients, fateOf } from '../../core/federated/participation.ts';
import type { Participant } from '../../core/federated/records.ts';
import { splitExamples } from '../../core/federated/split.ts';
import { randomStream } from '../../core/rng/random.ts';
import type { Backdoor } from '../../core/training/backdoor.ts';
import { balancerOf } from '../objectives/balancer.ts';
import { clientSteps } from './client-data.ts';
import type { ClientJob, ClientResult } from './client-job.ts';
import { probeOf } from './probe.ts';

/** What a round gives to those that train in it. */
export interface RoundGround {
  round: number;
  learningRate: number;
  /** The last aggregate, for attackers that avoid what others change; null before the first. */
  last: Float32Array | null;
}

export class Clients {
  probe: ClientJob['probe'] = null;
  private readonly shares: Uint32Array[];
  /** The server’s own examples, for rules that compare with its training; null for others. */
  private readonly root: Uint32Array | null;

  /** @throws LabError E-CONFIG-VALUE where the examples cannot be split over the clients */
  constructor(
    private readonly config: ExperimentConfig,
    private readonly dataset: Dataset,
  ) {
    const { federated, seed } = config;
    this.shares = splitExamples(federated.split, dataset.train, federated.clients, seed);
    const { aggregator } = federated;
    this.root =
      aggregator.kind === 'fltrust'
        ? randomStream(seed, 'federated', 'root')
            .permutation(dataset.train.count)
            .slice(0, aggregator.root_examples)
        : null;
  }

  get serverTrains(): boolean {
    return this.root !== null;
  }

  async prepareProbe(backdoors: readonly Backdoor[]): Promise<void> {
    this.probe ??= await probeOf(this.dataset, backdoors[0], this.config.federated.client_test_examples);
  }

  /** A client that fails is asked again; one that is gone or late is not. */
  participant(client: number, attacking: boolean, round: number): Participant {
    const { faults } = this.config.federated;
    for (let attempt = 0; ; attempt++) {
      const fate = fateOf(this.config.seed, round, client, attempt, faults);
      if (fate !== 'fails' || attempt >= faults.retries)
        return { client, attacking, fate, attempts: attempt + 1 };
    }
  }

  /** How many examples of each class a client holds. */
  histogram(client: number): number[] {
    const counts = new Array<number>(this.dataset.info.classes.length).fill(0);
    for (const index of this.shares[client] ?? []) {
      const label = this.dataset.train.labels[index] ?? 0;
      counts[label] = (counts[label] ?? 0) + 1;
    }
    return counts;
  }

  async jobOf(
    { client, attacking }: Participant,
    { round, learningRate, last }: RoundGround,
    hand: ClientByHand | undefined,
  ): Promise<ClientJob> {
    const { federated, attack } = this.config;
    const { compromised } = federated;
    const targeted = attacking && compromised.behaviour.kind === 'backdoor';
    const epochs = (targeted ? compromised.local_epochs : null) ?? federated.local_epochs;
    const share = {
      examples: this.shares[client] ?? new Uint32Array(),
      part: targeted ? this.partOf(client) : null,
    };
    return {
      epochs: await clientSteps(this.config, this.dataset, share, epochs, this.firstEpoch(client, round)),
      optimizer: this.config.training.optimizer,
      learningRate: hand?.learningRate ?? (targeted ? compromised.learning_rate : null) ?? learningRate,
      balancer: balancerOf(attack.injection),
      anomalyWeight: targeted ? compromised.anomaly_weight : 0,
      normBound: targeted ? compromised.norm_bound : null,
      mask: targeted ? maskOf(last, compromised.avoid_top) : null,
      probe: this.probe,
    };
  }

  /** The server’s own training, for rules that compare with it. */
  async serverJob({ round, learningRate }: RoundGround): Promise<ClientJob> {
    const share = { examples: this.root ?? new Uint32Array(), part: null };
    const { local_epochs, clients } = this.config.federated;
    const first = this.firstEpoch(clients, round);
    return {
      epochs: await clientSteps(this.config, this.dataset, share, local_epochs, first),
      optimizer: this.config.training.optimizer,
      learningRate,
      balancer: null,
      anomalyWeight: 0,
      normBound: null,
      mask: null,
      probe: null,
    };
  }

  /** What a client sends of what it trained, multiplied by `scale`. */
  sent(
    { client, attacking }: Participant,
    result: ClientResult | undefined,
    scale: number,
    round: number,
  ): Update {
    const delta = result?.delta ?? new Float32Array();
    const { behaviour } = this.config.federated.compromised;
    if (attacking && behaviour.kind === 'gaussian') {
      const random = randomStream(this.config.seed, 'federated', 'gaussian', round, client);
      addNoise(delta.fill(0), behaviour.deviation, random);
    }
    const factor = attacking && behaviour.kind === 'sign_flip' ? -scale : scale;
    if (factor !== 1) for (let at = 0; at < delta.length; at++) delta[at] = factor * (delta[at] ?? 0);
    return { client, examples: this.shares[client]?.length ?? 0, delta };
  }

  /** A number for each local epoch of each client, so that no two draw the same order or triggers. */
  private firstEpoch(client: number, round: number): number {
    const { clients, local_epochs, compromised } = this.config.federated;
    const each = Math.max(local_epochs, compromised.local_epochs ?? 0);
    return 1 + (round * (clients + 1) + client) * each;
  }

  /** All of the trigger, or, where it is dealt out, the part of this compromised client. */
  private partOf(client: number): { index: number; of: number } {
    const { compromised, clients } = this.config.federated;
    if (!compromised.distributed) return { index: 0, of: 1 };
    const hostile = compromisedClients(this.config.seed, clients, compromised.clients);
    return { index: Math.max(0, hostile.indexOf(client)), of: Math.max(1, compromised.clients) };
  }
}

/** 0 for the values that the last round changed most. Source: Zhang et al., Neurotoxin, ICML 2022, algorithm 1. */
function maskOf(last: Float32Array | null, share: number): Uint8Array | null {
  if (share === 0 || !last) return null;
  const sizes = last.map(Math.abs).sort();
  const limit = sizes[Math.min(sizes.length - 1, Math.ceil((1 - share) * sizes.length))] ?? Infinity;
  return Uint8Array.from(last, (value) => (Math.abs(value) >= limit && value !== 0 ? 0 : 1));
}
