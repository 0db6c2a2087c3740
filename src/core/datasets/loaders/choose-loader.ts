import { LabError } from '../../errors.ts';
import { sourceOf } from './image-folder.ts';
import type { Loader, SourceFile } from './loader.ts';

/**
 * The loader of that id, or the first that takes the files.
 * @throws LabError E-DATASET when there is none
 */
export async function chooseLoader(
  loaders: readonly Loader[],
  files: readonly SourceFile[],
  id: string | null = null,
): Promise<Loader> {
  const known = loaders.map((loader) => loader.id).join(', ');
  for (const loader of loaders) {
    if (id === null ? await loader.accepts(files) : loader.id === id) return loader;
  }
  throw new LabError({
    code: 'E-DATASET',
    what:
      id === null ? `The lab does not know what ${sourceOf(files)} holds.` : `There is no loader "${id}".`,
    why: `It reads: ${known}.`,
    fix:
      id === null ? 'Say which of these it is, or bring it into one of these forms.' : 'Choose one of these.',
    where: sourceOf(files),
  });
}
