/** The rules that a round can be replayed under, with settings that fit the run. */
import { aggregators, type AggregatorKind } from '../../core/aggregation/definitions.ts';
import {
  aggregator,
  type AggregatorConfig,
  type FederatedConfig,
} from '../../core/config/schema-federated.ts';

export const RULES = Object.keys(aggregators) as AggregatorKind[];

export const ruleTitle = (kind: AggregatorKind): string => aggregators[kind].title;

/** Rules that need what a run keeps only for themselves. */
export const needsMore = (kind: AggregatorKind, taken: AggregatorKind): boolean =>
  aggregators[kind].needsServerUpdate && kind !== taken;

/** As the run has it where it is the run's rule; else by default, against as many adversaries as the experiment has. */
export function ruleOf(kind: AggregatorKind, federated: FederatedConfig): AggregatorConfig {
  if (federated.aggregator.kind === kind) return federated.aggregator;
  const adversaries = federated.compromised.clients;
  return aggregator.parse({ kind, ...('adversaries' in aggregators[kind].params.shape && { adversaries }) });
}
