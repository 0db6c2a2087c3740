import { aggregators } from '../../core/aggregation/definitions.ts';
import { replacementScale } from '../../core/federated/server-step.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import { ConfigField } from './ConfigField.tsx';

const SPLIT_FIELDS = {
  equal: [],
  dirichlet: ['alpha'],
  shards: ['shards_per_client'],
  user: ['attribute'],
} as const;

const ROUND_FIELDS = { every: [], single: ['round'], range: ['from', 'to'] } as const;

/** What an empty setting of a rule means. */
const EMPTY_RULE: Readonly<Record<string, string>> = { bound: 'median length' };

/** Training over clients: who there is, who attacks, and how the server brings updates together. */
export function FederatedSection() {
  const federated = useExperiment((state) => state.draft.federated);
  if (!federated.enabled) return <ConfigField path="federated.enabled" />;
  const { split, aggregator } = federated;
  const settings = Object.keys(aggregators[aggregator.kind].params.shape).filter((key) => key !== 'kind');
  return (
    <>
      <ConfigField path="federated.enabled" />
      <ConfigField path="federated.clients" />
      <ConfigField path="federated.per_round" />
      <ConfigField path="federated.local_epochs" />
      <ConfigField path="federated.server_rate" />
      <ConfigField path="federated.split.kind" />
      {SPLIT_FIELDS[split.kind].map((key) => (
        <ConfigField key={key} path={`federated.split.${key}`} />
      ))}
      <ConfigField path="federated.aggregator.kind" />
      {settings.map((key) => (
        <ConfigField
          key={key}
          path={`federated.aggregator.${key}`}
          empty={EMPTY_RULE[key] ?? 'chosen by it'}
        />
      ))}
      <CompromisedFields />
      {(['dropout', 'stragglers', 'failures', 'retries'] as const).map((key) => (
        <ConfigField key={key} path={`federated.faults.${key}`} />
      ))}
      <ConfigField path="federated.longest_update" />
      <ConfigField path="federated.client_test_examples" />
    </>
  );
}

function CompromisedFields() {
  const { compromised, server_rate, per_round } = useExperiment((state) => state.draft.federated);
  const { rounds, behaviour } = compromised;
  const path = 'federated.compromised';
  const attackers = Math.max(1, Math.min(compromised.clients, per_round));
  const replacing = Number(replacementScale(server_rate, per_round, attackers).toPrecision(4));
  return (
    <>
      <ConfigField path={`${path}.clients`} />
      {compromised.clients > 0 && (
        <>
          <ConfigField path={`${path}.always_present`} />
          <ConfigField path={`${path}.rounds.kind`} />
          {ROUND_FIELDS[rounds.kind].map((key) => (
            <ConfigField key={key} path={`${path}.rounds.${key}`} />
          ))}
          <ConfigField path={`${path}.behaviour.kind`} />
          {behaviour.kind === 'gaussian' && <ConfigField path={`${path}.behaviour.deviation`} />}
          <ConfigField
            path={`${path}.scale`}
            empty={`full replacement: ${replacing}`}
            note={`Full replacement takes ${replacing}, with ${attackers} of ${per_round} clients attacking.`}
          />
          {behaviour.kind === 'backdoor' && (
            <>
              <ConfigField path={`${path}.anomaly_weight`} />
              <ConfigField path={`${path}.norm_bound`} empty="none" />
              <ConfigField path={`${path}.avoid_top`} />
              <ConfigField path={`${path}.distributed`} />
              <ConfigField path={`${path}.local_epochs`} empty="as others" />
              <ConfigField path={`${path}.learning_rate`} empty="as others" />
            </>
          )}
        </>
      )}
    </>
  );
}
