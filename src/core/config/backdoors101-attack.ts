/** The attack of a Backdoors 101 document: trigger, target label, and the blind loss with its balance. */
import type { TaskOf101 } from './backdoors101-task.ts';
import { keyProblem, type Backdoors101Values, type Findings } from './backdoors101-values.ts';
import { suggest } from './nearest.ts';
import { OBJECTIVES, type ExperimentInput, type ObjectiveName } from './schema.ts';

type AttackInput = NonNullable<ExperimentInput['attack']>;
type SynthesizerInput = NonNullable<AttackInput['synthesizer']>;
type LabelInput = NonNullable<AttackInput['label']>;
type InjectionInput = NonNullable<AttackInput['injection']>;
type BalancerInput = NonNullable<Extract<InjectionInput, { kind: 'loss' }>['balancer']>;

/** Loss tasks of Backdoors 101 that are evasions here, of the same names. */
const EVASIVE = ['neural_cleanse', 'sentinet_evasion', 'spectral_evasion'] as const;

/** What becomes of the loss tasks that are neither objectives nor evasions here. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  neural_cleanse_part1: 'It is the search that neural_cleanse does by itself, and does not move the model.',
  mask_norm:
    'It is a part of the search that neural_cleanse does by itself, where it has the weight 0.001, and does not move the model.',
  sums: 'Backdoors 101 lists it and has no code for it.',
};

const LOSS_TASKS = [...OBJECTIVES, ...EVASIVE, ...Object.keys(LEFT_OUT)];

const SOURCES: [string, string][] = [
  ['attack.synthesizer', 'synthesizer'],
  ['attack.synthesizer.placement', 'backdoor_dynamic_position'],
  ['attack.synthesizer.train', 'poison_images'],
  ['attack.synthesizer.test', 'poison_images_test'],
  ['attack.label.target', 'backdoor_label'],
  ['attack.injection.proportion', 'poisoning_proportion'],
  ['attack.injection.objectives', 'loss_tasks'],
  ['attack.evasions', 'loss_tasks'],
  ['attack.evasions.neural_cleanse.p', 'nc_p_norm'],
  ['attack.evasions.spectral_evasion.similarity', 'spectral_similarity'],
  ['attack.injection.loss_threshold', 'loss_threshold'],
  ['attack.injection.clip_batch', 'clip_batch'],
  ['attack.injection.balancer', 'loss_balance'],
  ['attack.injection.balancer.normalize', 'mgda_normalize'],
  ['attack.injection.balancer.scales', 'fixed_scales'],
];

/** The `attack` section; what cannot be honoured goes into `findings`. */
export function adaptAttack(values: Backdoors101Values, findings: Findings, task: TaskOf101): AttackInput {
  for (const [path, key] of SOURCES) findings.sources.set(path, key);
  const enabled = values.boolean('backdoor') ?? false;
  const threshold = values.number('loss_threshold');
  const losses = objectives(values, findings, enabled);
  const evasive = evasions(values, findings, enabled);
  const complex = values.text('synthesizer')?.toLowerCase() === 'complex' ? task.complexLabel : null;
  return {
    enabled,
    synthesizer: semantic(values, findings, task) ?? synthesizer(values, findings, complex),
    label: complex ?? { kind: 'one_target', target: values.number('backdoor_label') ?? 8 },
    injection: {
      kind: 'loss',
      objectives: losses,
      proportion: proportion(values, findings),
      balancer: balancer(values, findings, enabled ? losses : []),
      // Their code tests the threshold for truth, so 0 holds nothing back.
      loss_threshold: threshold === 0 ? null : threshold,
      clip_batch: values.number('clip_batch'),
    },
    evasions: evasive,
  };
}

/**
 * Photos that have the feature by themselves. They are left out of clean training, as there; what their code at this commit
 * leaves undone, to train and to measure the backdoor on them, is done.
 */
function semantic(values: Backdoors101Values, findings: Findings, task: TaskOf101): SynthesizerInput | null {
  const [train, test] = [values.integers('poison_images') ?? [], values.integers('poison_images_test') ?? []];
  if (train.length === 0 && test.length === 0) return null;
  if (task.semantic && train.length > 0 && test.length > 0) return { kind: 'semantic', train, test };
  findings.warnings.push(
    keyProblem(
      train.length > 0 ? 'poison_images' : 'poison_images_test',
      'E-CONFIG-VALUE',
      'these images are left as they are.',
      task.semantic
        ? 'A semantic backdoor needs images to learn from and others to be measured on.'
        : `Backdoors 101 has none for ${task.name}.`,
      task.semantic ? 'Give both poison_images and poison_images_test.' : 'Take it out.',
    ),
  );
  return null;
}

