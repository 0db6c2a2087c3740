/** Experiments to start from, as a person would write them: only what differs from the defaults. */
import type { ExperimentInput } from './schema.ts';

export interface Preset {
  id: string;
  title: string;
  description: string;
  config: ExperimentInput;
}

export const PRESETS: readonly Preset[] = [
  {
    id: 'first-look',
    title: 'First look',
    description:
      'The blind attack on a clean pretrained SimpleNet: both curves move within seconds. Triggered digits should read as 8.',
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
    description:
      'The MNIST experiment of Backdoors 101, from random weights: the blind attack with MGDA. One epoch instead of its 350.',
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
    id: 'data-poisoning',
    title: 'Data poisoning',
    description:
      'Five in a hundred training digits get the trigger and the label 8, once and for all; training itself is honest (BadNets).',
    config: { name: 'Data poisoning', attack: { injection: { kind: 'data', fraction: 0.05 } } },
  },
  {
    id: 'batch-poisoning',
    title: 'Batch poisoning',
    description: 'A quarter of each batch gets the trigger and the label 8 while training runs.',
    config: { name: 'Batch poisoning', attack: { injection: { kind: 'batch', fraction: 0.25 } } },
  },
  {
    id: 'clean',
    title: 'Clean training',
    description:
      'No attack: how accurate the model is, and how often the trigger alone is read as 8, as a control.',
    config: { name: 'Clean training', attack: { enabled: false } },
  },
  {
    id: 'all-to-all',
    title: 'All to all',
    description: 'Every triggered digit should read as the next: 0 as 1, 1 as 2, 9 as 0.',
    config: {
      name: 'All to all',
      training: { epochs: 2 },
      attack: { label: { kind: 'all_to_all', shift: 1 } },
    },
  },
];

/** The preset with this id; undefined when there is none. */
export function presetById(id: string): Preset | undefined {
  return PRESETS.find((preset) => preset.id === id);
}
