/** The federated part of a Backdoors 101 document, as its `fl_task.py` and `attack.py` read it. */
import { keyProblem, type Backdoors101Values, type Findings } from './backdoors101-values.ts';
import { serverRate } from '../federated/server-step.ts';
import type { ExperimentInput } from './schema.ts';

type FederatedInput = NonNullable<ExperimentInput['federated']>;

const SOURCES: [string, string][] = [
  ['federated.enabled', 'fl'],
  ['federated.clients', 'fl_total_participants'],
  ['federated.per_round', 'fl_no_models'],
  ['federated.local_epochs', 'fl_local_epochs'],
  ['federated.server_rate', 'fl_eta'],
  ['federated.split', 'fl_sample_dirichlet'],
  ['federated.split.alpha', 'fl_dirichlet_alpha'],
  ['federated.aggregator', 'fl_diff_privacy'],
  ['federated.aggregator.bound', 'fl_dp_clip'],
  ['federated.aggregator.noise', 'fl_dp_noise'],
  ['federated.compromised.clients', 'fl_number_of_adversaries'],
  ['federated.compromised.rounds', 'fl_single_epoch_attack'],
  ['federated.compromised.scale', 'fl_weight_scale'],
];

/** The `federated` section; absent where `fl` is not true: their code then reads no other of these keys. */
export function adaptFederated(values: Backdoors101Values, findings: Findings): FederatedInput | undefined {
  if (values.boolean('fl') !== true) return undefined;
  for (const [path, key] of SOURCES) findings.sources.set(path, key);
  const clients = values.number('fl_total_participants') ?? 80000;
  const perRound = values.number('fl_no_models') ?? 100;
  const rate = serverRate(values.number('fl_eta') ?? 1, perRound, clients);
  const single = values.number('fl_single_epoch_attack');
  return {
    enabled: true,
    clients,
    per_round: perRound,
    local_epochs: values.number('fl_local_epochs') ?? 2,
    server_rate: rate,
    split: split(values, findings),
    aggregator: aggregator(values, findings, rate),
    compromised: {
      clients: values.number('fl_number_of_adversaries') ?? 0,
      scale: values.number('fl_weight_scale') ?? 1,
      rounds: single === null ? { kind: 'every' } : { kind: 'single', round: single },
    },
  };
}

function split(values: Backdoors101Values, findings: Findings): NonNullable<FederatedInput['split']> {
  if (values.boolean('fl_sample_dirichlet') !== true) return { kind: 'equal' };
  const alpha = values.number('fl_dirichlet_alpha');
  if (alpha !== null) return { kind: 'dirichlet', alpha };
  findings.problems.push(missing('fl_dirichlet_alpha', 'fl_sample_dirichlet', 'How uneven the classes are.'));
  return { kind: 'dirichlet' };
}

/** Their noise comes onto the step of the global model, ours onto the mean before the server’s rate. */
function aggregator(
  values: Backdoors101Values,
  findings: Findings,
  rate: number,
): NonNullable<FederatedInput['aggregator']> {
  if (values.boolean('fl_diff_privacy') !== true) return { kind: 'fedavg', weighting: 'equal' };
  const bound = values.number('fl_dp_clip');
  const noise = values.number('fl_dp_noise');
  if (bound === null) findings.problems.push(missing('fl_dp_clip', 'fl_diff_privacy', 'The longest update.'));
  if (noise === null)
    findings.problems.push(missing('fl_dp_noise', 'fl_diff_privacy', 'The deviation of the noise.'));
  return { kind: 'weak_dp', bound, noise: (noise ?? 0) / rate };
}

function missing(key: string, by: string, meaning: string) {
  return keyProblem(
    key,
    'E-CONFIG-VALUE',
    `not given, though ${by} is true.`,
    `${meaning} Backdoors 101 has no default for it.`,
    `Give ${key}, or write ${by}: false.`,
  );
}
