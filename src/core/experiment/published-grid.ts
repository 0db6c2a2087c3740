/**
 * What BackdoorBench printed of attacks and defenses: CIFAR-10, PreActResNet-18, its README's first table. Its caption says
 * 1 % of poison; names of its results and the clean accuracy of clean-label attacks speak of 10 %. For orientation beside
 * other data, networks and budgets.
 */
export const PUBLISHED_GRID_SOURCE = {
  text: 'BackdoorBench, README of its first version',
  url: 'https://github.com/SCLBD/BackdoorBench',
} as const;

/** Percent: clean accuracy, attack success, R-accuracy. */
export type PublishedCell = readonly [clean: number, attackSuccess: number, robust: number];

export const PUBLISHED_DEFENSES = ['none', 'FT', 'FP', 'NAD', 'NC', 'ANP', 'AC', 'SS', 'ABL', 'DBD'] as const;

/** In the order of `PUBLISHED_DEFENSES`. */
export const PUBLISHED_GRID: readonly { attack: string; cells: readonly PublishedCell[] }[] = [
  {
    attack: 'BadNets',
    cells: [[91.32, 95.03, 4.67], [89.96, 1.48, 89.39], [91.31, 57.13, 41.62], [89.87, 2.14, 88.71], [89.05, 1.27, 89.16], [84.17, 0.73, 84.04], [88.8, 86.23, 13.28], [89.98, 92.41, 7.2], [83.32, 0, 89.02], [89.65, 1.28, 89.17]], // prettier-ignore
  },
  {
    attack: 'Blended',
    cells: [[93.47, 99.92, 0.08], [92.78, 96.11, 3.57], [93.17, 99.26, 0.73], [92.17, 97.69, 2.14], [93.47, 99.92, 0.08], [86.58, 2.19, 61.17], [88.52, 99.72, 0.28], [90.35, 99.84, 0.14], [77.3, 0.73, 64.52], [69.91, 99.98, 0.02]], // prettier-ignore
  },
  {
    attack: 'LC',
    cells: [[84.59, 99.92, 0.07], [90.6, 11.53, 59.74], [89.53, 0.46, 13.32], [90.42, 10.5, 59.7], [90.28, 6.87, 62.24], [83.98, 4.12, 54.69], [81.28, 98.78, 0.86], [84.13, 99.53, 0.42], [65.31, 0, 52.69], [61.71, 0, 54.01]], // prettier-ignore
  },
  {
    attack: 'SIG',
    cells: [[84.48, 98.27, 1.72], [90.8, 2.37, 69.74], [89.1, 26.2, 20.61], [90.02, 10.66, 64.2], [84.48, 98.27, 1.72], [77.97, 0.01, 48.8], [82.41, 94.61, 5.17], [83.01, 92.27, 7.4], [57.8, 0, 59.97], [60.67, 100, 0]], // prettier-ignore
  },
  {
    attack: 'LF',
    cells: [[93.19, 99.28, 0.71], [92.37, 78.44, 19.42], [92.9, 98.97, 1.02], [92.37, 47.83, 47.49], [91.62, 1.41, 87.48], [85.15, 0.6, 82.72], [88.92, 98.09, 1.72], [92.58, 98.67, 1.28], [81.72, 0.21, 84.81], [50.98, 99.7, 0.08]], // prettier-ignore
  },
  {
    attack: 'SSBA',
    cells: [[92.88, 97.86, 1.99], [92.14, 74.79, 23.31], [92.54, 83.5, 15.36], [91.91, 77.4, 20.86], [90.99, 0.58, 87.04], [86.54, 0.39, 79.87], [90, 96.23, 3.53], [89.63, 90.5, 8.71], [80.79, 0, 84.66], [63.5, 99.51, 0.39]], // prettier-ignore
  },
  {
    attack: 'Input-aware',
    cells: [[90.67, 98.26, 1.66], [93.12, 1.72, 90.53], [91.74, 0.04, 44.54], [93.18, 1.68, 91.12], [92.61, 0.76, 90.87], [90.36, 1.64, 86.99], [91.48, 88.62, 10.61], [91.39, 90.43, 9.13], [63.19, 90.16, 5.77], [78.6, 8.54, 75.28]], // prettier-ignore
  },
  {
    attack: 'WaNet',
    cells: [[91.25, 89.73, 9.76], [93.48, 17.1, 78.29], [91.46, 1.09, 69.73], [93.17, 22.98, 72.69], [91.8, 7.53, 85.09], [85.73, 0.43, 86.5], [91.93, 96.8, 3.06], [91.94, 90.17, 9.37], [83.19, 0, 85.86], [80.9, 6.61, 77.61]], // prettier-ignore
  },
];
