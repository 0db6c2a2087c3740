/** What no guarantee of private training can hold with, told where it is asked for. */
import type { ExperimentConfig } from './schema.ts';
import { type ConfigProblem, type PathSegment, valueProblem } from './problem.ts';
import { EVASIONS } from './schema-evasion.ts';

export function privacyChecks(config: ExperimentConfig): ConfigProblem[] {
  const { privacy } = config.training;
  if (privacy.kind === 'none') return [];
  if (config.federated.enabled) return [refused(...FEDERATED)];
  return privacy.kind === 'dp_sgd'
    ? [...dataChecks(config), ...attackChecks(config)]
    : shapingChecks(config, privacy.each);
}

type Refusal = [path: PathSegment[], what: string, why: string, fix: string];

const KIND = ['training', 'privacy', 'kind'];

const FEDERATED: Refusal = [
  KIND,
  'clients do not clip the gradients of single examples.',
  'What federated training hides is a whole client: its update is clipped and noised by the server.',
  'Set it to none, and federated.aggregator.kind to weak_dp, whose ε for a client is shown.',
];

const refused = (...[path, what, why, fix]: Refusal): ConfigProblem => valueProblem(path, what, why, fix);

/** The guarantee is for examples that are drawn with one chance and were not learnt from before. */
function dataChecks({ task, training }: ExperimentConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (training.sampling !== 'plain')
    problems.push(
      refused(
        ['training', 'sampling'],
        `no guarantee is known where examples are drawn by their class (${training.sampling}).`,
        'ε is counted for batches that every example is in with the same chance, whatever the others are.',
        'Set it to plain, or training.privacy.kind to gradient_shaping, which promises nothing.',
      ),
    );
  if (task.weights === 'pretrained')
    problems.push(
      refused(
        ['task', 'weights'],
        'the shipped model has learnt from the same examples without any noise.',
        'What a model knows of an example before private training is not hidden by it.',
        'Start from random weights, or bring a model of other data (imported).',
      ),
    );
  return problems;
}

/** The guarantee is about code that clips. Poison that lies in the training set is data like other data. */
function attackChecks({ attack: { enabled, injection } }: ExperimentConfig): ConfigProblem[] {
  if (!enabled) return [];
  const path = ['attack', 'injection', 'kind'];
  const fix =
    'Poison the data (attack.injection.kind: data or clean_label), switch the attack off, or set training.privacy.kind to gradient_shaping, which promises nothing.';
  switch (injection.kind) {
    case 'data':
    case 'clean_label':
      return [];
    case 'loss':
      return [
        refused(
          path,
          'private training promises nothing where the attacker writes the loss.',
          'A loss attack runs as the attacker’s code: it sees every batch, weighs its losses by it, and need not clip.',
          fix,
        ),
      ];
    case 'batch':
      return [
        refused(
          path,
          'private training promises nothing where batches are changed while they are loaded.',
          'Which examples of a batch get the trigger depends on the others in it, so that one example moves the gradients of several.',
          fix,
        ),
      ];
    case 'model':
      return [
        refused(
          path,
          'private training promises nothing for weights that are edited after it.',
          'The edit is fitted to training examples, outside of what is clipped, noised and counted.',
          fix,
        ),
      ];
  }
}

/** Without a guarantee nearly everything goes; an evasion has a loss of batches, not of examples. */
function shapingChecks({ attack }: ExperimentConfig, each: 'example' | 'batch'): ConfigProblem[] {
  if (each === 'batch' || !attack.enabled) return [];
  return EVASIONS.filter((name) => attack.evasions[name].enabled)
    .slice(0, 1)
    .map((name) =>
      refused(
        ['training', 'privacy', 'each'],
        `the loss of the evasion ${name} has no gradient for a single example.`,
        'It compares the examples of a batch with each other, or searches for a mask by all of them.',
        'Set it to batch, or switch the evasion off.',
      ),
    );
}
