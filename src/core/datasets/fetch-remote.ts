import { asSentence, messageOf } from '../error-words.ts';
import { cancelledError, LabError } from '../errors.ts';
import { grouped } from '../formats/bytes.ts';
import type { SourceFile } from './loaders/loader.ts';
import { wholeFile } from './loaders/source-files.ts';
import type { RemoteFile } from './remote.ts';
import { sha256 } from './sha256.ts';

/** Files that were fetched, by name: on the disk in the terminal, in memory in tests. */
export interface FileCache {
  /** Null when it is not there, or only in part. */
  find(name: string): Promise<SourceFile | null>;
  /** Begins a file anew; it counts as there once it is kept. @throws LabError E-QUOTA, E-STORAGE */
  begin(name: string): Promise<FileDraft>;
}

export interface FileDraft {
  write(part: Uint8Array): Promise<void>;
  /** What has been written, readable before it is kept. */
  finish(): Promise<SourceFile>;
  keep(): Promise<SourceFile>;
  discard(): Promise<void>;
}

export interface FetchOptions {
  signal: AbortSignal;
  /** Bytes of this file. */
  onProgress: (done: number, total: number) => void;
  /** A server that sends nothing for so long is given up, in milliseconds; a minute when left out. */
  stallMs?: number;
}

const STALL_MS = 60_000;

/**
 * A file from the cache, else from the first of its addresses that has it, checked and kept.
 * @throws LabError E-DATASET-FETCH (no address can be reached), E-DATASET (another checksum), E-CANCELLED, E-QUOTA, E-STORAGE
 */
export async function fetchRemote(
  file: RemoteFile,
  cache: FileCache,
  options: FetchOptions,
): Promise<SourceFile> {
  const kept = await cache.find(file.name);
  if (kept && kept.size === file.bytes && (await sha256(await wholeFile(kept))) === file.sha256) return kept;
  const failures: string[] = [];
  for (const address of file.addresses) {
    try {
      return await fetchFrom(address, file, cache, options);
    } catch (thrown) {
      if (options.signal.aborted) throw cancelledError();
      const known = thrown instanceof LabError && thrown.code !== 'E-DATASET-FETCH';
      // The next address may have the right one; only what the disk says ends it here.
      if (known && thrown.code !== 'E-DATASET') throw thrown;
      if (address === file.addresses.at(-1) && known) throw thrown;
      failures.push(thrown instanceof LabError ? thrown.why : asSentence(`${address}: ${messageOf(thrown)}`));
    }
  }
  throw new LabError({
    code: 'E-DATASET-FETCH',
    what: `${file.name} cannot be fetched.`,
    why: failures.join(' '),
    fix: 'Check that you are online; or download it elsewhere and give the file: `lab data add FILE --name NAME`.',
    where: file.addresses[0] ?? file.name,
  });
}

async function fetchFrom(
  address: string,
  file: RemoteFile,
  cache: FileCache,
  options: FetchOptions,
): Promise<SourceFile> {
  const { signal, stallMs = STALL_MS } = options;
  const stalled = new AbortController();
  const silence = (): LabError =>
    new LabError({
      code: 'E-DATASET-FETCH',
      what: `${address} cannot be fetched.`,
      why: `${address} sent nothing for ${grouped(stallMs / 1000)} seconds.`,
      fix: 'Try again later.',
      where: address,
    });
  let timer = setTimeout(() => stalled.abort(silence()), stallMs);
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(silence()), stallMs);
  };
  try {
    const either = AbortSignal.any([signal, stalled.signal]);
    return await receive(address, await fetch(address, { signal: either }), file, cache, {
      ...options,
      onProgress: (done, total) => {
        alive();
        options.onProgress(done, total);
      },
    });
  } finally {
    clearTimeout(timer);
  }
}

async function receive(
  address: string,
  response: Response,
  { name, bytes, sha256: expected }: RemoteFile,
  cache: FileCache,
  { onProgress }: FetchOptions,
): Promise<SourceFile> {
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new LabError({
      code: 'E-DATASET-FETCH',
      what: `${address} cannot be fetched.`,
      why: `${address} answered ${`${response.status} ${response.statusText}`.trim()}.`,
      fix: 'Try again later.',
      where: address,
    });
  }
  const draft = await cache.begin(name);
  try {
    let done = 0;
    const reader = response.body.getReader();
    for (;;) {
      const part = await reader.read();
      if (part.done) break;
      done += part.value.length;
      if (done > bytes) {
        await reader.cancel();
        throw wrongFile(address, `It is longer than the ${grouped(bytes)} bytes of the official file`);
      }
      await draft.write(part.value);
      onProgress(done, bytes);
    }
    if (done !== bytes)
      throw wrongFile(address, `It ended after ${grouped(done)} of ${grouped(bytes)} bytes`);
    const found = await sha256(await wholeFile(await draft.finish()));
    if (found !== expected) {
      throw wrongFile(address, `Its SHA-256 is ${found ?? 'not to be had here'} and should be ${expected}`);
    }
    return await draft.keep();
  } catch (thrown) {
    await draft.discard();
    throw thrown;
  }
}

function wrongFile(address: string, why: string): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${address} is not the file that was expected.`,
    why: asSentence(why),
    fix: 'Try again; if it stays, the file at this address has changed: do not use it.',
    where: address,
  });
}
