/**
 * Federated training: each step of the run is a round. Clients are drawn, train from the global weights, and the server
 * brings their updates together. Source: McMahan et al., AISTATS 2017; Bagdasaryan et al., AISTATS 2020 (attacks).
 */
import type {
  Aggregate,
  AggregatorDefinition,
  AggregatorMemory,
  Update,
} from '../../core/aggregation/aggregator.ts';
import { aggregators } from '../../core/aggregation/definitions.ts';
import { addNoise } from '../../core/aggregation/noise.ts';
import { lengthOf } from '../../core/aggregation/vectors.ts';
import { vet } from '../../core/aggregation/vet.ts';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { AggregatorConfig } from '../../core/config/schema-federated.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { cancelledError, LabError } from '../../core/errors.ts';
import type { OptionalRate } from '../../core/experiment/events.ts';
import type { RoundRecord } from '../../core/experiment/round.ts';
import type { NamedArray } from '../../core/experiment/weights.ts';
import { compromisedClients, fateOf } from '../../core/federated/participation.ts';
import { clientRecords, meanLosses, type Participant, type Sent } from '../../core/federated/records.ts';
import { planRound } from '../../core/federated/schedule.ts';
import { replacementScale, takeStep } from '../../core/federated/server-step.ts';
import { splitExamples } from '../../core/federated/split.ts';
import { randomStream } from '../../core/rng/random.ts';
import type { Backdoor } from '../../core/training/backdoor.ts';
import { asTheyAre } from '../../core/training/examples.ts';
import { gather } from '../../core/training/gather.ts';
import type { Network } from '../models/network.ts';
import { balancerOf } from '../objectives/balancer.ts';
import { assignValues, readValues, totalSize } from '../parallel/flat-values.ts';
import type { Team } from '../parallel/team.ts';
import type { Regime, RegimeStep } from '../training/regime.ts';
import type { RunContext } from '../training/run-context.ts';
import type { RunState } from '../training/run-state.ts';
import { clientSteps } from './client-data.ts';
import type { ClientJob, ClientResult } from './client-job.ts';

/** Names of what a checkpoint keeps of this regime. */
const MEMORY = 'federated.memory/';
const LAST = 'federated.last';

/** The updates of a round, kept so that other rules can be tried on them. */
export interface RecordedRound {
  round: number;
  global: Float32Array;
  updates: Update[];
  server: Float32Array | null;
  memory: AggregatorMemory;
}

export class Federated implements Regime {
  readonly stepsPerEpoch = 1;
  /** The newest round; null before the first. */
  recorded: RecordedRound | null = null;
  private readonly shares: Uint32Array[];
  private readonly root: Uint32Array | null;
  private memory: AggregatorMemory = {};
  /** The last aggregate, for attackers that avoid what others change. */
  private last: Float32Array | null = null;
  private probe: ClientJob['probe'] = null;

