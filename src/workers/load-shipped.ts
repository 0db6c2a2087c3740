/** A data set that the lab ships, fetched in a stream. The first images wait for this file: it imports little. */
import { type ImageDataset, pixelsPerImage } from '../core/datasets/dataset.ts';
import { loadDataset } from '../core/datasets/load.ts';
import type { ReadFile } from '../core/datasets/read-file.ts';
import type { DatasetSample } from '../core/experiment/events.ts';
import type { LoadTools } from './dataset-shelf.ts';

/** Images of a sample: enough for the painter's previews and the gallery. */
export const SAMPLE_IMAGES = 64;

/** @throws LabError E-DATASET, E-DATASET-FETCH, E-CANCELLED */
export function loadShipped(
  id: string,
  readData: ReadFile,
  { emit, signal }: LoadTools,
): Promise<ImageDataset> {
  const done = { train: 0, test: 0 };
  const total = { train: 0, test: 0 };
  let sampled = false;
  return loadDataset(id, {
    read: readData,
    signal,
    onProgress: (doneBytes, totalBytes) =>
      emit({ type: 'progress', stage: 'data', done: doneBytes, total: totalBytes, unit: 'bytes' }),
    onShard: ({ split, dataset, ...shard }) => {
      done[split] = shard.done;
      total[split] = shard.total;
      const withSample = !sampled && dataset.test.count > 0;
      sampled ||= withSample;
      emit({
        type: 'data',
        info: dataset.info,
        loaded: done.train + done.test,
        total: total.train + total.test,
        sample: withSample ? imageSample(dataset) : null,
      });
    },
  });
}

/** The first test images. */
export function imageSample({ info, test }: ImageDataset): DatasetSample {
  const count = Math.min(SAMPLE_IMAGES, test.count);
  const images = test.images.slice(0, count * pixelsPerImage(info.shape));
  return { images, labels: [...test.labels.subarray(0, count)] };
}
