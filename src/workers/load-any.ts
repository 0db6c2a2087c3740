/** A data set of the lab, fetched in a stream, or one that was brought, with its first examples for previews. */
import {
  type Dataset,
  type ImageDataset,
  isStored,
  pixelsPerImage,
  type StoredImageDataset,
  type TextDataset,
} from '../core/datasets/dataset.ts';
import { missingDataset } from '../core/datasets/brought.ts';
import { loadDataset } from '../core/datasets/load.ts';
import { MULTIMNIST, MULTIMNIST_BASE, multiMnist } from '../core/datasets/multimnist.ts';
import type { ReadFile } from '../core/datasets/read-file.ts';
import type { DatasetSample, ExperimentEvent } from '../core/experiment/events.ts';
import { concatBytes } from '../core/formats/bytes.ts';
import { readImages } from '../core/training/images.ts';
import { wordsOfText } from '../core/training/texts.ts';
import { keptDataset } from '../storage/dataset-store.ts';
import type { LoadTools } from './dataset-shelf.ts';

/** Images of a sample: enough for the painter's previews and the gallery. */
const IMAGES = 64;

/** Texts of a sample. */
const TEXTS = 8;

/** @throws LabError E-DATASET, E-DATASET-FETCH, E-STORAGE, E-CANCELLED */
export async function loadAny(id: string, readData: ReadFile, tools: LoadTools): Promise<Dataset> {
  const { emit } = tools;
  if (id.startsWith('custom-')) {
    const kept = await keptDataset(id);
    if (!kept) throw missingDataset(id, 'browser');
    emit(await wholeArrival(kept));
    return kept;
  }
  if (id !== MULTIMNIST) return loadShipped(id, readData, tools);
  // What is shown is the pairs, not the digits that they are made of.
  const digits = await loadShipped(MULTIMNIST_BASE, readData, {
    ...tools,
    emit: (event) => event.type !== 'data' && emit(event),
  });
  const made = multiMnist(digits);
  emit(await wholeArrival(made));
  return made;
}

function loadShipped(id: string, readData: ReadFile, { emit, signal }: LoadTools): Promise<ImageDataset> {
  const done = { train: 0, test: 0 };
  const total = { train: 0, test: 0 };
  let sampled = false;
  return loadDataset(id, {
    read: readData,
    signal,
    onProgress: (doneBytes, totalBytes) =>
      emit({ type: 'progress', stage: 'data', done: doneBytes, total: totalBytes, unit: 'bytes' }),
    onShard: (shard) => {
      done[shard.split] = shard.done;
      total[shard.split] = shard.total;
      const sample = !sampled && shard.dataset.test.count > 0;
      sampled ||= sample;
      emit(arrival(shard.dataset, done.train + done.test, total.train + total.test, sample));
    },
  });
}

async function wholeArrival(dataset: Dataset): Promise<ExperimentEvent> {
  const total = dataset.train.count + dataset.test.count;
  const { info } = dataset;
  const sample = isStored(dataset) ? await storedSample(dataset) : sampleOf(dataset);
  return { type: 'data', info, loaded: total, total, sample };
}

async function storedSample({ info, test }: StoredImageDataset): Promise<DatasetSample> {
  const labels = [...test.labels.subarray(0, IMAGES)];
  const indices = labels.map((_, index) => index);
  const imageOf = await readImages(info, test, indices);
  return { images: concatBytes(indices.map(imageOf)), labels };
}

function arrival(dataset: ImageDataset, loaded: number, total: number, withSample: boolean): ExperimentEvent {
  return { type: 'data', info: dataset.info, loaded, total, sample: withSample ? sampleOf(dataset) : null };
}

function sampleOf(dataset: ImageDataset | TextDataset): DatasetSample {
  const { test } = dataset;
  const count = Math.min('words' in dataset ? TEXTS : IMAGES, test.count);
  const labels = [...test.labels.subarray(0, count)];
  if ('words' in dataset) {
    const texts = labels.map((_, index) => wordsOfText(dataset, dataset.test, index));
    return { texts, labels };
  }
  return { images: dataset.test.images.slice(0, count * pixelsPerImage(dataset.info.shape)), labels };
}
