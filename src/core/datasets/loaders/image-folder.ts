import { LabError } from '../../errors.ts';
import { grouped } from '../../formats/bytes.ts';
import { PICTURE_NAME } from '../../formats/decode-picture.ts';
import type { DecodePicture } from '../../formats/picture-file.ts';
import { classNames, type Example, imageSet } from './examples.ts';
import { type Labelled, readLayout } from './folder-layout.ts';
import { gatherPictures } from './gather-pictures.ts';
import type { Loader, LoadRequest, SourceFile } from './loader.ts';
import type { ShelvedPicture } from './picture-shelf.ts';
import { archiveKind } from './source-entries.ts';

/** @param decode how files become pixels */
export function imageFolderLoader(decode: DecodePicture): Loader {
  return {
    id: 'image-folder',
    title: 'Folder of pictures',
    description:
      'JPEG, PNG or PPM pictures as a folder, zip or tar: train/CLASS/… with val/CLASS/… or test/CLASS/…, CLASS/…, or pictures with a CSV of file names and labels.',
    async accepts(files) {
      for (const file of files.slice(0, 100)) {
        if (PICTURE_NAME.test(file.name) || (await archiveKind(file)) !== null) return true;
      }
      return false;
    },
    async read(files, request) {
      const { shape, pictures, stored, tables } = await gatherPictures(files, request, { decode });
      const layout = readLayout(
        pictures.map(({ path }) => path),
        tables,
      );
      const { train, test } = examplesOf(pictures, layout, request, files);
      const { id, title, seed, signal } = request;
      return imageSet({ id, title, seed, signal, shape, stored, train, test, source: sourceOf(files) });
    },
  };
}

/** The names of the files, for people. */
export function sourceOf(files: readonly SourceFile[]): string {
  const names = files.slice(0, 3).map(({ name }) => name);
  return files.length > 3 ? `${names.join(', ')} and ${grouped(files.length - 3)} more` : names.join(', ');
}

function examplesOf(
  pictures: readonly ShelvedPicture[],
  layout: readonly Labelled[],
  request: LoadRequest,
  files: readonly SourceFile[],
): { train: Example[]; test: Example[] | null } {
  const named = sameNames(layout.flatMap(({ label }) => (label === null ? [] : [label])));
  const of = (wanted: Labelled['split']): Example[] =>
    pictures.flatMap(({ path, image }, index) => {
      const { split, label } = layout[index] ?? { split: null, label: null };
      return split === wanted && label !== null ? [{ path, image, label: named.get(label) ?? label }] : [];
    });
  const divided = layout.some(({ split }) => split !== null);
  const train = of(divided ? 'train' : null);
  const tests = of('test');
  const test = tests.length > 0 ? tests : of('val');
  const used = train.length + test.length;
  if (used === 0) throw nothingLabelled(files);
  if (used < pictures.length) {
    request.onWarning?.(
      new LabError({
        code: 'E-DATASET',
        what: `${grouped(pictures.length - used)} of ${grouped(pictures.length)} pictures were left out.`,
        why: 'Nothing tells their class, or they belong to no split that is used.',
        fix: 'Check the folders and the table of labels, or go on without them.',
        where: sourceOf(files),
      }),
    );
  }
  return { train, test: divided && test.length > 0 ? test : null };
}

/** Numbers written in two ways (`00007` for a folder, `7` in a table) are one class. */
function sameNames(labels: readonly string[]): ReadonlyMap<string, string> {
  const names = classNames(labels);
  const numbers = names.every((name) => /^\d{1,9}$/.test(name));
  return new Map(numbers ? names.map((name) => [name, String(Number(name))]) : []);
}

function nothingLabelled(files: readonly SourceFile[]): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: 'Nothing tells the classes of these pictures.',
    why: 'They lie in no folders of classes, and no table beside them names a file and its label.',
    fix: 'Put each class in a folder of its own, or add a CSV with the columns filename and label.',
    where: sourceOf(files),
  });
}
