/**
 * Federated training: each step of the run is a round. Clients are drawn, train from the global weights, and the server
 * brings their updates together. Source: McMahan et al., AISTATS 2017; Bagdasaryan et al., AISTATS 2020 (attacks).
 */
import type { Aggregate, AggregatorMemory } from '../../core/aggregation/aggregator.ts';
import { lengthOf } from '../../core/aggregation/vectors.ts';
import { vet } from '../../core/aggregation/vet.ts';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { cancelledError, LabError } from '../../core/errors.ts';
import type { OptionalRate } from '../../core/experiment/events.ts';
import type { RoundRecord } from '../../core/experiment/round.ts';
import { FEDERATED_SLOTS, type NamedArray } from '../../core/experiment/weights.ts';
import { planByHand } from '../../core/federated/by-hand.ts';
import { clientRecords, meanLosses, type Participant, type Sent } from '../../core/federated/records.ts';
import { planRound } from '../../core/federated/schedule.ts';
import { ClientPrivacyMeter } from '../../core/privacy/client-level.ts';
import type { PrivacyRecord } from '../../core/privacy/plan.ts';
import { replacementScale, takeStep } from '../../core/federated/server-step.ts';
import type { Backdoor } from '../../core/training/backdoor.ts';
import type { Network } from '../models/network.ts';
import { assignValues, readValues, totalSize } from '../parallel/flat-values.ts';
import type { Team } from '../parallel/team.ts';
import type { Regime, RegimeStep } from '../training/regime.ts';
import type { RunContext } from '../training/run-context.ts';
import type { RunState } from '../training/run-state.ts';
import type { ClientJob, ClientResult } from './client-job.ts';
import { Clients, type RoundGround } from './clients.ts';
import { aggregateRound } from './recorded-round.ts';

/** Names of what a checkpoint keeps of this regime. */
const MEMORY = `${FEDERATED_SLOTS}memory/`;
const LAST = `${FEDERATED_SLOTS}last`;

export class Federated implements Regime {
  readonly stepsPerEpoch = 1;
  private readonly clients: Clients;
  private readonly privacy: ClientPrivacyMeter | null;
  private memory: AggregatorMemory = {};
  /** The last aggregate. */
  private last: Float32Array | null = null;

  /** @throws LabError E-CONFIG-VALUE where the examples cannot be split over the clients */
  constructor(
    private readonly config: ExperimentConfig,
    private readonly context: Pick<RunContext, 'signal' | 'emit' | 'controller' | 'keepRound'>,
    dataset: Dataset,
    private readonly backdoors: readonly Backdoor[],
    private readonly network: Network,
    private readonly team: Team,
  ) {
    this.clients = new Clients(config, dataset);
    this.privacy = ClientPrivacyMeter.of(config);
  }

  async step(state: RunState, learningRate: number, gate: () => Promise<void>): Promise<RegimeStep> {
    const started = performance.now();
    const { config, clients, network } = this;
    const { federated } = config;
    const round = state.epoch;
    const hands = [...this.context.controller.clients];
    state.intervene({ balancer: null, evasions: null, clients: hands });
    const plan = planByHand(planRound(federated, config.seed, round), hands);
    const attacked = config.attack.enabled && plan.attacking.size > 0;
    const participants = plan.clients.map((client) =>
      clients.participant(client, attacked && plan.attacking.has(client), round),
    );
    this.tellDrawn(round, participants);
    const there = participants.filter(({ fate }) => fate === 'answers');
    const ground: RoundGround = { round, learningRate, last: this.last };
    const weights = this.context.keepRound ? await network.weights() : null;
    const values = totalSize(network.values);
    const global = new Float32Array(values);
    readValues(network.values, global);
    await clients.prepareProbe(this.backdoors);
    const handOf = (client: number) => hands.find((hand) => hand.client === client);
    const jobs = there.map((one) => () => clients.jobOf(one, ground, handOf(one.client)));
    if (clients.serverTrains) jobs.push(() => clients.serverJob(ground));
    const results = await this.train(round, there, global, jobs, gate);
    const server = clients.serverTrains ? (results[there.length]?.delta ?? null) : null;
    const scale =
      federated.compromised.scale ??
      replacementScale(federated.server_rate, there.length, Math.max(1, plan.attacking.size));
    const scaleOf = ({ client, attacking }: Participant): number =>
      handOf(client)?.scale ?? (attacking ? scale : 1);
    const sent = there.map((one, index) => this.sent(one, results[index], scaleOf(one), round));
    const updates = sent.map(({ update }) => update);
    const { accepted, refused } = vet(updates, values, federated.longest_update);
    const { memory } = this;
    const kept = { config, round, updates: accepted, server, memory, lastLayer: this.lastLayer() };
    const aggregate = aggregateRound(federated.aggregator, kept);
    if (weights) this.context.keepRound?.({ ...kept, weights });
    this.take(aggregate, global);
    const records = clientRecords(
      participants,
      new Map(sent.map((one) => [one.update.client, one])),
      (client) => clients.histogram(client),
      { accepted, refused, aggregate },
    );
    const record = {
      round,
      aggregator: federated.aggregator.kind,
      clients: records,
      norm: aggregate ? lengthOf(aggregate.delta) : 0,
      bytes: { down: 4 * values * participants.length, up: 4 * values * there.length },
      steps: results.reduce((sum, { steps }) => sum + steps, 0),
      seconds: (performance.now() - started) / 1000,
    };
    state.addRound(record);
    this.context.emit({ type: 'round', record });
    if (!aggregate) this.warnOfNothing(round);
    const losses = meanLosses(records);
    return {
      numbers: { losses, scales: {}, gradientNorms: {}, cosine: null, minimumNorm: null },
      finite: true,
      attacking: attacked,
    };
  }

