/** Federated experiments to start from. What they reach was seen in a terminal, with `lab run`. */
import type { Preset } from './presets.ts';

const sgd = { kind: 'sgd', learning_rate: 0.01, momentum: 0.9 } as const;

export const FEDERATED_PRESETS: readonly Preset[] = [
  {
    id: 'federated-replacement',
    title: 'Model replacement in one round',
    group: 'Federated',
    description:
      'A hundred clients share MNIST, ten train in a round. In the first round one of them replaces the global model by its own (Bagdasaryan et al., 2020). Replay that round under other rules.',
    expected:
      'Attack success 94 % or more from the first round on, clean accuracy 93 % or more, as seen with seed 1.',
    config: {
      name: 'Model replacement in one round',
      seed: 1,
      task: { weights: 'pretrained' },
      training: { epochs: 3, batch_size: 64, optimizer: sgd },
      evaluation: { live_every: 0 },
      attack: {
        injection: { kind: 'loss', balancer: { kind: 'fixed', scales: { normal: 0.5, backdoor: 0.5 } } },
      },
      federated: {
        enabled: true,
        clients: 100,
        per_round: 10,
        local_epochs: 1,
        compromised: {
          clients: 1,
          rounds: { kind: 'single', round: 1 },
          scale: null,
          local_epochs: 10,
        },
      },
    },
  },
  {
    id: 'federated-median',
    title: 'One attacker against the median',
    group: 'Federated',
    description:
      'Ten clients with uneven classes, all of them in every round; one always attacks with the scale of full replacement, and the server takes the median of each value.',
    expected: 'Clean accuracy 99 % or more and attack success below 1 %, as seen with seed 1.',
    config: {
      name: 'One attacker against the median',
      seed: 1,
      task: { weights: 'pretrained', train_examples: 10000 },
      training: { epochs: 4, batch_size: 64, optimizer: sgd },
      attack: { injection: { kind: 'batch', fraction: 0.3 } },
      federated: {
        enabled: true,
        clients: 10,
        per_round: 10,
        local_epochs: 1,
        split: { kind: 'dirichlet', alpha: 0.5 },
        aggregator: { kind: 'median' },
        compromised: { clients: 1, always_present: true, scale: null },
      },
    },
  },
];
