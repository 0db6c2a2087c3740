/**
 * What federated training promises of a whole client where the server clips every update and adds noise to their mean.
 * Source: McMahan et al., Learning Differentially Private Recurrent Language Models, ICLR 2018, section 2. As there, a round
 * is counted as if each client took part with the same chance by itself, though rounds have a fixed size here.
 */
import type { ExperimentConfig } from '../config/schema.ts';
import type { RoundRecord } from '../experiment/round.ts';
import { type PrivacyRecord, usualDelta } from './plan.ts';
import { epsilonOfRdp, ORDERS, rdpCurve } from './rdp.ts';

/** Counts by Rényi divergences, as the noise of a round depends on how many updates it had. */
export class ClientPrivacyMeter {
  /** Of one round, by the updates that it had. */
  private readonly curves = new Map<number, number[]>();

  private constructor(
    private readonly clients: number,
    private readonly perRound: number,
    /** Longest update, and the deviation of the noise on each value of the mean. */
    private readonly bound: number,
    private readonly noise: number,
  ) {}

  /** Null where nothing is promised: another rule, a bound that follows the updates, no noise, a start that knows the data. */
  static of({ federated, task }: ExperimentConfig): ClientPrivacyMeter | null {
    const { aggregator, clients, per_round: perRound } = federated;
    if (aggregator.kind !== 'weak_dp' || aggregator.bound === null || aggregator.noise === 0) return null;
    if (task.weights === 'pretrained') return null;
    return new ClientPrivacyMeter(clients, perRound, aggregator.bound, aggregator.noise);
  }

  after(rounds: readonly RoundRecord[]): PrivacyRecord {
    const sizes = rounds.map(({ clients }) => clients.filter(({ fate }) => fate === 'answers').length);
    const noised = sizes.filter((size) => size > 0);
    const total = ORDERS.map(() => 0);
    for (const size of noised)
      for (const [at, divergence] of this.curve(size).entries()) total[at] = (total[at] ?? 0) + divergence;
    const delta = usualDelta(this.clients);
    return {
      unit: 'client',
      accountant: 'rdp',
      samplingRate: this.perRound / this.clients,
      noiseMultiplier: this.noiseMultiplier(this.perRound),
      delta,
      steps: noised.length,
      epsilon: noised.length === 0 ? 0 : epsilonOfRdp(total, delta).epsilon,
    };
  }

  /** The noise on the sum of so many updates, in lengths of one. */
  private noiseMultiplier(size: number): number {
    return (this.noise * size) / this.bound;
  }

  private curve(size: number): number[] {
    const known = this.curves.get(size);
    if (known) return known;
    const samplingRate = this.perRound / this.clients;
    const curve = rdpCurve({ samplingRate, noiseMultiplier: this.noiseMultiplier(size) });
    this.curves.set(size, curve);
    return curve;
  }
}