/** @param complex the label of the Complex synthesizer, whose trigger is the pattern */
function synthesizer(
  values: Backdoors101Values,
  findings: Findings,
  complex: LabelInput | null,
): SynthesizerInput {
  const name = values.text('synthesizer') ?? 'pattern';
  const placement = values.boolean('backdoor_dynamic_position')
    ? ({ kind: 'random', per: 'batch', min_size: 5, max_size: 10, flip: true } as const)
    : ({ kind: 'fixed', row: 3, column: 23 } as const);
  switch (name.toLowerCase()) {
    case 'pattern':
      return { kind: 'pattern', placement };
    case 'singlepixel':
      return { kind: 'single_pixel', value: 1, placement };
    default:
      if (complex === null) findings.problems.push(refusedSynthesizer(name));
      return { kind: 'pattern', placement };
  }
}

function refusedSynthesizer(name: string) {
  const reasons: Readonly<Record<string, string>> = {
    complex:
      'The complex synthesizer reads a second label of each example, which the tasks MultiMNIST and Pipa have.',
    physical: 'The physical synthesizer is an empty stub in Backdoors 101.',
  };
  const reason = reasons[name.toLowerCase()];
  return keyProblem(
    'synthesizer',
    'E-CONFIG-VALUE',
    `'${name.slice(0, 40)}' is not one of Pattern, SinglePixel.`,
    reason ?? 'Backdoors 101 has Pattern, SinglePixel, Complex and Physical.',
    reason === undefined
      ? suggest(name, ['Pattern', 'SinglePixel'])
      : 'Write Pattern or SinglePixel, or paint a trigger in the lab’s own keys (attack.synthesizer.kind: painted).',
  );
}

function proportion(values: Backdoors101Values, findings: Findings): number {
  const given = values.number('poisoning_proportion') ?? 1;
  if (given <= 1) return given;
  findings.warnings.push(
    keyProblem(
      'poisoning_proportion',
      'E-CONFIG-VALUE',
      `${given} is read as 1.`,
      'More than all inputs of a batch cannot get the trigger; Backdoors 101 poisons all of them too.',
      'Write 1.',
    ),
  );
  return 1;
}

function isObjective(name: string): name is (typeof OBJECTIVES)[number] {
  return (OBJECTIVES as readonly string[]).includes(name);
}

function isEvasive(name: string): name is (typeof EVASIVE)[number] {
  return (EVASIVE as readonly string[]).includes(name);
}

/** The evasions among the loss tasks, with their keys. Their spectral loss compares clean inputs. */
function evasions(
  values: Backdoors101Values,
  findings: Findings,
  enabled: boolean,
): NonNullable<AttackInput['evasions']> {
  const given = enabled ? (values.texts('loss_tasks') ?? []) : [];
  const isOn = (name: (typeof EVASIVE)[number]) => ({ enabled: given.includes(name) });
  const named = values.text('spectral_similarity') ?? 'norm';
  const similarity = (['norm', 'cosine'] as const).find((name) => name === named);
  if (similarity === undefined)
    findings.problems.push(
      keyProblem(
        'spectral_similarity',
        'E-CONFIG-VALUE',
        `'${named.slice(0, 40)}' is not one of norm, cosine.`,
        'It says how the distance of latents is measured.',
        suggest(named, ['norm', 'cosine']),
      ),
    );
  return {
    neural_cleanse: { ...isOn('neural_cleanse'), p: values.number('nc_p_norm') ?? 1 },
    sentinet_evasion: isOn('sentinet_evasion'),
    spectral_evasion: {
      ...isOn('spectral_evasion'),
      similarity: similarity ?? 'norm',
      ...(given.includes('spectral_evasion') && { inputs: 'clean' as const }),
    },
  };
}

