/** Conditions of a trigger that is learned along with the network. */
import { type ConfigProblem, valueProblem } from './problem.ts';
import type { ExperimentConfig } from './schema.ts';

/** Where a generator and the network can be trained together, and where not. */
export function learnedTriggerChecks({ attack, federated, training }: ExperimentConfig): ConfigProblem[] {
  const at = [attack, ...attack.others].findIndex(({ synthesizer }) => synthesizer.kind === 'input_aware');
  if (at === -1) return [];
  const problems: ConfigProblem[] = [];
  const { kind } = attack.injection;
  // A clean run trains no generator, and measures one that was taught nothing.
  if (attack.enabled && kind !== 'batch' && kind !== 'loss')
    problems.push(
      valueProblem(
        ['attack', 'injection', 'kind'],
        `an input-aware trigger cannot be injected by ${kind}.`,
        'Its generator is trained along with the network, so that the trigger changes from step to step; what is poisoned or edited once keeps the trigger of that moment.',
        'Set attack.injection.kind to batch (the paper) or loss, or choose another trigger.',
      ),
    );
  if (federated.enabled)
    problems.push(
      valueProblem(
        ['federated', 'enabled'],
        'an input-aware trigger is trained in one place.',
        'Each client would train a generator of its own, and nobody averages those.',
        'Switch federated training off, or choose another trigger.',
      ),
    );
  if (attack.enabled && training.privacy.kind === 'dp_sgd')
    problems.push(
      valueProblem(
        ['training', 'privacy', 'kind'],
        'nothing is promised of what an input-aware trigger learns.',
        'Its generator is trained on the same examples, without clipping or noise, and kept with the model.',
        'Set training.privacy.kind to none or gradient_shaping, or choose another trigger.',
      ),
    );
  return problems;
}
