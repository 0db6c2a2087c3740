/** Data sets that a person brings because nobody may hand them on, under the names that experiments know them by. */
import { LabError } from '../errors.ts';

export interface BroughtDataset {
  /** What `task.dataset` says. */
  id: string;
  title: string;
  /** Where a person gets it. */
  home: string;
  /** What the folder holds. */
  layout: string;
  /** Side of the images, pixels, and what the shorter side is scaled to before. */
  size: number;
  shorterSide: number;
}

export const BROUGHT_DATASETS: readonly BroughtDataset[] = [
  {
    id: 'custom-imagenet',
    title: 'ImageNet',
    home: 'https://www.image-net.org/download.php',
    layout: 'train/CLASS/*.jpg and val/CLASS/*.jpg; a part of it, such as Imagenette, does too',
    size: 224,
    shorterSide: 256,
  },
  {
    id: 'custom-pipa',
    title: 'PIPA',
    home: 'https://people.eecs.berkeley.edu/~nzhang/piper.html',
    layout: 'train, val and test with photos, and annotations/index.txt',
    size: 224,
    shorterSide: 256,
  },
];

/** What a person calls a data set that is kept as `custom-NAME`. */
const nameOf = (id: string): string => id.replace(/^custom-/, '');

/**
 * E-DATASET for a data set that was never brought to this place, or is gone from it.
 * @param place where it is looked for, and how it comes there
 */
export function missingDataset(id: string, place: 'terminal' | 'browser'): LabError {
  const known = BROUGHT_DATASETS.find((one) => one.id === id);
  const inTerminal = place === 'terminal';
  if (known) {
    const { title, home, layout, size, shorterSide } = known;
    const name = nameOf(id);
    return new LabError({
      code: 'E-DATASET',
      what: `${title} is not here yet.`,
      why: `Only you may fetch it: ${home}.`,
      fix: inTerminal
        ? `Unpack it into a folder with ${layout}, and add that: lab data add FOLDER --name ${name} --size ${size} --shorter-side ${shorterSide}.`
        : `Unpack it into a folder with ${layout}, and choose that under Bring your data, with the name ${name} and images of ${size} px.`,
      where: 'task.dataset',
    });
  }
  return new LabError({
    code: 'E-DATASET',
    what: `There is no data set ${id} ${inTerminal ? 'here' : 'in this browser'}.`,
    why: inTerminal
      ? 'It was brought in a browser or on another machine, or the cache was emptied.'
      : 'It was brought in another browser, or its storage was cleared.',
    fix: inTerminal
      ? `Add its files under the same name: lab data add FILE --name ${nameOf(id)}; lab data list shows what is here.`
      : 'Bring its files again under the same name, or choose another data set.',
    where: 'task.dataset',
  });
}