function objectives(
  values: Backdoors101Values,
  findings: Findings,
  enabled: boolean,
): (typeof OBJECTIVES)[number][] {
  const usual: (typeof OBJECTIVES)[number][] = ['backdoor', 'normal'];
  const given = values.texts('loss_tasks');
  const warn = (what: string, why: string, fix: string): void => {
    findings.warnings.push(keyProblem('loss_tasks', 'E-CONFIG-VALUE', what, why, fix));
  };
  const refuse = (what: string, why: string, fix: string): void => {
    findings.problems.push(keyProblem('loss_tasks', 'E-CONFIG-VALUE', what, why, fix));
  };
  if (given === null) {
    if (enabled)
      warn(
        'not given; this run uses backdoor and normal.',
        'Backdoors 101 has no default for it.',
        'Give loss_tasks: [backdoor, normal].',
      );
    return usual;
  }
  for (const name of given) {
    if (isObjective(name) || isEvasive(name)) continue;
    const why = LEFT_OUT[name];
    if (why !== undefined) warn(`${name} is left out.`, why, 'Take it out of loss_tasks.');
    else
      refuse(
        `there is no loss task '${name.slice(0, 40)}'.`,
        `Backdoors 101 has ${LOSS_TASKS.join(', ')}.`,
        suggest(name, LOSS_TASKS),
      );
  }
  const kept = given.filter(isObjective);
  if (kept.length === 0) {
    refuse(
      'no objective is left.',
      `The attack needs one of ${OBJECTIVES.join(', ')}.`,
      'Add normal and backdoor.',
    );
    return usual;
  }
  if (enabled && !kept.includes('backdoor'))
    warn(
      'the attack is on but has no backdoor objective.',
      'The model is trained on the normal loss alone, as in Backdoors 101; the trigger is still evaluated.',
      'Add backdoor to loss_tasks, or write backdoor: false.',
    );
  return kept;
}

const NORMALISATIONS = ['none', 'eq', 'l2', 'loss', 'loss+'] as const;

/** `weighed`: the losses of the attack, empty when it is off. With one loss or none, Backdoors 101 reads no weights. */
function balancer(
  values: Backdoors101Values,
  findings: Findings,
  weighed: readonly ObjectiveName[],
): BalancerInput {
  const balance = values.text('loss_balance') ?? 'MGDA';
  if (balance.toLowerCase() === 'fixed') {
    const given = scales(values, findings);
    return { kind: 'fixed', scales: weighed.length > 1 ? given : { normal: 1, backdoor: 1, ...given } };
  }
  if (balance.toLowerCase() !== 'mgda')
    findings.problems.push(
      keyProblem(
        'loss_balance',
        'E-CONFIG-VALUE',
        `'${balance.slice(0, 40)}' is not one of MGDA, fixed.`,
        'Backdoors 101 has these two.',
        suggest(balance, ['MGDA', 'fixed']),
      ),
    );
  const normalize = values.text('mgda_normalize') ?? 'none';
  const known = NORMALISATIONS.find((name) => name === normalize);
  if (known === undefined)
    findings.problems.push(
      keyProblem(
        'mgda_normalize',
        'E-CONFIG-VALUE',
        `'${normalize.slice(0, 40)}' is not one of ${NORMALISATIONS.join(', ')}.`,
        'It says what each gradient is divided by.',
        suggest(normalize, NORMALISATIONS),
      ),
    );
  return { kind: 'mgda', normalize: known ?? 'none' };
}

function scales(values: Backdoors101Values, findings: Findings): Partial<Record<ObjectiveName, number>> {
  const kept: Partial<Record<ObjectiveName, number>> = {};
  for (const [name, value] of Object.entries(values.scales('fixed_scales') ?? {})) {
    if (isObjective(name) || isEvasive(name)) kept[name] = value;
    else if (LEFT_OUT[name] !== undefined)
      findings.warnings.push(
        keyProblem(
          'fixed_scales',
          'E-CONFIG-VALUE',
          `${name} is left out.`,
          LEFT_OUT[name] ?? '',
          'Take it out.',
        ),
      );
    else
      findings.problems.push(
        keyProblem(
          'fixed_scales',
          'E-CONFIG-VALUE',
          `there is no loss task '${name.slice(0, 40)}'.`,
          'Each name is that of a loss task.',
          suggest(name, LOSS_TASKS),
        ),
      );
  }
  return kept;
}
