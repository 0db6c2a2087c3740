/** Images that do not fit in memory, in the browser's private file system (OPFS): one file for each such data set. */
import type { FileDraft } from '../core/datasets/fetch-remote.ts';
import type { SourceFile } from '../core/datasets/loaders/loader.ts';
import { blobFile } from '../core/datasets/loaders/source-files.ts';
import { LabError } from '../core/errors.ts';
import { unshared } from '../core/formats/bytes.ts';
import { storageError } from './database.ts';

/** Several projects may share an origin, so the folder carries the lab's name. */
const FOLDER = 'backdoor-lab-pixels';

/** Whether this browser has such files that can be written. */
export function hasPixelFiles(): boolean {
  return (
    typeof navigator !== 'undefined' &&
    'storage' in navigator &&
    'getDirectory' in navigator.storage &&
    typeof FileSystemFileHandle !== 'undefined' &&
    'createWritable' in FileSystemFileHandle.prototype
  );
}

/** Begins a file of a name that no other has. @throws LabError E-QUOTA, E-STORAGE */
export async function beginPixels(id: string): Promise<FileDraft> {
  const name = `${id}.${crypto.randomUUID()}`;
  return guarded(async () => {
    const folder = await pixelFolder();
    const handle = await folder.getFileHandle(name, { create: true });
    const writable = await handle.createWritable();
    const file = (): Promise<SourceFile> => guarded(async () => blobFile(name, await handle.getFile()));
    return {
      write: (part) => guarded(() => writable.write(unshared(part))),
      finish: () => guarded(() => writable.close()).then(file),
      // The data set names it from then on.
      keep: file,
      discard: async () => {
        await writable.abort().catch(() => undefined);
        await folder.removeEntry(name).catch(() => undefined);
      },
    };
  });
}

/** @throws LabError E-DATASET when it is not there, E-STORAGE */
export async function openPixels(name: string): Promise<SourceFile> {
  return guarded(async () => {
    const folder = await pixelFolder();
    try {
      return blobFile(name, await (await folder.getFileHandle(name)).getFile());
    } catch (cause) {
      if (!(cause instanceof DOMException) || cause.name !== 'NotFoundError') throw cause;
      throw new LabError(
        {
          code: 'E-DATASET',
          what: 'The images of this data set are gone.',
          why: 'The browser’s private files of this page were cleared.',
          fix: 'Bring its files again under the same name.',
          where: 'task.dataset',
        },
        { cause },
      );
    }
  });
}

/** Removes the files of a data set but for the one that it names now. */
export async function dropOtherPixels(id: string, named: string | null): Promise<void> {
  if (!hasPixelFiles()) return;
  await guarded(async () => {
    const folder = await pixelFolder();
    for await (const name of folder.keys()) {
      if (name.startsWith(`${id}.`) && name !== named) await folder.removeEntry(name);
    }
  });
}

async function pixelFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(FOLDER, { create: true });
}

async function guarded<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    throw storageError(thrown);
  }
}
