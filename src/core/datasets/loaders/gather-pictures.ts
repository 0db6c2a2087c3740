import { LabError } from '../../errors.ts';
import { grouped } from '../../formats/bytes.ts';
import { PICTURE_NAME } from '../../formats/decode-picture.ts';
import type { DecodePicture } from '../../formats/picture-file.ts';
import { randomStream } from '../../rng/random.ts';
import type { ImageShape } from '../dataset.ts';
import { pixelsPerImage } from '../dataset.ts';
import type { StoredPixels } from '../stored-pixels.ts';
import { type Cut, fitSquare } from './fit-square.ts';
import { likelySplit } from './folder-layout.ts';
import { type LabelTable, labelTable } from './label-table.ts';
import type { ImageWish, LoadRequest, SourceFile } from './loader.ts';
import { PictureShelf, type ShelvedPicture } from './picture-shelf.ts';
import { Reservoir } from './reservoir.ts';
import { isTableName, sourceEntries } from './source-entries.ts';

/** Bytes of pixels that a data set may have; of larger ones a fair sample is kept. */
const MAX_PIXEL_BYTES = 2 ** 30;
/** Share of it for training. */
const TRAIN_SHARE = 5 / 6;
const MAX_TABLE_BYTES = 2 ** 26;
const MAX_TABLES = 1000;
const DEFAULT_WISH: ImageWish = { size: 32, channels: 3 };

export interface Gathered {
  shape: ImageShape;
  pictures: ShelvedPicture[];
  /** Where they are, when they did not fit in memory. */
  stored: StoredPixels | null;
  tables: LabelTable[];
}

export interface GatherOptions {
  decode: DecodePicture;
  /** Gives the parts of a picture that are wanted, null to leave it out; without it all pictures are taken whole. */
  cutOf?: (path: string) => Cut | null;
  /** Most bytes of pixels, for tests. */
  maxPixelBytes?: number;
}

/**
 * Reads all pictures, scaled to the wish, and all tables beside them. Damaged pictures among others are left out with a
 * warning. More than fit in memory go to the file of the request; without one, a fair sample by the seed is kept, with a
 * warning.
 * @throws LabError E-DATASET: no picture, or most are damaged; E-SHAPE for an impossible wish; and what archives are refused for
 */
export async function gatherPictures(
  files: readonly SourceFile[],
  request: LoadRequest,
  { decode, cutOf, maxPixelBytes = MAX_PIXEL_BYTES }: GatherOptions,
): Promise<Gathered> {
  const { seed, signal, onProgress, image: wish = DEFAULT_WISH, overflow } = request;
  const shape = shapeOf(wish);
  const most = overflow ? Infinity : Math.max(2, Math.floor(maxPixelBytes / pixelsPerImage(shape)));
  const shelf = new PictureShelf(pixelsPerImage(shape), overflow);
  const kept = {
    train: new Reservoir<ShelvedPicture>(Math.ceil(most * TRAIN_SHARE), randomStream(seed, 'data', 'sample')),
    test: new Reservoir<ShelvedPicture>(
      Math.ceil(most * (1 - TRAIN_SHARE)),
      randomStream(seed, 'data', 'sample', 'test'),
    ),
  };
  const tables: LabelTable[] = [];
  const damaged: LabError[] = [];
  const onBytes = (done: number, total: number): void => onProgress(done, total, 'bytes');
  for await (const entry of sourceEntries(files, { signal, onBytes })) {
    const { path } = entry;
    if (isJunk(path)) continue;
    if (isTableName(path) && entry.size <= MAX_TABLE_BYTES && tables.length < MAX_TABLES) {
      const table = labelTable(path, new TextDecoder().decode(await entry.bytes()));
      if (table) tables.push(table);
    }
    if (!PICTURE_NAME.test(path)) continue;
    const cut = cutOf?.(path);
    if (cut === null) continue;
    await kept[likelySplit(path)].offer(async () => {
      const bytes = await entry.bytes();
      const image = await decode(bytes, path).then(
        (picture) => fitSquare(picture, wish, cut),
        (thrown: unknown) => {
          if (!(thrown instanceof LabError) || thrown.code !== 'E-DATASET') throw thrown;
          damaged.push(thrown);
          return null;
        },
      );
      return image && shelf.add(path, image);
    });
  }
  const pictures = [...kept.train.items, ...kept.test.items];
  report(pictures.length, kept.train.offered + kept.test.offered, damaged, request, files);
  return { shape, pictures, stored: await shelf.finish(), tables };
}

function shapeOf({ size, shorterSide, channels }: ImageWish): ImageShape {
  const whole = (side: number): boolean => Number.isInteger(side) && side >= 1 && side <= 1024;
  if (whole(size) && whole(shorterSide ?? size)) return { height: size, width: size, channels };
  throw new LabError({
    code: 'E-SHAPE',
    what: `Images of ${size}x${size} pixels, cut from ${shorterSide ?? size}, cannot be made.`,
    why: 'A side is a whole number from 1 to 1,024.',
    fix: 'Choose another size.',
  });
}

/** What macOS and Windows leave beside files. */
function isJunk(path: string): boolean {
  return path.startsWith('__MACOSX/') || /(^|\/)(\._[^/]*|\.DS_Store|Thumbs\.db)$/.test(path);
}

function report(
  found: number,
  offered: number,
  damaged: readonly LabError[],
  { onWarning }: LoadRequest,
  files: readonly SourceFile[],
): void {
  const [first] = damaged;
  const where = files[0]?.name ?? '';
  if (first && damaged.length >= found) throw first;
  if (found === 0) {
    throw new LabError({
      code: 'E-DATASET',
      what: `There are no pictures in ${files.length === 1 ? where : `these ${grouped(files.length)} files`}.`,
      why: 'Pictures are files that end in .jpg, .jpeg, .png, .ppm or .pgm.',
      fix: 'Give a folder, zip or tar of such files.',
      where,
    });
  }
  if (first) {
    onWarning?.(
      new LabError({
        code: 'E-DATASET',
        what: `${grouped(damaged.length)} of ${grouped(damaged.length + offered)} pictures were left out.`,
        why: `The first is ${first.where ?? 'unnamed'}: ${first.why}`,
        fix: 'Save them again, or go on without them.',
        where,
      }),
    );
  }
  if (offered > found) {
    onWarning?.(
      new LabError({
        code: 'E-DATASET',
        what: `${grouped(found)} of ${grouped(offered)} pictures were taken.`,
        why: 'More do not fit in memory at this size; these were drawn by the seed.',
        fix: 'Choose smaller images to take more.',
        where,
      }),
    );
  }
}
