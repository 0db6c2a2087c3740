import type { ImageShape, ImageSplit } from '../datasets/dataset.ts';
import { LabError } from '../errors.ts';
import { grouped } from './bytes.ts';
import type { IdxArray, NamedBytes } from './idx.ts';
import { readIdx } from './idx.ts';

/** Largest side of an image, in pixels. */
const MAX_SIDE = 4096;

export interface LabelledImages {
  shape: ImageShape;
  split: ImageSplit;
}

/**
 * Labelled images from a pair of IDX files, plain or gzip: images [n, height, width] (grey) or [n, height, width, 1 or 3],
 * labels [n], both of unsigned bytes. Throws E-DATASET: mislabelled (one file given as the other), counts that differ, other types.
 */
export async function imagesFromIdx(imageFile: NamedBytes, labelFile: NamedBytes): Promise<LabelledImages> {
  const images = await readIdx(imageFile);
  const shape = imageShape(imageFile.name, images);
  const labels = await readIdx(labelFile);
  checkLabels(labelFile.name, labels);
  const count = images.dims[0] ?? 0;
  const labelCount = labels.dims[0] ?? 0;
  if (count !== labelCount) {
    throw new LabError({
      code: 'E-DATASET',
      what: `${imageFile.name} has ${grouped(count)} images and ${labelFile.name} has ${grouped(labelCount)} labels.`,
      why: 'Each image needs one label; the two files are not a pair.',
      fix: 'Give the label file that belongs to these images (train with train, t10k with t10k).',
      where: `${labelFile.name}, byte 4`,
    });
  }
  return { shape, split: { count, images: images.data, labels: Uint16Array.from(labels.data) } };
}

function imageShape(file: string, { type, dims }: IdxArray): ImageShape {
  if (dims.length === 1) {
    throw new LabError({
      code: 'E-DATASET',
      what: `${file} holds labels, not images.`,
      why: `It has one dimension of ${grouped(dims[0] ?? 0)}; images have three or four.`,
      fix: 'Give the image file here (its name often has "images-idx3"), and this one as the labels.',
      where: `${file}, byte 3`,
    });
  }
  const [count = 0, height = 0, width = 0, channels = 1] = dims;
  const fits =
    (dims.length === 3 || dims.length === 4) &&
    [height, width].every((side) => side >= 1 && side <= MAX_SIDE) &&
    (channels === 1 || channels === 3);
  if (!fits) {
    throw new LabError({
      code: 'E-DATASET',
      what: `${file} does not hold images: it is ${dims.map(grouped).join(' x ')}.`,
      why: `Images are n x height x width, or n x height x width x 1 or 3, with sides of 1 to ${grouped(MAX_SIDE)} pixels.`,
      fix: 'Give a file of grey or RGB images in this order.',
      where: `${file}, byte 4`,
    });
  }
  needUbyte(file, type);
  needSome(file, count);
  return { height, width, channels: channels === 3 ? 3 : 1 };
}

function checkLabels(file: string, { type, dims }: IdxArray): void {
  if (dims.length !== 1) {
    throw new LabError({
      code: 'E-DATASET',
      what: `${file} holds ${dims.length === 3 || dims.length === 4 ? 'images' : 'an array'}, not labels.`,
      why: `It has ${dims.length} dimensions (${dims.map(grouped).join(' x ')}); labels have one.`,
      fix: 'Give the label file here (its name often has "labels-idx1"), and this one as the images.',
      where: `${file}, byte 3`,
    });
  }
  needUbyte(file, type);
  needSome(file, dims[0] ?? 0);
}

function needUbyte(file: string, type: string): void {
  if (type === 'ubyte') return;
  throw new LabError({
    code: 'E-DATASET',
    what: `${file} holds values of type ${type}.`,
    why: 'Images and labels are read as unsigned bytes (ubyte), 0 to 255.',
    fix: 'Convert it to ubyte.',
    where: `${file}, byte 2`,
  });
}

function needSome(file: string, count: number): void {
  if (count > 0) return;
  throw new LabError({
    code: 'E-DATASET',
    what: `${file} is empty.`,
    why: 'Its header says that it holds 0 examples.',
    fix: 'Give a file with examples.',
    where: `${file}, byte 4`,
  });
}
