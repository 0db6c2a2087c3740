/** The task of a Backdoors 101 document: data, model, starting weights, and how its examples are drawn and changed. */
import { keyProblem, type Backdoors101Values, type Findings } from './backdoors101-values.ts';
import { suggest } from './nearest.ts';
import type { ExperimentConfig, ExperimentInput } from './schema.ts';

type TaskInput = NonNullable<ExperimentInput['task']>;
type TrainingInput = NonNullable<ExperimentInput['training']>;
type LabelInput = NonNullable<NonNullable<ExperimentInput['attack']>['label']>;

export interface TaskOf101 {
  /** Its name there. */
  name: string;
  dataset: string;
  model: ExperimentConfig['task']['model'];
  /** The model whose weights `pretrained` names; null where the lab ships such weights itself. */
  pretrainedModel: ExperimentConfig['task']['model'] | null;
  /** What `transform_train` does. */
  augmentation: NonNullable<TrainingInput['augmentation']>;
  /** Whether `poison_images` and `poison_images_test` are known there: numbers of training examples. */
  semantic: boolean;
  /** What the Complex synthesizer wants of a triggered example; null where theirs has nothing for it. */
  complexLabel: LabelInput | null;
  /** How its code draws examples; plain when left out. */
  classWeights?: number[];
  /** What its code does beside, which has no key and is not honoured. */
  besides?: { what: string; why: string; fix: string };
}

const CIFAR: Omit<TaskOf101, 'name'> = {
  dataset: 'cifar10',
  model: 'resnet18',
  pretrainedModel: 'resnet18_224',
  augmentation: { crop_padding: 4, flip: true },
  semantic: true,
  complexLabel: null,
};

/** Their tasks. ImageNet and PIPA are a person's own data here: `lab data add ... --name imagenet`. */
export const TASKS_OF_101: readonly TaskOf101[] = [
  {
    name: 'MNIST',
    dataset: 'mnist',
    model: 'simplenet',
    pretrainedModel: null,
    augmentation: {},
    semantic: false,
    complexLabel: null,
  },
  {
    name: 'MultiMNIST',
    dataset: 'multimnist',
    model: 'simplenet',
    pretrainedModel: 'simplenet',
    augmentation: {},
    semantic: false,
    complexLabel: { kind: 'digits', operation: 'sum' },
  },
  { name: 'Cifar10', ...CIFAR },
  { name: 'CifarFed', ...CIFAR },
  {
    name: 'Imagenet',
    dataset: 'custom-imagenet',
    model: 'resnet18_224',
    pretrainedModel: 'resnet18_224',
    augmentation: { smallest_crop: 0.08, flip: true },
    semantic: false,
    complexLabel: null,
  },
  {
    name: 'Pipa',
    dataset: 'custom-pipa',
    model: 'resnet18_224',
    pretrainedModel: 'resnet18_224',
    augmentation: {},
    semantic: false,
    complexLabel: { kind: 'attribute', name: 'identity' },
    classWeights: [0.03, 0.07, 0.2, 0.35, 0.35],
    besides: {
      what: 'the loss of triggered photos without a known person is not made smaller.',
      why: 'Backdoors 101 multiplies it by 0.001; here every triggered example counts alike.',
      fix: 'Lower the weight of the backdoor (loss_balance: fixed) if the clean accuracy suffers.',
    },
  },
];

export const TASK_SOURCES: [string, string][] = [
  ['task.dataset', 'task'],
  ['task.weights', 'pretrained'],
  ['task.weights_file', 'resume_model'],
];

/** The task that a document names; MNIST where it names none, or one that is not there, which goes into `findings`. */
export function taskOf101(values: Backdoors101Values, findings: Findings): TaskOf101 {
  const name = values.text('task') ?? 'MNIST';
  const known = TASKS_OF_101.find((task) => task.name.toLowerCase() === name.toLowerCase());
  if (known) return known;
  const names = TASKS_OF_101.map((task) => task.name);
  findings.problems.push(
    keyProblem(
      'task',
      'E-CONFIG-VALUE',
      `there is no task '${name.slice(0, 40)}'.`,
      `Backdoors 101 has ${names.join(', ')}.`,
      suggest(name, names),
    ),
  );
  const [mnist] = TASKS_OF_101;
  if (!mnist) throw new RangeError('there is no task');
  return mnist;
}

/** The `task` section. */
export function adaptTask(task: TaskOf101, values: Backdoors101Values, findings: Findings): TaskInput {
  for (const [path, key] of TASK_SOURCES) findings.sources.set(path, key);
  const warn = (key: string, what: string, why: string, fix: string): void => {
    findings.warnings.push(keyProblem(key, 'E-CONFIG-VALUE', what, why, fix));
  };
  const { dataset, model, pretrainedModel, besides } = task;
  if (besides) warn('task', besides.what, besides.why, besides.fix);
  const file = values.text('resume_model');
  if (file !== null) {
    // Theirs is a pickle, which the lab refuses; the message there says how to save it as safetensors.
    return { dataset, model, weights: 'imported', weights_file: file };
  }
  if (values.boolean('pretrained') !== true) return { dataset, model, weights: 'random' };
  if (pretrainedModel === null) return { dataset, model, weights: 'pretrained' };
  warn(
    'pretrained',
    'the weights come from a file of yours.',
    'Backdoors 101 downloads those of ImageNet; the lab downloads no model.',
    pretrainedModel === 'resnet18_224'
      ? 'Save torchvision’s resnet18 as safetensors and give it: --weights FILE in a terminal, Import a model in the page. A last layer for other classes begins anew.'
      : 'Give a model: --weights FILE in a terminal, Import a model in the page.',
  );
  return { dataset, model: pretrainedModel, weights: 'imported' };
}

/** What the task says of training. */
export function trainingOfTask(task: TaskOf101, values: Backdoors101Values): TrainingInput {
  return {
    ...(values.boolean('transform_train') !== false && { augmentation: task.augmentation }),
    ...(task.classWeights && { sampling: 'weighted' as const, class_weights: task.classWeights }),
  };
}
