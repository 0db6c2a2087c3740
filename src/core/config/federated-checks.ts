/** Conditions between the keys of a federated experiment. */
import type { ExperimentConfig } from './schema.ts';
import { type ConfigProblem, valueProblem } from './problem.ts';
import { EVASIONS } from './schema-evasion.ts';

export function federatedChecks({ federated, attack }: ExperimentConfig): ConfigProblem[] {
  if (!federated.enabled) return [];
  const { clients, per_round: drawn, compromised, aggregator } = federated;
  const problems: ConfigProblem[] = [];
  if (drawn > clients)
    problems.push(
      valueProblem(
        ['federated', 'per_round'],
        `${drawn} clients a round are more than the ${clients} that there are.`,
        'Each client takes part once in a round.',
        `Lower it to ${clients} or less, or raise federated.clients.`,
      ),
    );
  if (
    (aggregator.kind === 'krum' || aggregator.kind === 'multi_krum') &&
    2 * aggregator.adversaries + 2 >= drawn
  )
    problems.push(
      valueProblem(
        ['federated', 'aggregator', 'adversaries'],
        `Krum promises nothing with ${aggregator.adversaries} adversaries among ${drawn} clients.`,
        'Its proof needs more clients than twice the adversaries and two (Blanchard et al., 2017).',
        `Assume ${Math.max(0, Math.ceil(drawn / 2) - 2)} or fewer, or draw ${2 * aggregator.adversaries + 3} or more clients.`,
      ),
    );
  if (!attack.enabled) return problems;
  const { kind } = attack.synthesizer;
  if (compromised.distributed && kind !== 'pattern' && kind !== 'painted')
    problems.push(
      valueProblem(
        ['federated', 'compromised', 'distributed'],
        `the trigger ${kind} cannot be dealt out over several clients.`,
        'A distributed backdoor gives each compromised client some of the trigger’s pixels.',
        'Take a pattern or a painted trigger, or set it to false.',
      ),
    );
  const evasion = EVASIONS.find((name) => attack.evasions[name].enabled);
  if (evasion !== undefined)
    problems.push(
      valueProblem(
        ['attack', 'evasions', evasion, 'enabled'],
        'a client trains on its losses alone.',
        'An evasion keeps a search of its own from step to step, and clients are not kept from round to round.',
        'Switch the evasion off; federated.compromised has what hides an update from the server.',
      ),
    );
  if (attack.injection.kind === 'model')
    problems.push(
      valueProblem(
        ['attack', 'injection', 'kind'],
        'a client sends what it has trained, and nobody can edit the weights of all.',
        'The weights are edited once, after the last step of a training in one place.',
        'Choose another injection, or switch federated training off.',
      ),
    );
  if (attack.injection.kind === 'loss' && attack.injection.loss_threshold !== null)
    problems.push(
      valueProblem(
        ['attack', 'injection', 'loss_threshold'],
        'a client forgets its losses after each round.',
        'The threshold is about the last 1,000 normal losses of one training.',
        'Make it empty, and choose the attacked rounds with federated.compromised.rounds.',
      ),
    );
  return problems;
}