  /** @throws LabError E-CONFIG-VALUE where the examples cannot be split over the clients */
  constructor(
    private readonly config: ExperimentConfig,
    private readonly context: RunContext,
    private readonly dataset: Dataset,
    private readonly backdoors: readonly Backdoor[],
    private readonly network: Network,
    private readonly team: Team,
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

  async step(state: RunState, learningRate: number, gate: () => Promise<void>): Promise<RegimeStep> {
    const started = performance.now();
    const round = state.epoch;
    const { federated, seed } = this.config;
    const plan = planRound(federated, seed, round);
    const attacked = this.config.attack.enabled && plan.attacking.size > 0;
    const participants = plan.clients.map((client) =>
      this.participant(client, attacked && plan.attacking.has(client), round),
    );
    const there = participants.filter(({ fate }) => fate === 'answers');
    const values = totalSize(this.network.values);
    const global = new Float32Array(values);
    readValues(this.network.values, global);
    this.probe ??= await this.probeOf();
    const jobs = [...there.map((one) => () => this.jobOf(one, round, learningRate))];
    if (this.root) jobs.push(() => this.serverJob(round, learningRate));
    const results = await this.team.trainClients(global, jobs.length, (index) => this.job(jobs, index), {
      signal: this.context.signal,
      gate,
      onDone: (index, { steps }) => {
        const client = there[index]?.client ?? null;
        this.context.emit({ type: 'client', round, client, done: index, of: jobs.length, steps });
        this.context.controller.ended('batch');
      },
    });
    const server = this.root ? (results[there.length]?.delta ?? null) : null;
    const scale =
      federated.compromised.scale ??
      replacementScale(federated.server_rate, there.length, Math.max(1, plan.attacking.size));
    const sent = there.map((one, index) => this.sent(one, results[index], scale, round));
    const { accepted, refused } = vet(sent, values, federated.longest_update);
    const aggregate = this.aggregate(federated.aggregator, accepted, server, round);
    this.recorded = { round, global, updates: accepted, server, memory: this.memory };
    if (aggregate) {
      this.memory = aggregate.memory;
      this.last = aggregate.delta;
      const next = global.slice();
      takeStep(next, aggregate.delta, federated.server_rate);
      assignValues(this.network.values, next);
    }
    this.team.changed();
    const records = clientRecords(
      participants,
      new Map(sent.map((update, index) => [update.client, this.told(update, results[index])])),
      (client) => this.histogram(client),
      { accepted, refused, aggregate, scale },
    );
    const record: RoundRecord = {
      round,
      aggregator: federated.aggregator.kind,
      clients: records,
      norm: aggregate ? lengthOf(aggregate.delta) : 0,
      bytes: { down: 4 * values * participants.length, up: 4 * values * there.length },
      steps: results.reduce((sum, { steps }) => sum + steps, 0),
      seconds: (performance.now() - started) / 1000,
    };
    this.context.emit({ type: 'round', record });
    if (!aggregate) this.warnOfNothing(round);
    return {
      numbers: {
        losses: meanLosses(records),
        scales: {},
        gradientNorms: {},
        cosine: null,
        minimumNorm: null,
      },
      finite: true,
      attacking: attacked,
    };
  }

  /** Brings the updates of a round together by any rule, changing nothing. Null of no updates. */
  aggregate(
    { ...aggregator }: AggregatorConfig,
    updates: readonly Update[],
    server: Float32Array | null,
    round: number,
    memory: AggregatorMemory = this.memory,
  ): Aggregate | null {
    if (updates.length === 0) return null;
    const definition = aggregators[aggregator.kind] as unknown as AggregatorDefinition;
    return definition.aggregate(aggregator, {
      updates,
      random: randomStream(this.config.seed, 'federated', 'noise', round),
      lastLayer: this.lastLayer(),
      server,
      memory,
    });
  }

  slots(): Promise<NamedArray[]> {
    const arrays = Object.entries(this.memory).map(([name, data]) => ({
      name: MEMORY + name,
      shape: [data.length],
      data,
    }));
    const last = this.last ? [{ name: LAST, shape: [this.last.length], data: this.last }] : [];
    return Promise.resolve([...arrays, ...last]);
  }

  restore(slots: readonly NamedArray[]): void {
    const kept = slots.filter(({ name }) => name.startsWith(MEMORY));
    this.memory = Object.fromEntries(kept.map(({ name, data }) => [name.slice(MEMORY.length), data]));
    this.last = slots.find(({ name }) => name === LAST)?.data ?? null;
  }

  dispose(): void {
    this.recorded = null;
  }

  /** A client that fails is asked again; one that is gone or late is not. */
  private participant(client: number, attacking: boolean, round: number): Participant {
    const { faults } = this.config.federated;
    for (let attempt = 0; ; attempt++) {
      const fate = fateOf(this.config.seed, round, client, attempt, faults);
      if (fate !== 'fails' || attempt >= faults.retries)
        return { client, attacking, fate, attempts: attempt + 1 };
    }
  }

  private job(jobs: readonly (() => Promise<ClientJob>)[], index: number): Promise<ClientJob> {
    if (this.context.signal.aborted) throw cancelledError();
    const make = jobs[index];
    if (!make) throw new RangeError(`no client ${index} in this round`);
    return make();
  }

  private async jobOf(
    { client, attacking }: Participant,
    round: number,
    learningRate: number,
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
      learningRate: (targeted ? compromised.learning_rate : null) ?? learningRate,
      balancer: balancerOf(attack.injection),
      anomalyWeight: targeted ? compromised.anomaly_weight : 0,
      normBound: targeted ? compromised.norm_bound : null,
      mask: targeted ? this.mask(compromised.avoid_top) : null,
      probe: this.probe,
    };
  }

