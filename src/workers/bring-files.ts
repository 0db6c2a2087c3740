/** Reads what a person dropped or chose, in whatever layout the loaders know. */
import { customId } from '../core/datasets/custom.ts';
import type { Dataset } from '../core/datasets/dataset.ts';
import type { FileDraft } from '../core/datasets/fetch-remote.ts';
import { chooseLoader } from '../core/datasets/loaders/choose-loader.ts';
import { imageLoaders } from '../core/datasets/loaders/image-loaders.ts';
import { blobFile } from '../core/datasets/loaders/source-files.ts';
import { textLoaders } from '../core/datasets/loaders/text-loaders.ts';
import { pictureDecoder } from '../core/formats/decode-picture.ts';
import { jpegWasm } from '../core/formats/jpeg-wasm.browser.ts';
import { beginPixels, hasPixelFiles } from '../storage/pixel-files.ts';
import type { JobTools } from './jobs.ts';
import type { BringFilesJob } from './protocol.ts';

/** Splits are drawn, and orders shuffled, by the same seed for all: the same files give the same data set. */
const SEED = 0;

/** Bytes of pixels that are kept in memory; more stay in a file of the browser. */
const HELD_BYTES = 2 ** 28;

/** @throws LabError E-DATASET, E-SHAPE, E-QUOTA, E-STORAGE, E-CANCELLED */
export async function bringFiles(
  { title, files, image, columns }: BringFilesJob,
  { signal, emit }: Pick<JobTools, 'signal' | 'emit'>,
): Promise<Dataset> {
  const sources = files.map(({ path, blob }) => blobFile(path, blob));
  const loaders = [...textLoaders, ...imageLoaders(pictureDecoder(jpegWasm))];
  const loader = await chooseLoader(loaders, sources, columns === null ? null : 'text-table');
  let told = 0;
  const id = customId(title);
  let pixels: FileDraft | null = null;
  const begin = async (): Promise<FileDraft> => (pixels = await beginPixels(id));
  const reading = loader.read(sources, {
    id,
    title,
    ...(hasPixelFiles() && { overflow: { heldBytes: HELD_BYTES, begin } }),
    seed: SEED,
    image,
    ...(columns && { columns }),
    signal,
    onProgress: (done, total, unit) => {
      // Small files come by the thousand.
      if (done < total && done - told < total / 200) return;
      told = done;
      emit({ type: 'progress', stage: 'data', done, total, unit });
    },
    onWarning: (warning) => emit({ type: 'warning', warning: warning.toData() }),
  });
  return reading.catch(async (thrown: unknown) => {
    await pixels?.discard();
    throw thrown;
  });
}
