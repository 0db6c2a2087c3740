/** From pictures of one size to a data set: classes, splits, order. */
import { cancelledError, LabError } from '../../errors.ts';
import { concatBytes, grouped } from '../../formats/bytes.ts';
import { randomStream } from '../../rng/random.ts';
import type {
  ImageDataset,
  ImageInfo,
  ImageShape,
  ImageSplit,
  StoredImageDataset,
  StoredImageSplit,
} from '../dataset.ts';
import { type ChannelStatistics, channelStatistics, PixelCounts } from '../statistics.ts';
import type { StoredPixels } from '../stored-pixels.ts';

/** Share of the examples that becomes the test split where there is none. */
const TEST_SHARE = 0.1;

const MAX_CLASSES = 10_000;

/** Images of a file that are read at once. */
const READ_AT_ONCE = 64;

export interface Example {
  /** Where it came from: examples are put in order by it before anything is drawn, so that archives of any order agree. */
  path: string;
  /** [height, width, channels]; where pictures did not fit in memory, its row in `stored`. */
  image: Uint8Array | number;
  label: string;
  /** Whole numbers, 0 to 65,535. */
  attributes?: Readonly<Record<string, number>>;
}

export interface ImageSetParts {
  id: string;
  title: string;
  shape: ImageShape;
  train: readonly Example[];
  /** Null draws a tenth of the training examples, class by class. */
  test: readonly Example[] | null;
  seed: number;
  source: string;
  /** In the order of their indices; else those that occur, sorted. */
  classes?: readonly string[];
  /** Where the images are, when they did not fit in memory. */
  stored?: StoredPixels | null;
  signal?: AbortSignal;
}

/**
 * Examples in an order drawn by the seed, so that the first n are a fair sample.
 * @throws LabError E-DATASET when there are too few examples or classes, or too many classes; E-CANCELLED
 */
export async function imageSet(parts: ImageSetParts): Promise<ImageDataset | StoredImageDataset> {
  const { id, title, shape, seed, source, stored = null } = parts;
  const { train, test } =
    parts.test === null ? drawTest(parts.train, seed) : { train: parts.train, test: parts.test };
  const classes = [...(parts.classes ?? classNames([...train, ...test].map(({ label }) => label)))];
  check(classes, train, test, source);
  const info = (statistics: ChannelStatistics): ImageInfo => ({
    kind: 'images',
    id,
    title,
    shape,
    classes,
    ...statistics,
    source,
    licence: 'Your own files; they stay with you.',
  });
  const [forTrain, forTest] = [inOrder(train, seed, 'train'), inOrder(test, seed, 'test')];
  if (stored) {
    const of = (examples: readonly Example[]): StoredImageSplit => ({
      ...labelsOf(examples, classes),
      rows: Uint32Array.from(examples, ({ image }) => (typeof image === 'number' ? image : 0)),
      pixels: stored,
    });
    const split = of(forTrain);
    return {
      info: info(await storedStatistics(split, shape, parts.signal)),
      train: split,
      test: of(forTest),
    };
  }
  const of = (examples: readonly Example[]): ImageSplit => ({
    ...labelsOf(examples, classes),
    images: concatBytes(examples.flatMap(({ image }) => (typeof image === 'number' ? [] : [image]))),
  });
  const split = of(forTrain);
  return { info: info(channelStatistics(split, shape)), train: split, test: of(forTest) };
}

/** Names once each: by number where all are whole numbers, else by code unit. */
export function classNames(labels: Iterable<string>): string[] {
  const names = [...new Set(labels)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return names.every((name) => /^\d{1,9}$/.test(name)) ? names.sort((a, b) => Number(a) - Number(b)) : names;
}

function byPath(examples: readonly Example[]): Example[] {
  return [...examples].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function drawTest(examples: readonly Example[], seed: number): { train: Example[]; test: Example[] } {
  const sorted = byPath(examples);
  const byClass = new Map<string, Example[]>();
  for (const index of randomStream(seed, 'data', 'split').permutation(sorted.length)) {
    const example = sorted[index];
    if (!example) continue;
    const group = byClass.get(example.label);
    if (group) group.push(example);
    else byClass.set(example.label, [example]);
  }
  const train: Example[] = [];
  const test: Example[] = [];
  for (const group of byClass.values()) {
    // One of a class goes to training: what was never seen cannot be told.
    const count = group.length < 2 ? 0 : Math.max(1, Math.round(group.length * TEST_SHARE));
    for (const [at, example] of group.entries()) (at < count ? test : train).push(example);
  }
  return { train, test };
}

function inOrder(examples: readonly Example[], seed: number, name: string): Example[] {
  const sorted = byPath(examples);
  const order = randomStream(seed, 'data', 'order', name).permutation(sorted.length);
  return [...order].flatMap((from) => sorted[from] ?? []);
}

function labelsOf(
  examples: readonly Example[],
  classes: readonly string[],
): Pick<ImageSplit, 'count' | 'labels' | 'attributes'> {
  const indices = new Map(classes.map((label, index) => [label, index]));
  const labels = Uint16Array.from(examples, ({ label }) => indices.get(label) ?? 0);
  const keys = Object.keys(examples[0]?.attributes ?? {});
  const attributes = Object.fromEntries(
    keys.map((key) => [key, Uint16Array.from(examples, (example) => example.attributes?.[key] ?? 0)]),
  );
  return { count: examples.length, labels, ...(keys.length > 0 && { attributes }) };
}

/** Of images in a file, which is read through once more: which of them are for training is known only now. */
async function storedStatistics(
  { rows, pixels }: StoredImageSplit,
  { channels }: ImageShape,
  signal: AbortSignal | undefined,
): Promise<ChannelStatistics> {
  const counts = new PixelCounts(channels);
  const sorted = [...rows].sort((a, b) => a - b);
  for (let start = 0; start < sorted.length; start += READ_AT_ONCE) {
    if (signal?.aborted === true) throw cancelledError();
    const found = await pixels.read(sorted.slice(start, start + READ_AT_ONCE));
    for (const image of found.values()) counts.add(image);
  }
  return counts.statistics();
}

function check(
  classes: readonly string[],
  train: readonly Example[],
  test: readonly Example[],
  source: string,
): void {
  const refuse = (what: string, why: string, fix: string): LabError =>
    new LabError({ code: 'E-DATASET', what, why, fix, where: source });
  if (train.length === 0 || test.length === 0) {
    throw refuse(
      `There is nothing to ${train.length === 0 ? 'train on' : 'test with'}.`,
      `Found ${grouped(train.length)} training and ${grouped(test.length)} test examples.`,
      'Give more examples of each class.',
    );
  }
  if (new Set(train.map(({ label }) => label)).size < 2) {
    throw refuse(
      'The examples are of one class only.',
      `All are "${train[0]?.label ?? ''}": there is nothing to tell apart.`,
      'Give two classes or more, such as a folder for each: cat/1.jpg, dog/1.jpg.',
    );
  }
  if (classes.length > MAX_CLASSES) {
    throw refuse(
      `There are ${grouped(classes.length)} classes.`,
      `The lab tells up to ${grouped(MAX_CLASSES)} apart.`,
      'Give a part of them; check that the folders are classes.',
    );
  }
}
