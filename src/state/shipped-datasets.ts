import type { DatasetInfo } from '../core/datasets/dataset.ts';
import { MULTIMNIST } from '../core/datasets/multimnist-id.ts';

/** A data set that can be chosen. */
export type DatasetChoice = Pick<DatasetInfo, 'id' | 'title' | 'kind'>;

/** The data sets that the page has by itself. */
export const SHIPPED: readonly DatasetChoice[] = [
  { id: 'mnist', title: 'MNIST', kind: 'images' },
  { id: MULTIMNIST, title: 'MultiMNIST', kind: 'images' },
];