  /** The server’s own training, for rules that compare with it. */
  private async serverJob(round: number, learningRate: number): Promise<ClientJob> {
    const share = { examples: this.root ?? new Uint32Array(), part: null };
    const { local_epochs, clients } = this.config.federated;
    return {
      epochs: await clientSteps(
        this.config,
        this.dataset,
        share,
        local_epochs,
        this.firstEpoch(clients, round),
      ),
      optimizer: this.config.training.optimizer,
      learningRate,
      balancer: null,
      anomalyWeight: 0,
      normBound: null,
      mask: null,
      probe: null,
    };
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
    return { index: Math.max(0, hostile.indexOf(client)), of: compromised.clients };
  }

  /** 0 for the values that the last round changed most. Source: Zhang et al., Neurotoxin, ICML 2022, algorithm 1. */
  private mask(share: number): Uint8Array | null {
    if (share === 0 || !this.last) return null;
    const sizes = this.last.map(Math.abs).sort();
    const limit = sizes[Math.min(sizes.length - 1, Math.ceil((1 - share) * sizes.length))] ?? Infinity;
    return Uint8Array.from(this.last, (value) => (Math.abs(value) >= limit && value !== 0 ? 0 : 1));
  }

  /** What a client sends of what it trained. */
  private sent(
    { client, attacking }: Participant,
    result: ClientResult | undefined,
    scale: number,
    round: number,
  ): Update {
    const delta = result?.delta ?? new Float32Array();
    if (attacking) {
      const { behaviour } = this.config.federated.compromised;
      if (behaviour.kind === 'gaussian') {
        delta.fill(0);
        addNoise(
          delta,
          behaviour.deviation,
          randomStream(this.config.seed, 'federated', 'gaussian', round, client),
        );
      }
      const factor = behaviour.kind === 'sign_flip' ? -scale : scale;
      if (factor !== 1) for (let at = 0; at < delta.length; at++) delta[at] = factor * (delta[at] ?? 0);
    }
    return { client, examples: this.shares[client]?.length ?? 0, delta };
  }

  /** The first test examples, clean, and with the trigger where the backdoor wants another label. */
  private async probeOf(): Promise<ClientJob['probe']> {
    const count = Math.min(this.config.federated.client_test_examples, this.dataset.test.count);
    const [backdoor] = this.backdoors;
    if (count === 0 || !backdoor) return null;
    const { test } = this.dataset;
    const indices = Array.from({ length: count }, (_, index) => index);
    const { split, indices: named } = backdoor.measured;
    const triggered = backdoor
      .planTest(this.dataset[split], named ?? indices)
      .filter(({ index, label }) => label !== this.dataset[split].labels[index]);
    return {
      clean: await gather(this.dataset, 'test', asTheyAre(test, Uint32Array.from(indices))),
      triggered: await gather(this.dataset, split, triggered),
    };
  }

  /** Where the last layer’s weights and bias lie among all values. */
  private lastLayer(): [number, number] {
    const learnt = this.network.parameters.map(({ variable }) => variable);
    const end = totalSize(learnt);
    return [end - totalSize(learnt.slice(-2)), end];
  }

  private told(update: Update, result: ClientResult | undefined): Sent {
    const rate = (right: number | undefined, n: number): OptionalRate => ({
      value: right === undefined || n === 0 ? null : right / n,
      n,
    });
    return {
      update,
      losses: result?.losses ?? {},
      steps: result?.steps ?? 0,
      milliseconds: result?.milliseconds ?? 0,
      clean: rate(result?.probe?.clean, this.probe?.clean.count ?? 0),
      triggered: rate(result?.probe?.triggered, this.probe?.triggered.count ?? 0),
    };
  }

  private histogram(client: number): number[] {
    const counts = new Array<number>(this.dataset.info.classes.length).fill(0);
    for (const index of this.shares[client] ?? []) {
      const label = this.dataset.train.labels[index] ?? 0;
      counts[label] = (counts[label] ?? 0) + 1;
    }
    return counts;
  }

  private warnOfNothing(round: number): void {
    const warning = new LabError({
      code: 'E-AGGREGATION',
      what: `No update of round ${round} could be used.`,
      why: 'Every client was gone, late, failed or refused.',
      fix: 'The global model stays as it is, and the run goes on; lower the rates in federated.faults.',
    });
    this.context.emit({ type: 'warning', warning: warning.toData() });
  }
}
