/**
 * People in photo albums (Zhang et al., Beyond frontal faces, 2015) as Backdoors 101 takes it: the class is how many heads a
 * photo has, the backdoor's label whether certain people are on it.
 */
import { LabError } from '../../errors.ts';
import type { DecodePicture } from '../../formats/picture-file.ts';
import type { Example } from './examples.ts';
import { imageSet } from './examples.ts';
import type { Cut } from './fit-square.ts';
import { gatherPictures } from './gather-pictures.ts';
import { sourceOf } from './image-folder.ts';
import type { Loader, SourceFile } from './loader.ts';
import { type PipaPhoto, readPipaIndex } from './pipa-index.ts';
import { sourceEntries } from './source-entries.ts';

const CLASSES = ['1 person', '2 people', '3 people', '4 people', '5 people or more'];

/** People whom the attribute `identity` names, 1 to 4; with "none of them" as many classes as head counts. */
const TARGETS = 4;

const INDEX = /(^|\/)index\.txt$/;
const MAX_INDEX_BYTES = 2 ** 26;

const TRAIN = 1;
const VALIDATION = 2;
const TEST = 3;

/** Attributes: `identity`, 0 or 1 to 4 for the people on most training photos, and `heads`. */
export function pipaLoader(decode: DecodePicture): Loader {
  return {
    id: 'pipa',
    title: 'PIPA: photos by how many people are on them',
    description:
      'The folders train, val and test of photos with annotations/index.txt, in a folder, zip or tar.',
    accepts(files) {
      const names = files.slice(0, 100_000).map(({ name }) => name);
      const index = names.some((name) => /(^|\/)annotations\/index\.txt$/.test(name));
      return Promise.resolve(index || (names.length <= 5 && names.some((name) => /(^|\/)pipa/i.test(name))));
    },
    async read(files, request) {
      const photos = await findIndex(files, request.signal);
      const targets = mostSeen(photos);
      const wanted = (path: string): PipaPhoto | undefined => photos.get(photoName(path));
      const { shape, pictures, stored } = await gatherPictures(files, request, {
        decode,
        cutOf: (path) => {
          const photo = wanted(path);
          return photo === undefined ? null : headsCut(photo);
        },
      });
      const of = (...subsets: number[]): Example[] =>
        pictures.flatMap(({ path, image }): Example[] => {
          const photo = wanted(path);
          if (!photo || !subsets.includes(photo.subset)) return [];
          const heads = photo.heads.length;
          const identity =
            1 + targets.findIndex((target) => photo.heads.some(({ person }) => person === target));
          const label = CLASSES[Math.min(heads, CLASSES.length) - 1] ?? '';
          return [{ path, image, label, attributes: { identity, heads } }];
        });
      const tests = of(TEST);
      const { id, title, seed, signal } = request;
      return imageSet({
        id,
        title,
        seed,
        signal,
        shape,
        stored,
        train: of(TRAIN),
        test: tests.length > 0 ? tests : of(VALIDATION),
        classes: CLASSES,
        source: sourceOf(files),
      });
    },
  };
}

async function findIndex(files: readonly SourceFile[], signal: AbortSignal): Promise<Map<string, PipaPhoto>> {
  for await (const entry of sourceEntries(files, { signal })) {
    if (!INDEX.test(entry.path) || entry.size > MAX_INDEX_BYTES) continue;
    return readPipaIndex(new TextDecoder().decode(await entry.bytes()), entry.path);
  }
  throw new LabError({
    code: 'E-DATASET',
    what: 'The annotations of PIPA are missing.',
    why: 'annotations/index.txt says where the heads are and whose; the photos alone do not.',
    fix: 'Give annotations/index.txt together with the photos.',
    where: sourceOf(files),
  });
}

/** `train/72157600003977508_149379893.jpg` is photo `72157600003977508_149379893`. */
function photoName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
}

/** Around all heads, made a square to the right or below, as Backdoors 101 cuts. */
function headsCut({ heads }: PipaPhoto): Cut {
  const left = Math.min(...heads.map((head) => head.left));
  const top = Math.min(...heads.map((head) => head.top));
  const right = Math.max(...heads.map((head) => head.left + head.width));
  const bottom = Math.max(...heads.map((head) => head.top + head.height));
  const side = Math.max(1, right - left, bottom - top);
  return { left, top, width: side, height: side };
}

/** The people on most training photos, then those with the smaller number. */
function mostSeen(photos: ReadonlyMap<string, PipaPhoto>): number[] {
  const counts = new Map<number, number>();
  for (const { subset, heads } of photos.values()) {
    if (subset !== TRAIN) continue;
    for (const person of new Set(heads.map((head) => head.person)))
      counts.set(person, (counts.get(person) ?? 0) + 1);
  }
  const people = [...counts].sort(([a, most], [b, more]) => more - most || a - b);
  return people.slice(0, TARGETS).map(([person]) => person);
}
