/** Files and folders that a person chose or dropped, with their paths. */

export interface ChosenFile {
  /** With `/`; below the folder that was given. */
  path: string;
  blob: Blob;
}

/** Files of an `<input>`, also of one that takes a folder. */
export function filesOfInput(files: FileList | null): ChosenFile[] {
  return [...(files ?? [])].map((file) => ({
    path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
    blob: file,
  }));
}

/** Whether a file is of texts by its name, so that nothing is asked of images. */
export function isTextName(path: string): boolean {
  return /\.(csv|tsv|jsonl|ndjson|json|txt|text)(\.gz)?$/i.test(path);
}

/** What was dropped, with everything within folders. The entries are taken at once: they are gone after the event. */
export async function filesOfDrop(transfer: DataTransfer): Promise<ChosenFile[]> {
  const entries = [...transfer.items].flatMap((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    return entry === null ? [] : [entry];
  });
  const found: ChosenFile[] = [];
  for (const entry of entries) await addEntry(entry, found);
  return found;
}

async function addEntry(entry: FileSystemEntry, found: ChosenFile[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    found.push({ path, blob: file });
  }
  if (!entry.isDirectory) return;
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // It gives some at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return;
    for (const inner of some) await addEntry(inner, found);
  }
}
