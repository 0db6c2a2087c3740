/**
 * MultiMNIST: two digits in one picture (Sener and Koltun, Multi-task learning as multi-objective optimization, 2018, after
 * Sabour et al., 2017), as Backdoors 101 takes it: the class is 10 x left digit + right digit.
 */
import { LabError } from '../errors.ts';
import { randomStream } from '../rng/random.ts';
import type { ImageDataset, ImageSplit } from './dataset.ts';
import { MULTIMNIST } from './multimnist-id.ts';

/** Side of a digit, and of the picture that is made. */
const SIDE = 28;
/** The canvas on which both are laid, before it is scaled to SIDE by nearest neighbours. */
const CANVAS = 45;
const TOP = 5;
/** First column of the right digit; the left one begins at 0, so 11 columns overlap. */
const RIGHT = CANVAS - SIDE;
const DIGITS = 10;

/** The draw of the right digits belongs to the data set, not to a run: every run sees the same pictures. */
const SEED = 0;

/**
 * As many pictures as `digits` has, in its order: each example is the left digit, and one drawn from the same split the right
 * one; where they overlap the brighter pixel counts. Attributes `left` and `right` hold the digits.
 * @param digits 28x28, grey, 10 classes
 * @param seed integer in [0, 2^32)
 * @throws LabError E-SHAPE for other images
 */
export function multiMnist(digits: ImageDataset, seed: number = SEED): ImageDataset {
  const { shape, classes } = digits.info;
  if (shape.height !== SIDE || shape.width !== SIDE || shape.channels !== 1 || classes.length !== DIGITS) {
    throw new LabError({
      code: 'E-SHAPE',
      what: `MultiMNIST cannot be made from ${digits.info.title}.`,
      why: `It needs grey images of 28x28 in 10 classes, and these are ${shape.height}x${shape.width}x${shape.channels} in ${classes.length}.`,
      fix: 'Make it from MNIST.',
    });
  }
  return {
    info: {
      ...digits.info,
      id: MULTIMNIST,
      title: 'MultiMNIST',
      classes: Array.from({ length: DIGITS * DIGITS }, (_, label) => String(label).padStart(2, '0')),
      source: `Made from ${digits.info.title} (${digits.info.source})`,
    },
    train: pairs(digits.train, seed, 'train'),
    test: pairs(digits.test, seed, 'test'),
  };
}

function pairs({ count, images, labels }: ImageSplit, seed: number, name: string): ImageSplit {
  const random = randomStream(seed, 'data', MULTIMNIST, name);
  const source = Int32Array.from({ length: SIDE }, (_, at) => Math.floor(((at + 0.5) * CANVAS) / SIDE));
  const made = new Uint8Array(count * SIDE * SIDE);
  const [left, right, both] = [new Uint16Array(count), new Uint16Array(count), new Uint16Array(count)];
  for (let index = 0; index < count; index++) {
    const other = random.int(0, count - 1);
    for (let y = 0; y < SIDE; y++) {
      const row = (source[y] ?? 0) - TOP;
      if (row < 0 || row >= SIDE) continue;
      for (let x = 0; x < SIDE; x++) {
        const column = source[x] ?? 0;
        const one = column < SIDE ? (images[(index * SIDE + row) * SIDE + column] ?? 0) : 0;
        const two = column >= RIGHT ? (images[(other * SIDE + row) * SIDE + column - RIGHT] ?? 0) : 0;
        made[(index * SIDE + y) * SIDE + x] = Math.max(one, two);
      }
    }
    const [l, r] = [labels[index] ?? 0, labels[other] ?? 0];
    left[index] = l;
    right[index] = r;
    both[index] = DIGITS * l + r;
  }
  return { count, images: made, labels: both, attributes: { left, right } };
}
