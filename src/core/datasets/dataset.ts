/**
 * Labelled examples: what loaders give and what tasks read. Images are bytes, in memory or, where they do not fit, in a file
 * that is read as they are needed; texts are word numbers.
 */
import type { StoredPixels } from './stored-pixels.ts';

export interface ImageShape {
  height: number;
  width: number;
  /** 1 (grey) or 3 (RGB). */
  channels: 1 | 3;
}

interface CommonInfo {
  /** What a config names: lower-case letters, digits, - and _. */
  id: string;
  title: string;
  /** Class names by class index. */
  classes: string[];
  source: string;
  licence: string;
}

export interface ImageInfo extends CommonInfo {
  kind: 'images';
  shape: ImageShape;
  /** Mean of each channel over the training set, pixels in [0, 1]. */
  mean: number[];
  /** Standard deviation of each channel over the training set, pixels in [0, 1]. */
  deviation: number[];
}

export interface TextInfo extends CommonInfo {
  kind: 'text';
  /** Words of a text that the model reads: longer texts are cut, shorter ones filled up with 0. */
  length: number;
  /** Numbers that the model tells apart: 0 fills up, then the commonest words, then buckets that rarer words share. */
  vocabulary: number;
}

export type DatasetInfo = ImageInfo | TextInfo;

/** What every split has. */
interface CommonSplit {
  count: number;
  /** [count], class indices. */
  labels: Uint16Array;
  /** Further numbers of each example by name, [count] each: `identity` of a person, `digits` of a picture. */
  attributes?: Readonly<Record<string, Uint16Array>>;
}

/** `images` is [count, height, width, channels] row-major, 0 to 255. */
export interface ImageSplit extends CommonSplit {
  images: Uint8Array;
}

/** Images that stay in a file: image i is row `rows[i]` of it. */
export interface StoredImageSplit extends CommonSplit {
  /** [count] */
  rows: Uint32Array;
  pixels: StoredPixels;
}

/** Texts one after another: text i is `tokens[offsets[i]]` to `tokens[offsets[i + 1]]`, indices into `words`. */
export interface TextSplit extends CommonSplit {
  tokens: Uint32Array;
  /** [count + 1], the first 0. */
  offsets: Uint32Array;
}

export interface ImageDataset {
  info: ImageInfo;
  train: ImageSplit;
  test: ImageSplit;
}

/** The same with images that do not fit in memory. */
export interface StoredImageDataset {
  info: ImageInfo;
  train: StoredImageSplit;
  test: StoredImageSplit;
}

export interface TextDataset {
  info: TextInfo;
  /** Every word of the training and test texts, the commonest of the training texts first. */
  words: string[];
  train: TextSplit;
  test: TextSplit;
}

export type Dataset = ImageDataset | StoredImageDataset | TextDataset;

export type AnyImageSplit = ImageSplit | StoredImageSplit;
export type Split = AnyImageSplit | TextSplit;

export function pixelsPerImage(shape: ImageShape): number {
  return shape.height * shape.width * shape.channels;
}

export function isImages(dataset: Dataset): dataset is ImageDataset | StoredImageDataset {
  return dataset.info.kind === 'images';
}

/** Whether the images stay in a file. */
export function isStored(dataset: Dataset): dataset is StoredImageDataset {
  return 'rows' in dataset.train;
}
