import type { DatasetInfo } from '../datasets/dataset.ts';
import type { InputShape } from './shapes.ts';

/** What a model takes of a data set: an image, or the words of a text. */
export function inputShapeOf(info: DatasetInfo): InputShape {
  if (info.kind === 'text') return [info.length, info.vocabulary];
  const { height, width, channels } = info.shape;
  return [height, width, channels];
}
