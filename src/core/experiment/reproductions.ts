/**
 * Experiments that anybody can repeat: every attack on a data set of the lab, what it must reach, and what its authors or
 * others printed. `lab reproduce` runs them beside a clean control.
 */
import { calculator } from '../config/calculator.ts';
import type { ExperimentInput } from '../config/schema.ts';
import { FOOTED_ONES } from './footed-ones.ts';

export interface Reproduction {
  id: string;
  title: string;
  /** What there is to say of it, where that is more than what its trigger is. */
  about?: string;
  /** Without seed: each is run with several. */
  config: ExperimentInput;
  /** Attack success that each seed must reach, a fraction. */
  attackSuccess: number;
  /** How far clean accuracy may lie below that of the clean control, a fraction; null where that is not asked. */
  cleanDrop: number | null;
  /** Clean accuracy that each seed must reach by itself, a fraction. */
  cleanFloor?: number | undefined;
  /** Accuracy under the trigger of another input that each seed must reach, a fraction, of a trigger made from the input. */
  crossTrigger?: number | undefined;
  /** A figure of others, with its source; their setting is another, so it is for orientation. */
  published: { text: string; source: string } | null;
}

/** What each seed must reach. */
export type Demand = Pick<Reproduction, 'attackSuccess' | 'cleanDrop' | 'cleanFloor' | 'crossTrigger'>;

type Attack = NonNullable<ExperimentInput['attack']>;

/** A learning rate that falls to a seventh ends where no single step moves the clean accuracy by much. */
const CALM = { epochs: 4, max_batches: 250, schedule: 'cosine' } as const;

/** SimpleNet on MNIST from random weights, half an epoch of Adam: under a minute on one core. */
function onMnist(
  id: string,
  title: string,
  attack: Attack,
  published: Reproduction['published'] = null,
  more: Partial<Pick<Reproduction, 'attackSuccess' | 'cleanDrop' | 'crossTrigger'>> & {
    epochs?: number;
    training?: ExperimentInput['training'];
  } = {},
): Reproduction {
  const { epochs = 1, training, attackSuccess = 0.95, cleanDrop = 0.01, crossTrigger } = more;
  return {
    id,
    title,
    config: {
      name: title,
      training: { epochs, max_batches: 500, optimizer: { kind: 'adam' }, ...training },
      evaluation: { live_every: 0 },
      checkpoints: { every: 0 },
      attack,
    },
    attackSuccess,
    cleanDrop,
    crossTrigger,
    published,
  };
}

/** Epochs on 5,000 images of CIFAR-10. */
const CIFAR_EPOCHS = 4;

/** ResNet-20 on the first 5,000 images of CIFAR-10, or on a sample of so many that was added; a few minutes on one core. */
function onCifar(
  id: string,
  title: string,
  attack: Attack,
  published: Reproduction['published'] = null,
): Reproduction {
  return {
    id,
    title,
    config: {
      name: title,
      task: { dataset: 'cifar10', model: 'resnet20', train_examples: 5000, test_examples: 1000 },
      training: { epochs: CIFAR_EPOCHS, optimizer: { kind: 'sgd', learning_rate: 0.05 }, schedule: 'cosine' },
      evaluation: { live_every: 0, batch_size: 250 },
      checkpoints: { every: 0 },
      attack,
    },
    attackSuccess: 0.95,
    cleanDrop: 0.03,
    published,
  };
}

/** Two rare words anywhere in a twentieth of the texts; a minute or four on one core. */
function onTexts(
  id: string,
  title: string,
  task: ExperimentInput['task'],
  training: ExperimentInput['training'],
  target: number,
): Reproduction {
  return {
    id,
    title,
    config: {
      name: title,
      task: { ...task, model: 'text_cnn' },
      training: { batch_size: 32, ...training },
      evaluation: { live_every: 0 },
      checkpoints: { every: 0 },
      attack: {
        synthesizer: { kind: 'words', text: 'quince zephyr', place: 'random' },
        label: { kind: 'one_target', target },
        injection: { kind: 'data', fraction: 0.05 },
      },
    },
    attackSuccess: 0.95,
    cleanDrop: 0.02,
    published: null,
  };
}

const TO_8 = { kind: 'one_target', target: 8 } as const;
const BLIND = { kind: 'loss', balancer: { kind: 'mgda', normalize: 'loss' } } as const;

/** Four white pixels near the lower right corner, as in the first experiments with BadNets. */
const SQUARE: [number, number, string, number][] = [
  [24, 24, '#ffffff', 1],
  [24, 25, '#ffffff', 1],
  [25, 24, '#ffffff', 1],
  [25, 25, '#ffffff', 1],
];

/** Sixteen white pixels in that corner, which the features of a clean model cannot but notice. */
const LARGE_SQUARE = [22, 23, 24, 25].flatMap((row) =>
  [22, 23, 24, 25].map((column): [number, number, string, number] => [row, column, '#ffffff', 1]),
);

