/**
 * Federated experiments beside a published table: four rules, even and uneven shares, one attacker among ten clients.
 * `lab reproduce federated` runs them.
 */
import type { ExperimentInput } from '../config/schema.ts';

export interface FederatedReproduction {
  id: string;
  /** As the table names it. */
  rule: string;
  split: string;
  /** Without seed: each is run with several. */
  config: ExperimentInput;
  /** Fractions after the last round, the mean over the authors' seeds. */
  published: { accuracy: number; attackSuccess: number };
}

export const FEDERATED_SOURCE = {
  text: 'Aggregation-Federated-Learning-Analysis, results/tables (Fashion-MNIST, a CNN of 16 and 32 filters, 10 clients, 40 rounds of one local epoch)',
  url: 'https://github.com/samuele-lolli/Aggregation-Federated-Learning-Analysis',
} as const;

/** How far our accuracy may be from the published one, a fraction. */
export const ACCURACY_WITHIN = 0.03;

type Federated = NonNullable<ExperimentInput['federated']>;
type Rule = NonNullable<Federated['aggregator']>;

const RULES: readonly { rule: string; aggregator: Rule; even: [number, number]; uneven: [number, number] }[] =
  [
    { rule: 'FedAvg', aggregator: { kind: 'fedavg' }, even: [0.869, 0.912], uneven: [0.818, 0.679] },
    { rule: 'Median', aggregator: { kind: 'median' }, even: [0.867, 0.004], uneven: [0.711, 0.025] },
    {
      rule: 'Trimmed mean',
      aggregator: { kind: 'trimmed_mean' },
      even: [0.868, 0.004],
      uneven: [0.746, 0.018],
    },
    { rule: 'Multi-Krum', aggregator: { kind: 'multi_krum' }, even: [0.869, 0.002], uneven: [0.758, 0.655] },
  ];

const SPLITS = [
  { id: 'even', split: 'even', shares: { kind: 'equal' } },
  { id: 'uneven', split: 'alpha 0.1', shares: { kind: 'dirichlet', alpha: 0.1 } },
] as const;

/** Rules by shares, in the order of the published table. */
export const FEDERATED_REPRODUCTIONS: readonly FederatedReproduction[] = SPLITS.flatMap(
  ({ id, split, shares }) =>
    RULES.map(({ rule, aggregator, even, uneven }) => {
      const [accuracy, attackSuccess] = id === 'even' ? even : uneven;
      return {
        id: `${aggregator.kind.replaceAll('_', '-')}-${id}`,
        rule,
        split,
        published: { accuracy, attackSuccess },
        config: {
          name: `${rule}, ${split}`,
          // A quarter of the training set: 1,500 examples for each client in the mean.
          task: { dataset: 'fashion-mnist', model: 'small_cnn', train_examples: 15_000 },
          training: {
            epochs: 40,
            batch_size: 32,
            optimizer: { kind: 'sgd', learning_rate: 0.01, momentum: 0.9 },
          },
          evaluation: { live_every: 0 },
          checkpoints: { every: 0 },
          attack: {
            synthesizer: { kind: 'pattern' },
            label: { kind: 'one_target', target: 8 },
            injection: { kind: 'data', fraction: 0.5 },
          },
          federated: {
            enabled: true,
            clients: 10,
            per_round: 10,
            local_epochs: 1,
            client_test_examples: 0,
            split: shares,
            aggregator,
            compromised: { clients: 1, always_present: true, scale: 1 },
          },
        },
      };
    }),
);
