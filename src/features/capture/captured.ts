/** Shots of a camera in classes, on their way to a data set. */
import { readLayout } from '../../core/datasets/loaders/folder-layout.ts';

export interface Shot {
  /** Unlike that of any other shot. */
  id: number;
  /** PNG. */
  blob: Blob;
  /** Address of the blob, for the page. */
  url: string;
}

export interface CapturedClass {
  id: number;
  name: string;
  shots: readonly Shot[];
}

/** What a class must have: something to learn from, and something to be tested on. */
const FEWEST_SHOTS = 2;

/** Paths as those of a folder of pictures, one folder for each class. */
export function capturedFiles(classes: readonly CapturedClass[]): { path: string; blob: Blob }[] {
  return classes.flatMap(({ name, shots }) =>
    shots.map(({ blob }, at) => ({ path: `${name.trim()}/${String(at + 1).padStart(5, '0')}.png`, blob })),
  );
}

/** Why these classes are no data set yet; null when they are. */
export function captureProblem(classes: readonly CapturedClass[]): string | null {
  const names = classes.map(({ name }) => name.trim());
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) < at);
  if (names.includes('')) return 'Each class needs a name.';
  if (twice !== undefined) return `Two classes are called ${twice}.`;
  const odd = names.find((name) => /[/\\]/.test(name) || name.startsWith('.'));
  if (odd !== undefined) return `A class cannot be called ${odd}: the names are those of folders.`;
  if (classes.length < 2) return 'Two classes or more can be told apart.';
  const thin = classes.findIndex(({ shots }) => shots.length < FEWEST_SHOTS);
  if (thin !== -1) return `${names[thin] ?? ''} needs ${FEWEST_SHOTS} shots or more.`;
  const paths = capturedFiles(classes).map(({ path }) => path);
  const isRead = readLayout(paths, []).every(({ label }, at) => label === paths[at]?.split('/')[0]);
  return isRead
    ? null
    : 'Folders called train and test are parts of a data set, not classes: call them otherwise.';
}
