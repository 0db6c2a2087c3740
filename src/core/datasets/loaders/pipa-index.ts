import { LabError } from '../../errors.ts';

export interface PipaHead {
  /** Pixels of the photo. */
  left: number;
  top: number;
  width: number;
  height: number;
  /** Number of the person in the data set. */
  person: number;
}

export interface PipaPhoto {
  /** 0 left over, 1 training, 2 validation, 3 test. */
  subset: number;
  /** One or more. */
  heads: PipaHead[];
}

/** No photo shows more; a line beyond is damage. */
const MAX_HEADS = 1000;

/**
 * PIPA's `index.txt`: a line a head, `photoset_id photo_id xmin ymin width height identity_id subset_id`.
 * @returns photos by `photoset_photo`, as their files are named
 * @throws LabError E-DATASET that names the line that is wrong
 */
export function readPipaIndex(text: string, file: string): Map<string, PipaPhoto> {
  const photos = new Map<string, PipaPhoto>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [set = '', photo = '', ...rest] = line.trim().split(/\s+/);
    const numbers = rest.map(Number);
    const [left = NaN, top = NaN, width = NaN, height = NaN, person = NaN, subset = NaN] = numbers;
    const sound = [left, top, width, height, person, subset].every(
      (value) => Number.isInteger(value) && Math.abs(value) < 2 ** 31,
    );
    const name = `${set}_${photo}`;
    const known = photos.get(name);
    if (
      !sound ||
      width < 0 ||
      height < 0 ||
      subset < 0 ||
      subset > 3 ||
      (known?.heads.length ?? 0) >= MAX_HEADS
    ) {
      throw new LabError({
        code: 'E-DATASET',
        what: `${file} is not PIPA's index of heads.`,
        why: `Line ${index + 1} is not photoset, photo, left, top, width, height, person and subset (0 to 3).`,
        fix: 'Give annotations/index.txt of PIPA as it was published.',
        where: `${file}, line ${index + 1}`,
      });
    }
    const head = { left, top, width, height, person };
    if (known) known.heads.push(head);
    else photos.set(name, { subset, heads: [head] });
  }
  return photos;
}
