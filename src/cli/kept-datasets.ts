/** Data sets that were added or fetched in the terminal: one file each in the cache folder. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Dataset, isStored } from '../core/datasets/dataset.ts';
import type { FileDraft } from '../core/datasets/fetch-remote.ts';
import { datasetFromFile, datasetPieces, keptInfo } from '../core/datasets/kept-form.ts';
import { LabError } from '../core/errors.ts';
import { cacheFolder } from './cache-folder.ts';
import { folderCache } from './file-cache.ts';
import { statIfThere, systemCode, systemReason } from './files.ts';
import { sourceFiles } from './source-file.ts';

const ENDING = '.dataset';
const PIXELS = '.pixels';
const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

export interface KeptDataset {
  id: string;
  title: string;
  kind: 'images' | 'text';
  classes: number;
  train: number;
  test: number;
}

export function datasetsFolder(): string {
  return path.join(cacheFolder(), 'datasets');
}

/**
 * Where pixels go that do not fit in memory: a file beside the data set, of another name each time, so that what is there
 * stays whole until the new one is.
 */
export function pixelDrafts(folder = datasetsFolder()): { begin: (id: string) => Promise<FileDraft> } {
  const cache = folderCache(folder);
  return { begin: (id) => cache.begin(`${id}.${randomUUID().slice(0, 8)}${PIXELS}`) };
}

/** Files of pixels that no data set names any more. */
async function dropOtherPixels(dataset: Dataset, folder: string): Promise<void> {
  const named = isStored(dataset) ? path.basename(dataset.train.pixels.file.name) : null;
  for (const name of await readdir(folder)) {
    const ours = name.startsWith(`${dataset.info.id}.`) && name.endsWith(PIXELS);
    if (ours && name !== named) await rm(path.join(folder, name), { force: true });
  }
}

/**
 * @param dataset its pixels, where they are in a file, are in this folder already
 * @returns the file. @throws LabError E-STORAGE, E-QUOTA
 */
export async function keepOnDisk(dataset: Dataset, folder = datasetsFolder()): Promise<string> {
  const file = path.join(folder, dataset.info.id + ENDING);
  const partial = `${file}.${process.pid}.partial`;
  try {
    await mkdir(folder, { recursive: true });
    const handle = await open(partial, 'w');
    try {
      for (const piece of datasetPieces(dataset)) await handle.writeFile(piece);
    } finally {
      await handle.close();
    }
    await rename(partial, file);
    await dropOtherPixels(dataset, folder);
    return file;
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined);
    const full = ['ENOSPC', 'EDQUOT'].includes(systemCode(cause));
    throw new LabError(
      {
        code: full ? 'E-QUOTA' : 'E-STORAGE',
        what: `${file} cannot be written.`,
        why: systemReason(cause),
        fix: full ? 'Free some space.' : 'Choose another folder by BACKDOOR_LAB_CACHE.',
        where: file,
      },
      { cause },
    );
  }
}

/** Null when it is not there. @throws LabError E-DATASET when it is damaged */
export async function keptOnDisk(id: string, folder = datasetsFolder()): Promise<Dataset | null> {
  const file = path.join(folder, id + ENDING);
  if (!ID.test(id) || (await statIfThere(file))?.isFile() !== true) return null;
  const [source] = await sourceFiles([file]);
  if (!source) return null;
  return datasetFromFile(
    file,
    source.size,
    (from, to) => source.bytes(from, to),
    async (name) => {
      const [pixels] = await sourceFiles([path.join(folder, path.basename(name))]);
      if (pixels) return pixels;
      throw new RangeError(`${name} is no file`);
    },
  );
}

/** What is there, by id; files that cannot be read are left out. */
export async function listKept(folder = datasetsFolder()): Promise<KeptDataset[]> {
  const names = await readdir(folder).catch(() => []);
  const kept: KeptDataset[] = [];
  for (const name of names.filter((one) => one.endsWith(ENDING)).sort()) {
    const file = path.join(folder, name);
    try {
      const [source] = await sourceFiles([file]);
      if (!source) continue;
      const info = await keptInfo(file, source.size, (from, to) => source.bytes(from, to));
      const { id, title, kind, classes, trainCount, testCount } = info;
      kept.push({ id, title, kind, classes: classes.length, train: trainCount, test: testCount });
    } catch (thrown) {
      if (!(thrown instanceof LabError)) throw thrown;
    }
  }
  return kept;
}
