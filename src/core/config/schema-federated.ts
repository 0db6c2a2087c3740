/** Training over clients: who takes part, what the compromised ones do, how the server brings updates together. */
import { z } from 'zod';
import { params as fedavg } from '../aggregation/fedavg.ts';
import { params as flame } from '../aggregation/flame.ts';
import { params as fltrust } from '../aggregation/fltrust.ts';
import { params as foolsgold } from '../aggregation/foolsgold.ts';
import { params as geometricMedian } from '../aggregation/geometric-median.ts';
import { params as krum } from '../aggregation/krum.ts';
import { params as median } from '../aggregation/median.ts';
import { params as multiKrum } from '../aggregation/multi-krum.ts';
import { params as normClipping } from '../aggregation/norm-clipping.ts';
import { params as rlr } from '../aggregation/rlr.ts';
import { params as trimmedMean } from '../aggregation/trimmed-mean.ts';
import { params as weakDp } from '../aggregation/weak-dp.ts';
import { count, field, fraction, kind } from './schema-field.ts';

export const aggregator = z.discriminatedUnion('kind', [
  fedavg,
  median,
  trimmedMean,
  geometricMedian,
  krum,
  multiKrum,
  normClipping,
  weakDp,
  foolsgold,
  fltrust,
  rlr,
  flame,
]);

const split = z.discriminatedUnion('kind', [
  z.strictObject({ kind: kind('equal', 'Equal shares') }),
  z.strictObject({
    kind: kind('dirichlet', 'Uneven classes (Dirichlet)'),
    alpha: field(z.number().gt(0).max(1e6).default(0.5), {
      title: 'Alpha',
      description: 'How even: 0.1 leaves a client few classes, 100 nearly the same of each.',
    }),
  }),
  z.strictObject({
    kind: kind('shards', 'A few classes each'),
    shards_per_client: field(z.int().min(1).max(1000).default(2), {
      title: 'Pieces for each client',
      description: 'The training set is sorted by class and cut; each client gets so many pieces.',
    }),
  }),
  z.strictObject({
    kind: kind('user', 'By user'),
    attribute: field(z.string().min(1).max(32).default('user'), {
      title: 'Attribute',
      description: 'What the data set knows of each example that tells whose it is.',
    }),
  }),
]);

const attackRounds = z.discriminatedUnion('kind', [
  z.strictObject({ kind: kind('every', 'Every round') }),
  z.strictObject({
    kind: kind('single', 'One round'),
    round: field(count.default(1), {
      title: 'Round',
      description: 'In this round alone the first clients that are drawn are the compromised ones.',
    }),
  }),
  z.strictObject({
    kind: kind('range', 'From one round to another'),
    from: field(count.default(1), { title: 'From round', description: 'The first round of the attack.' }),
    to: field(count.default(100000), { title: 'To round', description: 'The last round of the attack.' }),
  }),
]);

const behaviour = z.discriminatedUnion('kind', [
  z.strictObject({ kind: kind('backdoor', 'The backdoor of this experiment') }),
  z.strictObject({ kind: kind('sign_flip', 'Turned round (untargeted)') }),
  z.strictObject({
    kind: kind('gaussian', 'Noise (untargeted)'),
    deviation: field(z.number().gt(0).max(1e6).default(0.1), {
      title: 'Deviation',
      description: 'Standard deviation of each value of the update that is sent.',
    }),
  }),
]);

