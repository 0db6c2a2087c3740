import { cancelledError, LabError } from '../errors.ts';
import { gunzip, isGzip } from '../formats/gzip.ts';
import type { ImageDataset, ImageSplit } from './dataset.ts';
import { pixelsPerImage } from './dataset.ts';
import type { Manifest, ManifestShard, SplitName } from './manifest.ts';
import { decodeShard, exampleBytes, parseManifest } from './manifest.ts';
import type { ReadFile } from './read-file.ts';
import { sha256 } from './sha256.ts';

/** Shards that are fetched ahead of the one that is being unpacked. */
const AHEAD = 3;

/** The first shard of each split comes alone: others beside it would only make it late. */
const ALONE = 2;

/** What has come so far: `dataset` holds the first examples of each split, views of the arrays that are being filled. */
export interface ShardArrival {
  split: SplitName;
  /** Examples of that split that have come. */
  done: number;
  total: number;
  dataset: ImageDataset;
}

export interface LoadOptions {
  read: ReadFile;
  signal?: AbortSignal | undefined;
  /** Bytes as served, over all shards. */
  onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
  /** Called for each shard in order: first of train, first of test, the rest of train, the rest of test. */
  onShard?: ((arrival: ShardArrival) => void) | undefined;
  onWarning?: ((warning: LabError) => void) | undefined;
}

/**
 * Loads `<id>/manifest.json` and its shards; the first 5,000 training and test examples come first.
 * Throws E-DATASET-FETCH (a file cannot be fetched), E-DATASET (a manifest or shard that is wrong), E-CANCELLED.
 */
export async function loadDataset(id: string, options: LoadOptions): Promise<ImageDataset> {
  const { read, signal, onShard } = options;
  const stop = new AbortController();
  const forward = (): void => stop.abort();
  if (isAborted(signal)) throw cancelledError();
  signal?.addEventListener('abort', forward, { once: true });
  try {
    const path = `${id}/manifest.json`;
    const text = new TextDecoder().decode(await read(path, { signal: stop.signal }));
    const manifest = parseManifest(text, path);
    const dataset = emptyDataset(manifest);
    const counts: Record<SplitName, number> = { train: 0, test: 0 };
    const order = arrivalOrder(manifest);
    const fetchShard = shardFetcher(manifest, id, order, { ...options, signal: stop.signal });

    const pending: Promise<Uint8Array>[] = [];
    for (const [index, { split, shard }] of order.entries()) {
      const wanted = index + 1 + (index < ALONE ? 0 : AHEAD);
      while (pending.length < Math.min(order.length, wanted)) pending.push(fetchShard(pending.length));
      const contents = await pending[index];
      if (contents === undefined || stop.signal.aborted) throw cancelledError();
      decodeShard(contents, shard, manifest, dataset[split], counts[split]);
      counts[split] += shard.count;
      onShard?.({
        split,
        done: counts[split],
        total: manifest.splits[split].count,
        dataset: firstExamples(dataset, counts),
      });
    }
    return dataset;
  } catch (error) {
    stop.abort();
    throw isAborted(signal) ? cancelledError() : error;
  } finally {
    signal?.removeEventListener('abort', forward);
  }
}

/** Read anew each time: it changes while promises are awaited. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

interface Placed {
  split: SplitName;
  shard: ManifestShard;
}

/** The first shard of each split, so that the page can show something, then the rest. */
function arrivalOrder({ splits }: Manifest): Placed[] {
  const train = splits.train.shards.map((shard): Placed => ({ split: 'train', shard }));
  const test = splits.test.shards.map((shard): Placed => ({ split: 'test', shard }));
  return [...train.slice(0, 1), ...test.slice(0, 1), ...train.slice(1), ...test.slice(1)];
}

/** Gives a function that fetches, unpacks and checks the n-th shard; it counts the bytes of all of them together. */
function shardFetcher(
  manifest: Manifest,
  id: string,
  order: readonly Placed[],
  { read, signal, onProgress, onWarning }: LoadOptions,
): (index: number) => Promise<Uint8Array> {
  const total = order.reduce((sum, { shard }) => sum + shard.bytes, 0);
  const done = new Array<number>(order.length).fill(0);
  let warned = false;
  const report = (index: number, bytes: number): void => {
    done[index] = bytes;
    onProgress?.(
      done.reduce((sum, value) => sum + value, 0),
      total,
    );
  };
  const fetchOne = async (index: number): Promise<Uint8Array> => {
    const placed = order[index];
    if (placed === undefined) throw new RangeError(`There is no shard ${index}.`);
    const { shard } = placed;
    const file = `${id}/${shard.file}`;
    const onBytes = (bytes: number): void => report(index, Math.min(bytes, shard.bytes));
    const served = await read(file, { signal, onBytes });
    report(index, shard.bytes);
    // A server that names the gzip as an encoding makes the browser unpack it: then it comes plain.
    const maxBytes = shard.count * exampleBytes(manifest);
    const zipped = isGzip(served) && served.length !== maxBytes;
    const contents = zipped ? await gunzip(served, { file, maxBytes }) : served;
    const found = await sha256(contents);
    if (found === null && !warned) {
      warned = true;
      onWarning?.(uncheckedWarning(id));
    }
    if (found !== null && found !== shard.sha256) throw checksumError(file, shard.sha256, found);
    return contents;
  };
  return (index) => {
    const promise = fetchOne(index);
    // Awaited in order later: until then a failure must not count as unhandled.
    promise.catch(() => undefined);
    return promise;
  };
}

function emptyDataset({ info, splits }: Manifest): ImageDataset {
  const empty = (count: number): ImageSplit => ({
    count,
    images: new Uint8Array(count * pixelsPerImage(info.shape)),
    labels: new Uint16Array(count),
  });
  return {
    info: { kind: 'images', ...info },
    train: empty(splits.train.count),
    test: empty(splits.test.count),
  };
}

function firstExamples({ info, train, test }: ImageDataset, counts: Record<SplitName, number>): ImageDataset {
  const pixels = pixelsPerImage(info.shape);
  const first = (split: ImageSplit, count: number): ImageSplit => ({
    count,
    images: split.images.subarray(0, count * pixels),
    labels: split.labels.subarray(0, count),
  });
  return { info, train: first(train, counts.train), test: first(test, counts.test) };
}

function checksumError(file: string, expected: string, found: string): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${file} does not hold what its manifest promises.`,
    why: `Its SHA-256 should be ${expected} and is ${found}.`,
    fix: 'Load the page again; if it stays, prepare the data again: `npm start` does it.',
    where: file,
  });
}

function uncheckedWarning(id: string): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `The checksums of ${id} were not verified.`,
    why: 'This page is not served over https or from localhost, so the browser offers no SHA-256.',
    fix: 'Open the lab on localhost or over https to have them checked.',
  });
}
