/** Data sets that are not fetched as they are: those that were brought, and MultiMNIST, made from another. */
import {
  type Dataset,
  isStored,
  type StoredImageDataset,
  type TextDataset,
} from '../core/datasets/dataset.ts';
import { missingDataset } from '../core/datasets/brought.ts';
import { multiMnist } from '../core/datasets/multimnist.ts';
import { MULTIMNIST_BASE } from '../core/datasets/multimnist-id.ts';
import type { ReadFile } from '../core/datasets/read-file.ts';
import type { DatasetSample, ExperimentEvent } from '../core/experiment/events.ts';
import { concatBytes } from '../core/formats/bytes.ts';
import { readImages } from '../core/training/images.ts';
import { wordsOfText } from '../core/training/texts.ts';
import { keptDataset } from '../storage/dataset-store.ts';
import type { LoadTools } from './dataset-shelf.ts';
import { imageSample, loadShipped, SAMPLE_IMAGES } from './load-shipped.ts';

/** Texts of a sample. */
const SAMPLE_TEXTS = 8;

/** @throws LabError E-DATASET, E-STORAGE */
export async function loadBrought(id: string, { emit }: LoadTools): Promise<Dataset> {
  const kept = await keptDataset(id);
  if (!kept) throw missingDataset(id, 'browser');
  emit(await wholeArrival(kept));
  return kept;
}

/** @throws LabError E-DATASET, E-DATASET-FETCH, E-CANCELLED */
export async function loadMultiMnist(readData: ReadFile, tools: LoadTools): Promise<Dataset> {
  const { emit } = tools;
  // What is shown is the pairs, not the digits that they are made of.
  const digits = await loadShipped(MULTIMNIST_BASE, readData, {
    ...tools,
    emit: (event) => event.type !== 'data' && emit(event),
  });
  const made = multiMnist(digits);
  emit(await wholeArrival(made));
  return made;
}

async function wholeArrival(dataset: Dataset): Promise<ExperimentEvent> {
  const total = dataset.train.count + dataset.test.count;
  return { type: 'data', info: dataset.info, loaded: total, total, sample: await sampleOf(dataset) };
}

async function sampleOf(dataset: Dataset): Promise<DatasetSample> {
  if (isStored(dataset)) return storedSample(dataset);
  return 'words' in dataset ? textSample(dataset) : imageSample(dataset);
}

async function storedSample({ info, test }: StoredImageDataset): Promise<DatasetSample> {
  const labels = [...test.labels.subarray(0, SAMPLE_IMAGES)];
  const indices = labels.map((_, index) => index);
  const imageOf = await readImages(info, test, indices);
  return { images: concatBytes(indices.map(imageOf)), labels };
}

function textSample(dataset: TextDataset): DatasetSample {
  const labels = [...dataset.test.labels.subarray(0, SAMPLE_TEXTS)];
  return { texts: labels.map((_, index) => wordsOfText(dataset, dataset.test, index)), labels };
}
