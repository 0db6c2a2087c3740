import { LabError } from '../errors.ts';
import type { LabelledImages } from '../formats/idx-images.ts';
import { imagesFromIdx } from '../formats/idx-images.ts';
import type { NamedBytes } from '../formats/idx.ts';
import { randomStream } from '../rng/random.ts';
import type { ImageDataset, ImageShape, ImageSplit } from './dataset.ts';
import { pixelsPerImage } from './dataset.ts';
import { channelStatistics } from './statistics.ts';

/** Share of the examples that become the test split when a person brings none. */
const TEST_SHARE = 0.1;

export interface IdxPair {
  images: NamedBytes;
  labels: NamedBytes;
}

export interface CustomDatasetFiles {
  /** Name for people; the id comes from it. */
  title: string;
  train: IdxPair;
  /** Without it a tenth of the training examples, drawn by `seed`, becomes the test split. */
  test?: IdxPair | undefined;
  /** Integer in [0, 2^32). */
  seed?: number;
}

/**
 * A data set from a person's own IDX files. Classes are 0 to the largest label and are named by their number; mean and
 * deviation are those of the training split. Throws E-DATASET (unreadable or ill-matched files), E-SHAPE (test images of another size).
 */
export async function customDataset({
  title,
  train,
  test,
  seed = 0,
}: CustomDatasetFiles): Promise<ImageDataset> {
  const given = await imagesFromIdx(train.images, train.labels);
  const splits =
    test === undefined
      ? divided(given, seed, train.images.name)
      : { train: given.split, test: await testSplit(test, given.shape) };
  const classes = 1 + Math.max(largest(splits.train.labels), largest(splits.test.labels));
  if (new Set(splits.train.labels).size < 2) {
    throw new LabError({
      code: 'E-DATASET',
      what: `${train.labels.name} has examples of one class only.`,
      why: `Every label is ${splits.train.labels[0] ?? 0}: there is nothing to tell apart.`,
      fix: 'Give a label file with two classes or more.',
      where: train.labels.name,
    });
  }
  return {
    info: {
      kind: 'images',
      id: customId(title),
      title,
      shape: given.shape,
      classes: Array.from({ length: classes }, (_, index) => String(index)),
      ...channelStatistics(splits.train, given.shape),
      source: [train, test].flatMap((pair) => (pair ? [pair.images.name, pair.labels.name] : [])).join(', '),
      licence: 'Your own files; they stay in this browser.',
    },
    ...splits,
  };
}

/** An id that a config can name: `custom-` and the title in lower-case letters, digits and dashes. */
export function customId(title: string): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48);
  return `custom-${slug === '' ? 'data' : slug.replace(/-+$/, '')}`;
}

async function testSplit(files: IdxPair, shape: ImageShape): Promise<ImageSplit> {
  const test = await imagesFromIdx(files.images, files.labels);
  const size = ({ height, width, channels }: ImageShape): string => `${height}x${width}x${channels}`;
  if (size(test.shape) === size(shape)) return test.split;
  throw new LabError({
    code: 'E-SHAPE',
    what: `The test images are ${size(test.shape)} and the training images ${size(shape)}.`,
    why: 'One model reads both, so they must have one size.',
    fix: 'Give a pair of the same size.',
    where: files.images.name,
  });
}

function divided(
  { shape, split }: LabelledImages,
  seed: number,
  file: string,
): Pick<ImageDataset, 'train' | 'test'> {
  const testCount = Math.max(1, Math.round(split.count * TEST_SHARE));
  if (split.count < 2) {
    throw new LabError({
      code: 'E-DATASET',
      what: `${file} has ${split.count} example.`,
      why: 'Some examples are for training and some for testing, so there must be two or more.',
      fix: 'Give more examples.',
      where: file,
    });
  }
  const order = randomStream(seed, 'data', 'split').permutation(split.count);
  const pixels = pixelsPerImage(shape);
  // In the order of the file, whatever the order of the draw.
  const chosen = (indices: Uint32Array): ImageSplit => {
    const images = new Uint8Array(indices.length * pixels);
    const labels = new Uint16Array(indices.length);
    for (const [to, from] of indices.sort().entries()) {
      images.set(split.images.subarray(from * pixels, (from + 1) * pixels), to * pixels);
      labels[to] = split.labels[from] ?? 0;
    }
    return { count: indices.length, images, labels };
  };
  return { train: chosen(order.slice(testCount)), test: chosen(order.slice(0, testCount)) };
}

function largest(labels: Uint16Array): number {
  return labels.reduce((most, label) => Math.max(most, label), 0);
}