const compromised = z
  .strictObject({
    clients: field(z.int().min(0).max(100000).default(1), {
      title: 'Compromised clients',
      description: 'How many of all clients do what the attacker wants.',
      unit: 'clients',
    }),
    always_present: field(z.boolean().default(false), {
      title: 'In every attacked round',
      description:
        'They take part whenever they attack, as in most benchmarks; else they are drawn like others.',
    }),
    rounds: field(attackRounds.prefault({ kind: 'every' }), {
      title: 'Attacked rounds',
      description: 'When they attack; in other rounds they train as honest clients do.',
    }),
    behaviour: field(behaviour.prefault({ kind: 'backdoor' }), {
      title: 'Behaviour',
      description: 'What they send.',
    }),
    scale: field(z.number().min(0).max(1e9).nullable().default(1), {
      title: 'Scale',
      description:
        'Each update is multiplied by this; empty takes the scale with which the round ends at the attacker’s model: the clients of the round, divided by the server’s rate and the attackers.',
    }),
    anomaly_weight: field(fraction.default(0), {
      title: 'Constrain and scale',
      description:
        'Weight of a term that keeps the local model near the global one (squared distance), beside the losses with the rest; 0 leaves it out.',
    }),
    norm_bound: field(z.number().gt(0).max(1e9).nullable().default(null), {
      title: 'Norm bound (PGD)',
      description:
        'The local model is brought back within this distance of the global one after each epoch; empty does not.',
    }),
    avoid_top: field(z.number().min(0).lt(1).default(0), {
      title: 'Avoid top values (Neurotoxin)',
      description:
        'This share of the values, those that the last round changed most, is left as it is, so that honest clients undo less of the backdoor.',
    }),
    distributed: field(z.boolean().default(false), {
      title: 'Distributed trigger (DBA)',
      description: 'Each compromised client trains on a part of the trigger; the whole one is measured.',
    }),
    local_epochs: field(count.nullable().default(null), {
      title: 'Local epochs',
      description: 'How long they train in an attacked round; empty as others do.',
      unit: 'epochs',
    }),
    learning_rate: field(z.number().gt(0).max(1000).nullable().default(null), {
      title: 'Learning rate',
      description: 'What they train with in an attacked round; empty as others do.',
    }),
  })
  .prefault({})
  .meta({ title: 'Compromised clients', description: 'Who attacks, when and how.' });

const faults = z
  .strictObject({
    dropout: field(fraction.default(0), {
      title: 'Drop-outs',
      description: 'Share of the drawn clients that are gone before they begin.',
    }),
    stragglers: field(fraction.default(0), {
      title: 'Stragglers',
      description: 'Share that answers too late for the round.',
    }),
    failures: field(fraction.default(0), {
      title: 'Failures',
      description: 'Share whose machine fails in the middle.',
    }),
    retries: field(z.int().min(0).max(10).default(1), {
      title: 'Retries',
      description: 'How often a client that failed is asked again before the round goes on without it.',
    }),
  })
  .prefault({})
  .meta({ title: 'Faults', description: 'What goes wrong among clients, drawn from the seed.' });

export const federated = z
  .strictObject({
    enabled: field(z.boolean().default(false), {
      title: 'Federated',
      description: 'Train over simulated clients; an epoch of the experiment is a round.',
    }),
    clients: field(z.int().min(1).max(100000).default(100), {
      title: 'Clients',
      description: 'How many there are in all.',
      unit: 'clients',
    }),
    per_round: field(z.int().min(1).max(10000).default(10), {
      title: 'Clients a round',
      description: 'How many are drawn for each round.',
      unit: 'clients',
    }),
    local_epochs: field(count.default(2), {
      title: 'Local epochs',
      description: 'How long each client trains on its own examples.',
      unit: 'epochs',
    }),
    server_rate: field(z.number().gt(0).max(1e6).default(1), {
      title: 'Server’s rate',
      description:
        'What the aggregate is multiplied by before it is added to the global weights; Backdoors 101’s eta times the clients of a round, divided by all.',
    }),
    split: field(split.prefault({ kind: 'equal' }), {
      title: 'Split',
      description: 'Which training examples each client holds.',
    }),
    aggregator: field(aggregator.prefault({ kind: 'fedavg' }), {
      title: 'Aggregator',
      description: 'How the server brings the updates of a round together.',
    }),
    compromised,
    faults,
    longest_update: field(z.number().gt(0).max(1e12).default(1e6), {
      title: 'Absurd length',
      description: 'Longer updates are refused, as are those with values that are not finite.',
    }),
    client_test_examples: field(z.int().min(0).max(10000).default(200), {
      title: 'Test examples for each client',
      description: 'Each local model is measured on the first test examples; 0 measures none.',
      unit: 'examples',
    }),
  })
  .prefault({})
  .meta({ title: 'Federated training', description: 'Clients, rounds, aggregation and who attacks.' });

export type FederatedConfig = z.output<typeof federated>;
export type AggregatorConfig = z.output<typeof aggregator>;
