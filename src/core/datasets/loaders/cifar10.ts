/**
 * CIFAR-10 in its binary version (Krizhevsky, Learning multiple layers of features from tiny images, 2009): records of a
 * label byte and 3,072 pixel bytes, the planes of red, green and blue one after another.
 */
import { LabError } from '../../errors.ts';
import { concatBytes, grouped } from '../../formats/bytes.ts';
import { isTar } from '../../formats/tar.ts';
import { isZip } from '../../formats/zip.ts';
import type { ImageDataset, ImageSplit } from '../dataset.ts';
import { sourceOf } from './image-folder.ts';
import type { Loader, SourceFile } from './loader.ts';
import { sourceEntries } from './source-entries.ts';

const SIDE = 32;
const PLANE = SIDE * SIDE;
const RECORD = 1 + 3 * PLANE;
const SHAPE = { height: SIDE, width: SIDE, channels: 3 } as const;
const CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

/**
 * What the field normalises with, Backdoors 101 too. The deviation is the mean of each picture's own, smaller than that of
 * all pixels (0.247, 0.243, 0.262).
 */
const MEAN = [0.4914, 0.4822, 0.4465];
const DEVIATION = [0.2023, 0.1994, 0.201];

/** Far above the official 10,000 records of a file. */
const MAX_RECORDS = 100_000;

const BATCH = /(^|\/)(data_batch[^/]*|test_batch)\.bin$/;
const NAMES = /(^|\/)batches\.meta\.txt$/;

export const cifar10Loader: Loader = {
  id: 'cifar10',
  title: 'CIFAR-10, binary version',
  description:
    'cifar-10-binary.tar.gz, or the files data_batch_1.bin to data_batch_5.bin and test_batch.bin in it.',
  async accepts(files) {
    if (files.some(({ name }) => BATCH.test(name))) return true;
    const [file] = files;
    if (files.length !== 1 || !file || !/cifar-?10(?!0)/i.test(file.name)) return false;
    return isZip(await file.bytes(0, Math.min(4, file.size))) || isTar(file);
  },
  async read(files, { id, title, signal, onProgress }) {
    const batches = new Map<string, Uint8Array>();
    let classes = CLASSES;
    const onBytes = (done: number, total: number): void => onProgress(done, total, 'bytes');
    for await (const entry of sourceEntries(files, { signal, onBytes })) {
      if (NAMES.test(entry.path)) classes = classesOf(await entry.bytes(), entry.path);
      if (!BATCH.test(entry.path)) continue;
      if (entry.size > MAX_RECORDS * RECORD) throw wrongSize(entry.path, entry.size);
      batches.set(entry.path, await entry.bytes());
      if ([...batches.values()].reduce((sum, { length }) => sum + length, 0) > 2 * MAX_RECORDS * RECORD) {
        throw wrongSize(entry.path, entry.size);
      }
    }
    // By name, whatever the order in the archive: data_batch_1 to data_batch_5, then test_batch.
    const names = [...batches.keys()].sort();
    const of = (test: boolean): ImageSplit => {
      const chosen = names.filter((name) => name.endsWith('test_batch.bin') === test);
      if (chosen.length === 0) throw missing(test, files);
      return concatSplits(
        chosen.map((name) => records(batches.get(name) ?? new Uint8Array(0), name, classes.length)),
      );
    };
    const [train, test] = [of(false), of(true)];
    return {
      info: {
        kind: 'images',
        id,
        title,
        shape: SHAPE,
        classes,
        mean: [...MEAN],
        deviation: [...DEVIATION],
        source: `https://www.cs.toronto.edu/~kriz/cifar.html (${sourceOf(files)})`,
        licence: 'No licence is stated; cite Krizhevsky, 2009.',
      },
      train,
      test,
    } satisfies ImageDataset;
  },
};

function records(bytes: Uint8Array, file: string, classes: number): ImageSplit {
  const count = bytes.length / RECORD;
  if (!Number.isInteger(count) || count === 0) throw wrongSize(file, bytes.length);
  const images = new Uint8Array(count * 3 * PLANE);
  const labels = new Uint16Array(count);
  for (let index = 0; index < count; index++) {
    const at = index * RECORD;
    const label = bytes[at] ?? 0;
    if (label >= classes) throw wrongLabel(file, index, label, classes);
    labels[index] = label;
    const to = index * 3 * PLANE;
    for (let pixel = 0; pixel < PLANE; pixel++) {
      const from = at + 1 + pixel;
      images[to + 3 * pixel] = bytes[from] ?? 0;
      images[to + 3 * pixel + 1] = bytes[from + PLANE] ?? 0;
      images[to + 3 * pixel + 2] = bytes[from + 2 * PLANE] ?? 0;
    }
  }
  return { count, images, labels };
}

function concatSplits(splits: readonly ImageSplit[]): ImageSplit {
  const labels = new Uint16Array(splits.reduce((sum, { count }) => sum + count, 0));
  let at = 0;
  for (const split of splits) {
    labels.set(split.labels, at);
    at += split.count;
  }
  return { count: at, images: concatBytes(splits.map(({ images }) => images)), labels };
}

function classesOf(bytes: Uint8Array, file: string): string[] {
  const names = new TextDecoder()
    .decode(bytes.subarray(0, 10_000))
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (names.length >= 2 && names.length <= 256) return names;
  throw new LabError({
    code: 'E-DATASET',
    what: `${file} does not name the classes.`,
    why: `It has ${names.length} lines, and CIFAR-10 has 10 classes.`,
    fix: 'Download the archive again, or leave the file out.',
    where: file,
  });
}

function wrongSize(file: string, size: number): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${file} is no file of CIFAR-10.`,
    why: `It has ${grouped(size)} bytes, and must have a whole number of records of ${grouped(RECORD)}, up to ${grouped(MAX_RECORDS)}.`,
    fix: 'Give the binary version, cifar-10-binary.tar.gz; if it is that, download it again.',
    where: file,
  });
}

function wrongLabel(file: string, index: number, label: number, classes: number): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${file} has an example of class ${label}.`,
    why: `There are ${classes} classes, 0 to ${classes - 1}: it is damaged, or no file of CIFAR-10.`,
    fix: 'Give the binary version, cifar-10-binary.tar.gz; if it is that, download it again.',
    where: `${file}, record ${index}`,
  });
}

function missing(test: boolean, files: readonly SourceFile[]): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${test ? 'test_batch.bin' : 'data_batch_1.bin'} is missing.`,
    why: 'CIFAR-10 has files for training and one for testing.',
    fix: 'Give cifar-10-binary.tar.gz, or all of its .bin files.',
    where: sourceOf(files),
  });
}
