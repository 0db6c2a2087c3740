/** What the schema alone cannot say of an experiment: conditions between keys. */
import { EVASIONS, type ExperimentConfig, OBJECTIVES, type SynthesizerConfig } from './schema.ts';
import type { ConfigProblem, PathSegment } from './problem.ts';
import { valueProblem as problem } from './problem.ts';
import { federatedChecks } from './federated-checks.ts';
import { learnedTriggerChecks } from './learned-trigger-checks.ts';
import { privacyChecks } from './privacy-checks.ts';

/** Problems between keys of one experiment; empty when there is none. */
export function crossChecks(config: ExperimentConfig): ConfigProblem[] {
  return [
    ...trainingChecks(config),
    ...synthesizerChecks(config),
    ...injectionChecks(config),
    ...learnedTriggerChecks(config),
    ...federatedChecks(config),
    ...evasionChecks(config),
    ...privacyChecks(config),
  ];
}

function trainingChecks({ training }: ExperimentConfig): ConfigProblem[] {
  const { epochs, start_epoch: start, sampling, class_weights: weights } = training;
  const problems: ConfigProblem[] = [];
  if (sampling === 'weighted' && !weights.some((weight) => weight > 0))
    problems.push(
      problem(
        ['training', 'class_weights'],
        'no class has a weight above 0.',
        'Weighted sampling draws examples by the weights of their classes.',
        'Give a weight for each class, or set training.sampling to balanced.',
      ),
    );
  if (epochs === 0 || start <= epochs) return problems;
  return [
    ...problems,
    problem(
      ['training', 'start_epoch'],
      `the first epoch ${start} lies after the last one, ${epochs}.`,
      'Epochs start_epoch to epochs run, both included.',
      `Raise training.epochs to ${start} or more, or lower training.start_epoch to ${epochs} or less.`,
    ),
  ];
}

function synthesizerChecks({ attack }: ExperimentConfig): ConfigProblem[] {
  return [
    ...triggerChecks(attack.synthesizer, ['attack', 'synthesizer']),
    ...attack.others.flatMap((other, at) =>
      triggerChecks(other.synthesizer, ['attack', 'others', at, 'synthesizer']),
    ),
  ];
}

function triggerChecks(synthesizer: SynthesizerConfig, at: PathSegment[]): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (!('placement' in synthesizer)) return problems;
  const { placement } = synthesizer;
  if (placement.kind === 'random') {
    const { min_size: smallest, max_size: largest } = placement;
    const path = [...at, 'placement'];
    if (smallest !== null && largest !== null && smallest > largest)
      problems.push(
        problem(
          [...path, 'min_size'],
          `the smallest size ${smallest} is above the largest, ${largest}.`,
          'A size is drawn between the two.',
          'Swap them, or make both null to keep the size as drawn.',
        ),
      );
  }
  if (synthesizer.kind === 'pattern') {
    const width = synthesizer.rows[0]?.length ?? 0;
    const uneven = synthesizer.rows.findIndex((row) => row.length !== width);
    if (uneven !== -1)
      problems.push(
        problem(
          [...at, 'rows', uneven],
          `row ${uneven} has ${synthesizer.rows[uneven]?.length ?? 0} pixels, row 0 has ${width}.`,
          'The rows of a pattern form a rectangle.',
          'Fill the shorter rows with null, which leaves a pixel of the image as it is.',
        ),
      );
  }
  return problems;
}

/** An evasion is weighed against a backdoor and the task, in a loss attack. */
function evasionChecks({ attack: { injection, evasions, enabled } }: ExperimentConfig): ConfigProblem[] {
  const on = EVASIONS.filter((name) => evasions[name].enabled);
  const [first] = on;
  if (first === undefined || !enabled) return [];
  const path = ['attack', 'evasions', first, 'enabled'];
  if (injection.kind !== 'loss')
    return [
      problem(
        path,
        `an evasion needs a loss attack, and the injection is ${injection.kind}.`,
        'It is a further loss, balanced with those of the task and of the backdoor.',
        'Set attack.injection.kind to loss, or switch the evasion off.',
      ),
    ];
  const missing = OBJECTIVES.filter((name) => !injection.objectives.includes(name));
  if (missing.length === 0) return [];
  return [
    problem(
      path,
      `an evasion compares clean and triggered examples, and the objectives lack ${missing.join(', ')}.`,
      'It works on the batches of both objectives.',
      `Add ${missing.join(', ')} to attack.injection.objectives, or switch the evasion off.`,
    ),
  ];
}

function injectionChecks({ attack }: ExperimentConfig): ConfigProblem[] {
  const { injection, label } = attack;
  if (injection.kind === 'clean_label' && label.kind !== 'one_target')
    return [
      problem(
        ['attack', 'injection', 'kind'],
        `a clean-label attack needs one target class, and the label is ${label.kind}.`,
        'It poisons the examples that have the backdoor’s label already.',
        'Set attack.label.kind to one_target, or choose another injection.',
      ),
    ];
  if (injection.kind === 'model') return modelChecks(attack);
  if (injection.kind !== 'loss') return [];
  const problems: ConfigProblem[] = [];
  const { objectives, balancer } = injection;
  const path = ['attack', 'injection'];
  const twice = objectives.find((objective, index) => objectives.indexOf(objective) !== index);
  if (twice !== undefined)
    problems.push(
      problem(
        [...path, 'objectives'],
        `${twice} is listed twice.`,
        'Each objective is computed and weighed once.',
        'Name each objective once; to weigh one more, use the fixed balancer and its scales.',
      ),
    );
  if (balancer.kind === 'fixed') {
    const missing = [...new Set(objectives)].filter((objective) => balancer.scales[objective] === undefined);
    if (missing.length > 0)
      problems.push(
        problem(
          [...path, 'balancer', 'scales'],
          `no weight for ${missing.join(', ')}.`,
          'The fixed balancer needs a weight for each objective.',
          `Add ${missing.map((objective) => `${objective}: 0.5`).join(', ')}, or take ${missing.join(', ')} out of the objectives.`,
        ),
      );
  }
  return problems;
}

/** What is put into the weights raises one logit, for one trigger. */
function modelChecks({ enabled, label, others }: ExperimentConfig['attack']): ConfigProblem[] {
  if (!enabled) return [];
  const problems: ConfigProblem[] = [];
  if (label.kind !== 'one_target')
    problems.push(
      problem(
        ['attack', 'injection', 'kind'],
        `edited weights raise the logit of one target class, and the label is ${label.kind}.`,
        'What is put into the network knows the trigger and nothing else of the input.',
        'Set attack.label.kind to one_target, or choose another injection.',
      ),
    );
  if (others.length > 0)
    problems.push(
      problem(
        ['attack', 'others'],
        'edited weights carry one backdoor, and the attack has several.',
        'A second one would take the channels of the first.',
        'Take the further backdoors out, or choose another injection.',
      ),
    );
  return problems;
}