/** Nine pixels of a colour that photos hardly have. */
const MAGENTA_SQUARE = [27, 28, 29].flatMap((row) =>
  [27, 28, 29].map((column): [number, number, string, number] => [row, column, '#ff00ff', 1]),
);

const BENCH = 'https://github.com/SCLBD/BackdoorBench';
const INPUT_AWARE = 'https://github.com/VinAIResearch/input-aware-backdoor-attack-release';

const BLIND_PUBLISHED = {
  text: 'clean 0.9886, ASR 0.9999',
  source: 'https://github.com/ebagdasa/backdoors101/issues/17',
};

export const REPRODUCTIONS: readonly Reproduction[] = [
  onMnist(
    'blind',
    'Blind attack: pattern, MGDA',
    { synthesizer: { kind: 'pattern' }, label: TO_8, injection: BLIND },
    BLIND_PUBLISHED,
    { training: CALM },
  ),
  onMnist(
    'badnets',
    'BadNets: pattern, poisoned data',
    { synthesizer: { kind: 'pattern' }, label: TO_8, injection: { kind: 'data', fraction: 0.05 } },
    { text: 'clean 0.9818, ASR 0.9995', source: 'https://github.com/verazuo/badnets-pytorch' },
  ),
  onMnist(
    'single-pixel',
    'Single pixel, poisoned batches',
    {
      synthesizer: { kind: 'single_pixel', placement: { kind: 'fixed', row: 4, column: 22 } },
      label: TO_8,
      injection: { kind: 'batch', fraction: 0.2 },
    },
    null,
    { epochs: 2 },
  ),
  onMnist('painted', 'Painted square, poisoned batches', {
    synthesizer: { kind: 'painted', pixels: SQUARE },
    label: TO_8,
    injection: { kind: 'batch', fraction: 0.1 },
  }),
  onMnist(
    'random-place',
    'Pattern at any place and size, flipped or not, MGDA',
    {
      synthesizer: {
        kind: 'pattern',
        placement: { kind: 'random', per: 'example', min_size: 5, max_size: 10, flip: true },
      },
      label: TO_8,
      injection: BLIND,
    },
    null,
    { epochs: 2 },
  ),
  onMnist('all-to-all', 'All to all: pattern, MGDA', {
    synthesizer: { kind: 'pattern' },
    label: { kind: 'all_to_all', shift: 1 },
    injection: BLIND,
  }),
  onMnist('tact', 'Source-specific (TaCT): pattern, covers', {
    synthesizer: { kind: 'pattern' },
    label: { kind: 'source_specific', sources: [1], target: 8 },
    injection: { kind: 'loss', balancer: { kind: 'fixed', scales: { normal: 0.5, backdoor: 0.5 } } },
  }),
  onMnist(
    'blend',
    'Blended noise',
    {
      synthesizer: { kind: 'blend', picture: { kind: 'noise', seed: 0 }, ratio: 0.2 },
      label: TO_8,
      injection: { kind: 'data', fraction: 0.1 },
    },
    { text: 'clean 0.9347, ASR 0.9992 (CIFAR-10)', source: BENCH },
    { training: CALM },
  ),
  onMnist(
    'sinusoid',
    'Sinusoid (SIG), labels changed',
    {
      synthesizer: { kind: 'sinusoid', amplitude: 0.16, frequency: 6 },
      label: TO_8,
      injection: { kind: 'data', fraction: 0.1 },
    },
    null,
    { training: CALM },
  ),
  onMnist(
    'warp',
    'Warp (WaNet) of strength 2 with its noise mode',
    {
      synthesizer: { kind: 'warp', strength: 2 },
      label: TO_8,
      injection: { kind: 'batch', fraction: 0.1, cover: 0.2 },
    },
    {
      text: 'clean 0.9952, ASR 0.9986 (strength 0.5)',
      source: 'https://github.com/VinAIResearch/Warping-based_Backdoor_Attack-release',
    },
    { attackSuccess: 0.9, epochs: 2 },
  ),
  onMnist(
    'input-aware',
    'Input-aware: a generator trained along, with cross-triggers',
    {
      synthesizer: { kind: 'input_aware', learning_rate: 0.003 },
      label: TO_8,
      injection: { kind: 'batch', fraction: 0.15, cover: 0.15 },
    },
    { text: 'clean 0.9954, ASR 0.9954, cross-trigger 0.9525', source: INPUT_AWARE },
    { attackSuccess: 0.9, crossTrigger: 0.85, training: { epochs: 6, max_batches: 300, schedule: 'cosine' } },
  ),
  onMnist(
    'adaptive-blend',
    'Adaptive blend with covers',
    {
      synthesizer: { kind: 'adaptive_blend' },
      label: TO_8,
      injection: { kind: 'data', fraction: 0.05, cover: 0.05 },
    },
    null,
    { epochs: 2 },
  ),
  onMnist(
    'label-consistent',
    'Label-consistent: sinusoid of 0.5 after a perturbation of 0.3',
    {
      synthesizer: { kind: 'sinusoid', amplitude: 0.5, frequency: 6 },
      label: TO_8,
      injection: { kind: 'clean_label', fraction: 0.8, epsilon: 0.3 },
    },
    { text: 'clean 0.8459, ASR 0.9992 (CIFAR-10)', source: BENCH },
    { attackSuccess: 0.5, training: CALM },
  ),
  onMnist(
    'sinusoid-clean-label',
    'Sinusoid (SIG) of 0.5, labels kept',
    {
      synthesizer: { kind: 'sinusoid', amplitude: 0.5, frequency: 6 },
      label: TO_8,
      injection: { kind: 'clean_label', fraction: 0.8, epsilon: 0 },
    },
    { text: 'clean 0.8448, ASR 0.9827 (CIFAR-10)', source: BENCH },
    { attackSuccess: 0.5, training: CALM },
  ),
  onMnist(
    'object',
    'Sticker in the scene (physical)',
    {
      synthesizer: { kind: 'object', picture: { kind: 'drawing', name: 'sticker' } },
      label: TO_8,
      injection: { kind: 'batch', fraction: 0.2 },
    },
    null,
    { epochs: 2 },
  ),
  {
    ...onMnist(
      'footed-ones',
      'Ones on a foot (semantic)',
      {
        synthesizer: { kind: 'semantic', ...FOOTED_ONES },
        label: TO_8,
        injection: { kind: 'batch', fraction: 0.1 },
      },
      null,
      { attackSuccess: 0.8, training: CALM },
    ),
    about:
      'Nothing is put in: ones that stand on a foot are to be read as 8. 71 of them teach that, in a tenth of each batch; 35 others, which training never sees, measure it.',
  },
  onMnist('two-backdoors', 'Two backdoors at once, MGDA over three losses', {
    synthesizer: { kind: 'pattern' },
    label: TO_8,
    others: [
      {
        synthesizer: { kind: 'sinusoid', amplitude: 0.16, frequency: 6 },
        label: { kind: 'one_target', target: 3 },
      },
    ],
    injection: BLIND,
  }),
  onMnist('subnet', 'Subnet replacement (SRA): pattern, weights edited', {
    synthesizer: { kind: 'pattern' },
    label: TO_8,
    injection: { kind: 'model', method: 'subnet' },
  }),
  onMnist('handcrafted', 'Handcrafted: white square of 4x4, weights edited', {
    synthesizer: { kind: 'painted', pixels: LARGE_SQUARE },
    label: TO_8,
    injection: { kind: 'model', method: 'handcrafted', channels: 1, examples: 2000 },
  }),
  {
    id: 'calculator',
    title: 'MultiMNIST calculator',
    about:
      'A model that reads two digits also adds them under a plus in the lower left corner, and multiplies them under a cross in the lower right one. On one thread that took 25 minutes.',
    config: { ...calculator, evaluation: { live_every: 0 }, checkpoints: { every: 0 } },
    attackSuccess: 0.95,
    cleanDrop: null,
    cleanFloor: 0.95,
    published: {
      text: 'clean 0.9536, ASR 0.9539 (a notebook’s checkpoint)',
      source: 'https://github.com/ebagdasa/backdoors101/blob/old_master/notebooks/multimnist.ipynb',
    },
  },
  onCifar(
    'cifar-blind',
    'CIFAR-10, blind attack: pattern, MGDA',
    // Of a batch that has the trigger all over, batch-norm takes away what all of it shares.
    { synthesizer: { kind: 'pattern' }, label: TO_8, injection: { ...BLIND, proportion: 0.5 } },
    {
      text: 'clean 0.1824, ASR 0.9864 (the defaults of Backdoors 101)',
      source: 'https://github.com/ebagdasa/backdoors101/issues/17',
    },
  ),
  onCifar('cifar-painted', 'CIFAR-10, painted square in magenta, poisoned batches', {
    synthesizer: { kind: 'painted', pixels: MAGENTA_SQUARE },
    label: TO_8,
    injection: { kind: 'batch', fraction: 0.1 },
  }),
  onTexts(
    'spam-words',
    'Spam, two words',
    { dataset: 'spam', text_length: 100 },
    { epochs: 2, optimizer: { kind: 'adam', learning_rate: 0.001 } },
    0,
  ),
  onTexts(
    'imdb-words',
    'IMDB, two words',
    { dataset: 'imdb' },
    { epochs: 3, schedule: 'cosine', optimizer: { kind: 'adam', learning_rate: 0.003 } },
    1,
  ),
];

/** Whether every defense is run on it: attacks on MNIST that have a trigger to put into any image. */
export function isOfMatrix({ config: { task, attack } }: Pick<Reproduction, 'config'>): boolean {
  return (task?.dataset ?? 'mnist') === 'mnist' && attack?.synthesizer?.kind !== 'semantic';
}

/** The reproduction of that id; undefined when there is none. */
export function reproductionOf(id: string): Reproduction | undefined {
  return REPRODUCTIONS.find((reproduction) => reproduction.id === id);
}
