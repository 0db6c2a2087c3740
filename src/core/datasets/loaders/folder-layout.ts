/** What the paths of pictures say: which split they belong to, and which class. */
import type { LabelTable } from './label-table.ts';
import { tableLabel } from './label-table.ts';

export type FolderSplit = 'train' | 'val' | 'test';

const SPLITS: Readonly<Record<string, FolderSplit>> = {
  train: 'train',
  training: 'train',
  final_training: 'train',
  val: 'val',
  valid: 'val',
  validation: 'val',
  dev: 'val',
  test: 'test',
  testing: 'test',
  final_test: 'test',
};

/** Folders that hold pictures and say nothing of them. */
const PLAIN_FOLDERS = new Set(['images', 'image', 'img', 'imgs', 'jpegimages', 'photos', 'pictures']);

export interface Labelled {
  /** Null: the files are not divided, or this one stands outside the division. */
  split: FolderSplit | null;
  /** Name of the class; null where nothing tells. */
  label: string | null;
}

/** The split that a path seems to belong to, before all paths are known. */
export function likelySplit(path: string): 'train' | 'test' {
  const found = path
    .split('/')
    .slice(0, -1)
    .map((part) => SPLITS[part.toLowerCase()])
    .find((split) => split !== undefined);
  return found === 'val' || found === 'test' ? 'test' : 'train';
}

/**
 * Split and class of each picture. Files are divided where a folder for training stands beside one for testing or
 * validation. A class is what a table says, else the first folder below the split's or below what all paths share; where
 * each class has all its pictures in a folder `images` (Tiny ImageNet), or a split has (GTSRB), that folder says nothing.
 */
export function readLayout(paths: readonly string[], tables: readonly LabelTable[]): Labelled[] {
  const split = paths.map((path) => path.split('/').slice(0, -1));
  const depth = sharedDepth(split);
  const kinds = new Set(split.map((folders) => splitAt(folders, depth)));
  const divided = kinds.has('train') && (kinds.has('test') || kinds.has('val'));
  return paths.map((path, index) => {
    const folders = split[index] ?? [];
    const label = tableLabel(tables, path);
    if (!divided) return { split: null, label: label ?? folders[depth] ?? null };
    const kind = splitAt(folders, depth);
    if (kind === null) return { split: null, label: null };
    const below = folders.slice(depth + 1);
    const named = PLAIN_FOLDERS.has(below[0]?.toLowerCase() ?? '') ? below[1] : below[0];
    return { split: kind, label: label ?? named ?? null };
  });
}

function splitAt(folders: readonly string[], depth: number): FolderSplit | null {
  return SPLITS[folders[depth]?.toLowerCase() ?? ''] ?? null;
}

/** How many folders at the start all pictures share. */
function sharedDepth(all: readonly (readonly string[])[]): number {
  const [first = [], ...others] = all;
  let depth = first.length;
  for (const folders of others) {
    let same = 0;
    while (same < depth && folders[same] === first[same]) same++;
    depth = same;
  }
  return depth;
}
