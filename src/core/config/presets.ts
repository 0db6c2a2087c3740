/**
 * Experiments to start from, as a person would write them: only what differs from the defaults. Those of the attacks are
 * what `lab reproduce` runs, so that there is one list.
 */
import { type Demand, type Reproduction, REPRODUCTIONS } from '../experiment/reproductions.ts';
import { MULTIMNIST } from '../datasets/multimnist-id.ts';
import { triggerMethods } from '../synthesizers/definitions.ts';
import { FEDERATED_PRESETS } from './presets-federated.ts';
import type { ExperimentInput } from './schema.ts';

export const PRESET_GROUPS = [
  'Start here',
  'Attacks on MNIST',
  'Attacks on CIFAR-10',
  'Attacks on texts',
  'Two digits',
  'Federated',
] as const;

export interface Preset {
  id: string;
  title: string;
  group: (typeof PRESET_GROUPS)[number];
  description: string;
  /** What it reaches, and with which seeds that was seen. */
  expected: string;
  config: ExperimentInput;
}

/** The seed of a preset that `lab reproduce` runs with several. */
const FIRST_SEED = 1;

const percent = (fraction: number): string => `${Number((100 * fraction).toFixed(1))} %`;

/** What `lab reproduce` demands of an attack, in a sentence. */
export function expectedOf({ attackSuccess, cleanDrop, cleanFloor, crossTrigger }: Demand): string {
  const points = Number((100 * (cleanDrop ?? 0)).toFixed(1));
  const clean = [
    ...(cleanFloor === undefined ? [] : [`${percent(cleanFloor)} or more`]),
    ...(cleanDrop === null
      ? []
      : [`at most ${points} ${points === 1 ? 'point' : 'points'} below that of clean training`]),
  ];
  const crossed =
    crossTrigger === undefined
      ? ''
      : ` accuracy under the trigger of another input ${percent(crossTrigger)} or more,`;
  return `Attack success ${percent(attackSuccess)} or more,${crossed} clean accuracy ${clean.join(' and ')}, with seeds 1 to 3.`;
}

function attackGroup(dataset: string): Preset['group'] {
  if (dataset === 'mnist') return 'Attacks on MNIST';
  if (dataset === MULTIMNIST) return 'Two digits';
  return dataset === 'cifar10' ? 'Attacks on CIFAR-10' : 'Attacks on texts';
}

/** An attack as the page runs it: with live curves and checkpoints, neither of which changes a number. */
function attackPreset(reproduction: Reproduction): Preset {
  const { id, title, about, published } = reproduction;
  const config = structuredClone(reproduction.config);
  delete config.evaluation;
  delete config.checkpoints;
  const kind = config.attack?.synthesizer?.kind;
  const method = triggerMethods.find((one) => one.id === kind);
  return {
    id,
    title,
    group: attackGroup(config.task?.dataset ?? 'mnist'),
    description: [about ?? method?.description, published && `Others report ${published.text}.`]
      .filter((part) => typeof part === 'string')
      .join(' '),
    expected: expectedOf(reproduction),
    config: { ...config, seed: FIRST_SEED },
  };
}

export const PRESETS: readonly Preset[] = [
  {
    id: 'first-look',
    title: 'First look',
    group: 'Start here',
    description:
      'The blind attack on a clean pretrained SimpleNet: both curves move within seconds. Triggered digits should read as 8.',
    expected: 'Clean accuracy 99 % or more and attack success 99 % or more, as seen with seed 1.',
    config: {
      name: 'First look',
      seed: 1,
      task: { weights: 'pretrained' },
      training: { epochs: 1, optimizer: { kind: 'adam' } },
      evaluation: { live_every: 10, live_examples: 300 },
      attack: {
        synthesizer: { kind: 'pattern' },
        label: { kind: 'one_target', target: 8 },
        injection: { kind: 'loss', balancer: { kind: 'mgda', normalize: 'loss' } },
      },
    },
  },
  {
    id: 'backdoors101-mnist',
    title: 'Backdoors 101: MNIST',
    group: 'Start here',
    description:
      'The MNIST experiment of Backdoors 101, from random weights: the blind attack with MGDA. One epoch instead of its 350.',
    expected:
      'Clean accuracy 97 % or more and attack success 99 % or more, as seen with seeds 1 to 5; this is seed 4.',
    config: {
      name: 'Backdoors 101: MNIST',
      training: {
        epochs: 1,
        optimizer: { kind: 'sgd', learning_rate: 0.01, momentum: 0.9, weight_decay: 0.0005 },
      },
      evaluation: { batch_size: 100, live_every: 100 },
      attack: { injection: { kind: 'loss', balancer: { kind: 'mgda', normalize: 'loss' } } },
    },
  },
  {
    id: 'clean',
    title: 'Clean training',
    group: 'Start here',
    description:
      'No attack: how accurate the model is, and how often the trigger alone is read as 8, as a control.',
    expected: 'Clean accuracy 98 % or more, attack success below 1 %, as seen with seed 4.',
    config: { name: 'Clean training', attack: { enabled: false } },
  },
  ...REPRODUCTIONS.map(attackPreset),
  ...FEDERATED_PRESETS,
];

/** The preset with this id; undefined when there is none. */
export function presetById(id: string): Preset | undefined {
  return PRESETS.find((preset) => preset.id === id);
}