  promised(_steps: number, _live: boolean, rounds: readonly RoundRecord[]): PrivacyRecord | null {
    return this.privacy?.after(rounds) ?? null;
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
    this.last = null;
  }

  /** Trains all that answer, and the server where it does; tells of each that begins and of each that is done. */
  private train(
    round: number,
    there: readonly Participant[],
    global: Float32Array,
    jobs: readonly (() => Promise<ClientJob>)[],
    gate: () => Promise<void>,
  ): Promise<ClientResult[]> {
    const { signal, emit, controller } = this.context;
    const of = jobs.length;
    let done = 0;
    const make = (index: number): Promise<ClientJob> => {
      if (signal.aborted) throw cancelledError();
      const job = jobs[index];
      if (!job) throw new RangeError(`no client ${index} in this round`);
      emit({ type: 'client', state: 'training', round, client: there[index]?.client ?? null, done, of });
      return job();
    };
    return this.team.trainClients(global, of, make, {
      signal,
      gate,
      onDone: (index) => {
        done++;
        emit({ type: 'client', state: 'done', round, client: there[index]?.client ?? null, done, of });
        controller.ended('batch');
      },
    });
  }

  private tellDrawn(round: number, participants: readonly Participant[]): void {
    const clients = participants.map(({ client, attacking, fate }) => ({
      client,
      attacking,
      fate,
      histogram: this.clients.histogram(client),
    }));
    this.context.emit({ type: 'drawn', round, clients });
  }

  /** The global model takes the step that the server decided on; nothing where no update could be used. */
  private take(aggregate: Aggregate | null, global: Float32Array): void {
    if (aggregate) {
      this.memory = aggregate.memory;
      this.last = aggregate.delta;
      takeStep(global, aggregate.delta, this.config.federated.server_rate);
      assignValues(this.network.values, global);
    }
    this.team.changed();
  }

  /** Where the last layer’s weights and bias lie among all values. */
  private lastLayer(): [number, number] {
    const learnt = this.network.parameters.map(({ variable }) => variable);
    const end = totalSize(learnt);
    return [end - totalSize(learnt.slice(-2)), end];
  }

  private sent(
    participant: Participant,
    result: ClientResult | undefined,
    scale: number,
    round: number,
  ): Sent {
    const { probe } = this.clients;
    const rate = (right: number | undefined, n: number): OptionalRate => ({
      value: right === undefined || n === 0 ? null : right / n,
      n,
    });
    return {
      update: this.clients.sent(participant, result, scale, round),
      scale,
      losses: result?.losses ?? {},
      steps: result?.steps ?? 0,
      milliseconds: result?.milliseconds ?? 0,
      clean: rate(result?.probe?.clean, probe?.clean.count ?? 0),
      triggered: rate(result?.probe?.triggered, probe?.triggered.count ?? 0),
    };
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
