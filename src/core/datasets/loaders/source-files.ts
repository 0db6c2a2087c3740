import { unshared } from '../../formats/bytes.ts';
import type { SourceFile } from './loader.ts';

/** A file that the browser holds, or a part of one, under a path. */
export function blobFile(name: string, blob: Blob): SourceFile {
  return {
    name,
    size: blob.size,
    stream: () => blob.stream(),
    bytes: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
  };
}

/** Bytes that are in memory already, as a file. */
export function memoryFile(name: string, bytes: Uint8Array): SourceFile {
  return blobFile(name, new Blob([unshared(bytes)]));
}

/** All bytes of a file. */
export function wholeFile(file: SourceFile): Promise<Uint8Array> {
  return file.bytes(0, file.size);
}
