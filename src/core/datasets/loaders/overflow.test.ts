import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { experimentSchema } from '../../config/schema.ts';
import { pictureDecoder } from '../../formats/decode-picture.ts';
import { jpegWasm } from '../../formats/jpeg-wasm.node.ts';
import { backdoorsOf } from '../../training/backdoor.ts';
import { TaskSource } from '../../training/tasks.ts';
import { type Dataset, isImages, isStored } from '../dataset.ts';
import { datasetFromFile, datasetPieces } from '../kept-form.ts';
import { subset } from '../subset.ts';
import { imageFolderLoader } from './image-folder.ts';
import type { Overflow, SourceFile } from './loader.ts';
import { loadRequest, plainPng } from './pictures.test-support.ts';
import { memoryFile, wholeFile } from './source-files.ts';
import { concatBytes } from '../../formats/bytes.ts';

const loader = imageFolderLoader(pictureDecoder(jpegWasm));
const SIDE = 6;

/** A zip of many pictures, no two alike. */
function manyPictures(count: number): SourceFile {
  const files = Array.from({ length: count }, (_, at): [string, Uint8Array] => [
    `set/${['ant', 'bee', 'cow'][at % 3] ?? ''}/${at}.png`,
    plainPng(SIDE, SIDE, [at % 256, (at * 7) % 256, at >> 8]),
  ]);
  return memoryFile('many.zip', zipSync(Object.fromEntries(files), { level: 0 }));
}

/** A file of pixels in memory, as the disk's, with how much came at once. */
function draft(heldBytes: number) {
  const parts: Uint8Array[] = [];
  const begun: Overflow = {
    heldBytes,
    begin: () =>
      Promise.resolve({
        write: (part) => {
          parts.push(part.slice());
          return Promise.resolve();
        },
        finish: () => Promise.resolve(memoryFile('custom-test.pixels', concatBytes(parts))),
      }),
  };
  return { overflow: begun, parts };
}

const image = { size: SIDE, channels: 3 } as const;
const request = (overflow?: Overflow) => loadRequest({ image, ...(overflow && { overflow }) });

/** The first steps of a poisoned, augmented training. */
async function steps(dataset: Dataset) {
  const config = experimentSchema.parse({
    seed: 5,
    training: { batch_size: 16, augmentation: { crop_padding: 1, flip: true } },
    attack: {
      synthesizer: { kind: 'single_pixel', placement: { kind: 'random', per: 'example' } },
      injection: { kind: 'data', fraction: 0.3 },
      label: { kind: 'one_target', target: 1 },
    },
  });
  const source = new TaskSource(config, dataset, backdoorsOf(config, dataset));
  const taken = [];
  for (let batch = 0; batch < source.stepsPerEpoch; batch++)
    taken.push((await source.step(1, batch, false)).tasks);
  return taken;
}

describe('pictures that do not fit in memory', () => {
  it('train on the very numbers that they would in memory', async () => {
    const held = await loader.read([manyPictures(300)], request());
    const { overflow, parts } = draft(50 * SIDE * SIDE * 3);
    const stored = await loader.read([manyPictures(300)], request(overflow));
    expect(isStored(held)).toBe(false);
    if (!isStored(stored)) throw new Error('it is in memory');
    expect(concatBytes(parts)).toHaveLength(300 * SIDE * SIDE * 3);
    expect(stored.info).toEqual(held.info);
    expect([...stored.train.labels]).toEqual([...held.train.labels]);
    expect(await steps(stored)).toEqual(await steps(held));
    expect(await steps(subset(stored, 100, 10))).toEqual(await steps(subset(held, 100, 10)));
  });

  it('stay in memory where they fit', async () => {
    const { overflow, parts } = draft(300 * SIDE * SIDE * 3);
    const dataset = await loader.read([manyPictures(300)], request(overflow));
    if (!isImages(dataset) || isStored(dataset)) throw new Error('it is in a file');
    expect(parts).toHaveLength(0);
    expect(dataset.train.images).toHaveLength(270 * SIDE * SIDE * 3);
  });

  it('are kept with the name of their file, and come back from it', async () => {
    const { overflow } = draft(0);
    const stored = await loader.read([manyPictures(60)], request(overflow));
    if (!isStored(stored)) throw new Error('it is in memory');
    const kept = concatBytes(datasetPieces(stored));
    const read = (from: number, to: number) => Promise.resolve(kept.slice(from, to));
    const { file } = stored.train.pixels;
    const back = await datasetFromFile('a.dataset', kept.length, read, (name) => {
      expect(name).toBe('custom-test.pixels');
      return Promise.resolve(file);
    });
    expect(await steps(back)).toEqual(await steps(stored));
    const shorter = memoryFile(file.name, (await wholeFile(file as SourceFile)).slice(0, -SIDE * SIDE * 3));
    await expect(
      datasetFromFile('a.dataset', kept.length, read, () => Promise.resolve(shorter)),
    ).rejects.toThrow(/E-DATASET.*does not have all/s);
    await expect(datasetFromFile('a.dataset', kept.length, read)).rejects.toThrow('E-DATASET');
  });

  it('that the disk does not take end the reading', async () => {
    const full: Overflow = { heldBytes: 0, begin: () => Promise.reject(new Error('no space')) };
    await expect(loader.read([manyPictures(10)], request(full))).rejects.toThrow('no space');
  });
});
