/** A data set of any kind as one file: a line of JSON, in which arrays are places, then the arrays. */
import { z } from 'zod';
import { LabError } from '../errors.ts';
import { bytesOf } from '../formats/bytes.ts';
import type { Dataset } from './dataset.ts';
import { type PixelFile, StoredPixels } from './stored-pixels.ts';

const VERSION = 1;
/** Ends are little-endian; arrays begin at multiples of 8 from where the first does. */
const ALIGN = 8;
const MAX_HEADER_BYTES = 2 ** 26;

const KINDS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array } as const;
type Kind = keyof typeof KINDS;
type Values = InstanceType<(typeof KINDS)[Kind]>;

const place = z.strictObject({
  $array: z.enum(['u8', 'u16', 'u32']),
  at: z.int().min(0),
  length: z.int().min(0),
});
const pixelPlace = z.strictObject({ $pixels: z.string(), rowBytes: z.int().min(1) });
const name = z.string();
const info = z.looseObject({
  id: name,
  title: name,
  kind: z.enum(['images', 'text']),
  classes: z.array(name),
});
const split = z.looseObject({ count: z.int().min(0), labels: place });
const header = z.object({
  version: z.literal(VERSION),
  dataset: z.looseObject({ info, train: split, test: split }),
});

/** Opens the file of pixels that a data set names. @throws LabError E-DATASET when it is not there */
export type OpenPixels = (name: string) => Promise<PixelFile>;

/** The pieces of the file, in order; arrays are not copied. Pixels that stay in a file of their own are named alone. */
export function datasetPieces(dataset: Dataset): Uint8Array[] {
  const arrays: Uint8Array[] = [];
  let at = 0;
  const json = JSON.stringify({ version: VERSION, dataset }, (_key, value: unknown) => {
    if (value instanceof StoredPixels) return { $pixels: value.file.name, rowBytes: value.rowBytes };
    const kind = kindOf(value);
    if (kind === null) return value;
    const values = value as Values;
    const bytes = bytesOf(values);
    const padding = (ALIGN - (bytes.length % ALIGN)) % ALIGN;
    const from = at;
    arrays.push(bytes, new Uint8Array(padding));
    at += bytes.length + padding;
    return { $array: kind, at: from, length: values.length };
  });
  return [new TextEncoder().encode(`${json}\n`), ...arrays];
}

/**
 * @param size bytes of the file
 * @param read gives bytes [from, to) of it
 * @param openPixels for data sets whose images do not fit in memory
 * @throws LabError E-DATASET when it is damaged, cut short or of another version
 */
export async function datasetFromFile(
  file: string,
  size: number,
  read: (from: number, to: number) => Promise<Uint8Array>,
  openPixels?: OpenPixels,
): Promise<Dataset> {
  const refuse = (why: string, cause?: unknown): LabError =>
    new LabError(
      {
        code: 'E-DATASET',
        what: `${file} is no data set that the lab kept.`,
        why,
        fix: 'Add the data set again.',
        where: file,
      },
      { cause },
    );
  const { text, end } = await firstLine(size, read);
  let parsed: z.output<typeof header>;
  try {
    parsed = header.parse(JSON.parse(text));
  } catch (cause) {
    throw refuse('Its first line does not describe one.', cause);
  }
  let pixels: Promise<StoredPixels> | null = null;
  const filled = async (value: unknown): Promise<unknown> => {
    const found = place.safeParse(value);
    if (found.success) {
      const { $array: kind, at, length } = found.data;
      const values = KINDS[kind];
      const from = end + at;
      const to = from + length * values.BYTES_PER_ELEMENT;
      if (to > size) throw refuse('It is cut short.');
      // A copy of its own, so that it begins where its type may.
      return new values(new Uint8Array(await read(from, to)).buffer);
    }
    const there = pixelPlace.safeParse(value);
    if (there.success) {
      if (!openPixels) throw refuse('Its images are in a file that is not read here.');
      const { $pixels: name, rowBytes } = there.data;
      // One for both splits, so that they share what is in memory.
      pixels ??= openPixels(name).then((opened) => new StoredPixels(opened, rowBytes));
      return pixels;
    }
    if (Array.isArray(value) || value === null || typeof value !== 'object') return value;
    const entries: [string, unknown][] = [];
    for (const [key, inner] of Object.entries(value)) entries.push([key, await filled(inner)]);
    return Object.fromEntries(entries);
  };
  const dataset = (await filled(parsed.dataset)) as Dataset;
  for (const part of [dataset.train, dataset.test]) {
    if (part.labels.length !== part.count) throw refuse('Its labels are not as many as its examples.');
    if (!('rows' in part)) continue;
    const { rows, pixels: stored, count } = part;
    if (rows.length !== count || rows.some((row) => row >= stored.rows)) {
      throw refuse('The file of its images does not have all of them.');
    }
  }
  return dataset;
}

/** What stands in the first line: id and title, without the arrays. @throws LabError E-DATASET */
export async function keptInfo(
  file: string,
  size: number,
  read: (from: number, to: number) => Promise<Uint8Array>,
): Promise<Dataset['info'] & { trainCount: number; testCount: number }> {
  const { text } = await firstLine(size, read);
  try {
    const { dataset } = header.parse(JSON.parse(text));
    const counts = { trainCount: dataset.train.count, testCount: dataset.test.count };
    return { ...(dataset.info as unknown as Dataset['info']), ...counts };
  } catch (cause) {
    throw new LabError(
      {
        code: 'E-DATASET',
        what: `${file} is no data set that the lab kept.`,
        why: 'Its first line does not describe one.',
        fix: 'Remove it, or add the data set again.',
        where: file,
      },
      { cause },
    );
  }
}

async function firstLine(
  size: number,
  read: (from: number, to: number) => Promise<Uint8Array>,
): Promise<{ text: string; end: number }> {
  for (let tried = 2 ** 16; ; tried *= 16) {
    const bytes = await read(0, Math.min(size, tried));
    const newline = bytes.indexOf(0x0a);
    if (newline >= 0) return { text: new TextDecoder().decode(bytes.subarray(0, newline)), end: newline + 1 };
    if (tried >= size || tried > MAX_HEADER_BYTES) return { text: '', end: 0 };
  }
}

function kindOf(value: unknown): Kind | null {
  if (value instanceof Uint8Array) return 'u8';
  if (value instanceof Uint16Array) return 'u16';
  return value instanceof Uint32Array ? 'u32' : null;
}
