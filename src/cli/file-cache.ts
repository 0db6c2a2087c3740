import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { FileCache, FileDraft } from '../core/datasets/fetch-remote.ts';
import type { SourceFile } from '../core/datasets/loaders/loader.ts';
import { LabError } from '../core/errors.ts';
import { systemCode, systemReason, statIfThere } from './files.ts';
import { sourceFiles } from './source-file.ts';

/** Fetched files in a folder; a file that is being written ends in `.partial`. */
export function folderCache(folder: string): FileCache {
  const place = (name: string): string => path.join(folder, path.basename(name));
  return {
    async find(name) {
      return (await statIfThere(place(name)))?.isFile() === true ? only(place(name)) : null;
    },
    async begin(name): Promise<FileDraft> {
      const partial = `${place(name)}.${process.pid}.partial`;
      const handle = await guarded(partial, async () => {
        await mkdir(folder, { recursive: true });
        return open(partial, 'w');
      });
      const discard = async (): Promise<void> => {
        await handle.close().catch(() => undefined);
        await rm(partial, { force: true });
      };
      return {
        write: (part) => guarded(partial, () => handle.writeFile(part)),
        finish: () =>
          guarded(partial, async () => {
            await handle.close();
            return only(partial);
          }),
        keep: () =>
          guarded(partial, async () => {
            await rename(partial, place(name));
            return only(place(name));
          }),
        discard,
      };
    },
  };
}

async function only(file: string): Promise<SourceFile> {
  const [found] = await sourceFiles([file]);
  if (found) return found;
  throw new RangeError(`${file} is no file.`);
}

async function guarded<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
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
