import { LabError } from '../../errors.ts';
import type { NamedBytes } from '../../formats/idx.ts';
import { type CustomDatasetFiles, customDataset, type IdxPair } from '../custom.ts';
import { sourceOf } from './image-folder.ts';
import type { Loader, SourceFile } from './loader.ts';
import { wholeFile } from './source-files.ts';

/** The most that one file may hold packed; the reader bounds what it unpacks to. */
const MAX_FILE_BYTES = 2 ** 30;

const IMAGES = /images|idx3|idx4/i;
const LABELS = /labels|idx1/i;
const TEST = /(^|[/_.-])(t10k|test)/i;

/** MNIST and its relatives: files whose names tell images from labels, and test from training. */
export const idxLoader: Loader = {
  id: 'idx',
  title: 'IDX files, as of MNIST',
  description: 'train-images-idx3-ubyte and train-labels-idx1-ubyte, and for the test t10k-…, plain or gzip.',
  accepts: (files) => {
    const names = files.slice(0, 10).map(({ name }) => name);
    const idx = (name: string): boolean => /idx\d|ubyte/i.test(name);
    return Promise.resolve(names.some((name) => idx(name) && IMAGES.test(name)));
  },
  async read(files, { id, title, seed, onProgress }) {
    const train = await pair(files, false);
    const test = await pair(files, true);
    if (train === null) throw missing('training images with their labels', files);
    onProgress(0, 1, 'bytes');
    const request: CustomDatasetFiles = { title, train, seed, ...(test && { test }) };
    const dataset = await customDataset(request);
    onProgress(1, 1, 'bytes');
    return { ...dataset, info: { ...dataset.info, id } };
  },
};

async function pair(files: readonly SourceFile[], test: boolean): Promise<IdxPair | null> {
  const of = (kind: RegExp, other: RegExp): SourceFile | undefined =>
    files.find(({ name }) => TEST.test(name) === test && kind.test(name) && !other.test(name));
  const images = of(IMAGES, /labels|idx1/i);
  const labels = of(LABELS, /images|idx3|idx4/i);
  if (!images && !labels) return null;
  if (!images || !labels) throw missing(images ? `labels of ${images.name}` : 'images of the labels', files);
  return { images: await bytesOf(images), labels: await bytesOf(labels) };
}

async function bytesOf(file: SourceFile): Promise<NamedBytes> {
  if (file.size <= MAX_FILE_BYTES) return { name: file.name, bytes: await wholeFile(file) };
  throw missing(`file of less than 1 GB; ${file.name} is larger`, [file]);
}

function missing(what: string, files: readonly SourceFile[]): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `There are no ${what}.`,
    why: 'Images and labels come in pairs, told apart by their names: train-images…, train-labels…, t10k-images…, t10k-labels….',
    fix: 'Give both files of each pair under such names.',
    where: sourceOf(files),
  });
}
