/** A set of labelled images in memory, as bytes: what loaders give and what tasks read. */

export interface ImageShape {
  height: number;
  width: number;
  /** 1 (grey) or 3 (RGB). */
  channels: 1 | 3;
}

export interface DatasetInfo {
  id: string;
  title: string;
  shape: ImageShape;
  /** Class names by class index. */
  classes: string[];
  /** Mean of each channel over the training set, pixels in [0, 1]. */
  mean: number[];
  /** Standard deviation of each channel over the training set, pixels in [0, 1]. */
  deviation: number[];
  source: string;
  licence: string;
}

/** One split. `images` is [count, height, width, channels] row-major, 0 to 255; `labels` is [count]. */
export interface ImageSplit {
  count: number;
  images: Uint8Array;
  labels: Uint16Array;
}

export interface Dataset {
  info: DatasetInfo;
  train: ImageSplit;
  test: ImageSplit;
}

export function pixelsPerImage(shape: ImageShape): number {
  return shape.height * shape.width * shape.channels;
}
