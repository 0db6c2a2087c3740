/** The served form of a data set: `<id>/manifest.json` beside its shards, and the codec of a shard. */
import en from 'zod/v4/locales/en.js';
import * as z from 'zod/mini';
import { asSentence } from '../error-words.ts';
import { LabError } from '../errors.ts';
import { grouped, viewOf } from '../formats/bytes.ts';
import type { ImageSplit } from './dataset.ts';

export const MANIFEST_VERSION = 1;

/** Examples in a shard, but for the last one of a split. */
export const SHARD_EXAMPLES = 5000;

/** The most that one data set may hold in memory. */
const MAX_DATASET_BYTES = 2 ** 31 - 1;

// The small zod: the first images wait for this file. It speaks once it is given a language.
z.config(en());

const matching = (pattern: RegExp) => z.string().check(z.regex(pattern));
const positiveInt = z.int().check(z.minimum(1));
const side = z.int().check(z.minimum(1), z.maximum(4096));

const shard = z.strictObject({
  /** A name without folders: a manifest cannot reach outside its own one. */
  file: matching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/),
  count: positiveInt,
  /** Of the contents before gzip, so that it does not depend on the compressor or on a server that unpacks. */
  sha256: matching(/^[0-9a-f]{64}$/),
  /** Size of the file as served. */
  bytes: positiveInt,
});

const split = z.strictObject({ count: positiveInt, shards: z.array(shard).check(z.minLength(1)) });

const manifestSchema = z.strictObject({
  version: z.literal(MANIFEST_VERSION),
  /** What it was made from and by, so that it is made again only when that changes. */
  inputs: z.string(),
  info: z.strictObject({
    id: matching(/^[a-z0-9][a-z0-9_-]{0,63}$/),
    title: z.string(),
    shape: z.strictObject({ height: side, width: side, channels: z.union([z.literal(1), z.literal(3)]) }),
    classes: z.array(z.string()).check(z.minLength(2), z.maxLength(10_000)),
    mean: z.array(z.number()),
    deviation: z.array(z.number().check(z.positive())),
    source: z.string(),
    licence: z.string(),
  }),
  /** Bytes of a label within a shard; two are little-endian. */
  label_bytes: z.union([z.literal(1), z.literal(2)]),
  splits: z.strictObject({ train: split, test: split }),
});

export type Manifest = z.output<typeof manifestSchema>;
export type ManifestShard = z.output<typeof shard>;
export type SplitName = keyof Manifest['splits'];

/** Reads a manifest. Throws E-DATASET that names what is wrong. */
export function parseManifest(text: string, file: string): Manifest {
  const refuse = (why: string, cause?: unknown): LabError =>
    new LabError(
      {
        code: 'E-DATASET',
        what: `${file} is not a data set manifest.`,
        why,
        fix: 'Prepare the data again: `npm start` does it.',
        where: file,
      },
      { cause },
    );
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw refuse(
      text.trimStart().startsWith('<')
        ? 'It is a web page: the file is probably missing.'
        : 'It is not JSON.',
      cause,
    );
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw refuse(asSentence(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown'}`), parsed.error);
  }
  const manifest = parsed.data;
  const { channels } = manifest.info.shape;
  if (manifest.info.mean.length !== channels || manifest.info.deviation.length !== channels) {
    throw refuse(`info.mean and info.deviation need ${channels} values, one a channel.`);
  }
  for (const [name, { count, shards }] of Object.entries(manifest.splits)) {
    const sum = shards.reduce((total, one) => total + one.count, 0);
    if (sum !== count) throw refuse(`The shards of ${name} hold ${sum} examples and not ${count}.`);
    if (count * exampleBytes(manifest) > MAX_DATASET_BYTES) {
      throw refuse(`The split ${name} is larger than ${grouped(MAX_DATASET_BYTES)} bytes.`);
    }
  }
  return manifest;
}

/** Bytes of one example within a shard: its label and its pixels. */
export function exampleBytes({ label_bytes, info }: Pick<Manifest, 'label_bytes' | 'info'>): number {
  return label_bytes + info.shape.height * info.shape.width * info.shape.channels;
}

/** The contents of a shard before gzip: the labels of examples [from, to), then their images. */
export function encodeShard(
  from: number,
  to: number,
  { images, labels, count }: ImageSplit,
  labelBytes: 1 | 2,
): Uint8Array<ArrayBuffer> {
  const pixels = images.length / count;
  const out = new Uint8Array((to - from) * (labelBytes + pixels));
  const view = viewOf(out);
  for (const [index, label] of labels.subarray(from, to).entries()) {
    if (labelBytes === 1) view.setUint8(index, label);
    else view.setUint16(2 * index, label, true);
  }
  out.set(images.subarray(from * pixels, to * pixels), (to - from) * labelBytes);
  return out;
}

/**
 * Copies the contents of a shard into `target`, whose arrays are large enough, from example `at` on.
 * Throws E-DATASET for a wrong size or a label past the last class.
 */
export function decodeShard(
  contents: Uint8Array,
  { count, file }: Pick<ManifestShard, 'count' | 'file'>,
  manifest: Pick<Manifest, 'label_bytes' | 'info'>,
  target: ImageSplit,
  at: number,
): void {
  const expected = count * exampleBytes(manifest);
  if (contents.length !== expected) {
    throw new LabError({
      code: 'E-DATASET',
      what: `${file} has ${grouped(contents.length)} bytes of examples and not ${grouped(expected)}.`,
      why: 'It does not belong to this manifest.',
      fix: 'Prepare the data again: `npm start` does it.',
      where: file,
    });
  }
  const view = viewOf(contents);
  const classes = manifest.info.classes.length;
  for (let index = 0; index < count; index++) {
    const label = manifest.label_bytes === 1 ? view.getUint8(index) : view.getUint16(2 * index, true);
    if (label >= classes) {
      throw new LabError({
        code: 'E-DATASET',
        what: `${file} has an example of class ${label}.`,
        why: `The data set has ${classes} classes, 0 to ${classes - 1}.`,
        fix: 'Prepare the data again: `npm start` does it.',
        where: `${file}, example ${index}`,
      });
    }
    target.labels[at + index] = label;
  }
  const pixels = exampleBytes(manifest) - manifest.label_bytes;
  target.images.set(contents.subarray(count * manifest.label_bytes), at * pixels);
}
