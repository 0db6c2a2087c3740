/** The parameters and the input of `simplenet.json`, which other reference files name. */
import type { ModelWeights } from '../../core/experiment/weights.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import { channelsLast, imageDims } from './simplenet.ts';
import { wave, type WaveSpec } from './wave.ts';

const PARAMETERS: readonly (WaveSpec & { name: string })[] = [
  { name: 'conv1.weight', shape: [20, 1, 5, 5], seed: 2, scale: 0.2 },
  { name: 'conv1.bias', shape: [20], seed: 3, scale: 0.05 },
  { name: 'conv2.weight', shape: [50, 20, 5, 5], seed: 4, scale: 0.044721359549995794 },
  { name: 'conv2.bias', shape: [50], seed: 5, scale: 0.05 },
  { name: 'fc1.weight', shape: [500, 800], seed: 6, scale: 0.035355339059327376 },
  { name: 'fc1.bias', shape: [500], seed: 7, scale: 0.05 },
  { name: 'fc2.weight', shape: [10, 500], seed: 8, scale: 0.044721359549995794 },
  { name: 'fc2.bias', shape: [10], seed: 9, scale: 0.05 },
];

const INPUT: WaveSpec = { shape: [4, 1, 28, 28], seed: 51, scale: 1.0 };
const LABELS = [3, 8, 0, 8];

export function simplenetWaves(): ModelWeights {
  return {
    model: 'simplenet',
    inputShape: [...imageDims(INPUT)],
    classes: 10,
    parameters: PARAMETERS.map((spec) => ({ name: spec.name, shape: spec.shape, data: wave(spec) })),
  };
}

/** The images of that file under its labels. */
export function simplenetBatch(): LabelledImages {
  const count = LABELS.length;
  return {
    count,
    images: channelsLast(wave(INPUT), count, imageDims(INPUT)),
    labels: Int32Array.from(LABELS),
  };
}
