import type { DecodePicture } from '../../formats/picture-file.ts';
import { grouped } from '../../formats/bytes.ts';
import { LabError } from '../../errors.ts';
import { classNames, type Example, imageSet } from './examples.ts';
import { readLayout } from './folder-layout.ts';
import { gatherPictures } from './gather-pictures.ts';
import { sourceOf } from './image-folder.ts';
import type { Loader, LoadRequest } from './loader.ts';

/** People that are told apart: those with the most pictures. */
const MAX_PEOPLE = 5000;

/**
 * Faces by whose they are: CelebA (Liu et al., Deep learning face attributes in the wild, 2015) by identity_CelebA.txt, and
 * VGGFace2 (Cao et al., 2018) by its folders. Both divide people, not pictures, into training and test; to tell people apart
 * a tenth of each person's pictures is drawn for the test instead. Attribute `identity`: the number in the data set.
 */
export function identitiesLoader(decode: DecodePicture): Loader {
  return {
    id: 'identities',
    title: 'Faces by person: CelebA, VGGFace2',
    description:
      'img_align_celeba.zip with identity_CelebA.txt beside it, or folders of pictures named after people, such as train/n000002/0001_01.jpg.',
    accepts(files) {
      const names = files.slice(0, 1000).map(({ name }) => name);
      return Promise.resolve(names.some((name) => /identity_celeba|vggface2|(^|\/)n\d{6}\//i.test(name)));
    },
    async read(files, request) {
      const { shape, pictures, stored, tables } = await gatherPictures(files, request, { decode });
      const layout = readLayout(
        pictures.map(({ path }) => path),
        tables,
      );
      const found = pictures.flatMap(({ path, image }, index): Example[] => {
        const label = layout[index]?.label ?? null;
        return label === null ? [] : [{ path, image, label, attributes: { identity: numberIn(label) } }];
      });
      const source = sourceOf(files);
      const kept = mostPictured(found, request, source, pictures.length - found.length);
      const { id, title, seed, signal } = request;
      return imageSet({ id, title, seed, signal, shape, stored, train: kept, test: null, source });
    },
  };
}

/** `n000042` and `42` are 42; what does not fit 16 bits, or has no number, is 0. */
function numberIn(label: string): number {
  const number = Number(/\d+/.exec(label)?.[0] ?? 0);
  return number < 65_536 ? number : 0;
}

/** People of two pictures or more: one to train on, one to test with. */
function mostPictured(
  found: readonly Example[],
  { onWarning }: LoadRequest,
  source: string,
  unnamed: number,
): Example[] {
  const counts = new Map<string, number>();
  for (const { label } of found) counts.set(label, (counts.get(label) ?? 0) + 1);
  const order = classNames(counts.keys()).filter((name) => (counts.get(name) ?? 0) >= 2);
  const people = new Set(
    order.sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0)).slice(0, MAX_PEOPLE),
  );
  const kept = found.filter(({ label }) => people.has(label));
  if (kept.length === 0) {
    throw new LabError({
      code: 'E-DATASET',
      what: 'There is no person with two pictures.',
      why: `Found ${grouped(found.length)} pictures of known people and ${grouped(unnamed)} of others.`,
      fix: 'Give the pictures with identity_CelebA.txt, or in a folder for each person.',
      where: source,
    });
  }
  if (kept.length < found.length + unnamed) {
    onWarning?.(
      new LabError({
        code: 'E-DATASET',
        what: `${grouped(found.length + unnamed - kept.length)} of ${grouped(found.length + unnamed)} pictures were left out.`,
        why: `They are of unknown people, of people with one picture, or not of the ${grouped(MAX_PEOPLE)} with the most.`,
        fix: 'Nothing needs to be done.',
        where: source,
      }),
    );
  }
  return kept;
}
