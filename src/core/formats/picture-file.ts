import { asSentence } from '../error-words.ts';
import { LabError } from '../errors.ts';
import { grouped } from './bytes.ts';
import type { Picture } from './png.ts';

/** Larger pictures are refused before their pixels are made: 160 MB as RGBA. */
export const MAX_PICTURE_PIXELS = 40_000_000;

/**
 * The pixels of a JPEG, PNG or PPM; Exif's turns are not applied, as in PIL and torchvision.
 * @throws LabError E-DATASET: another format, damaged, cut short, or of more than {@link MAX_PICTURE_PIXELS} pixels
 */
export type DecodePicture = (bytes: Uint8Array, file: string) => Promise<Picture>;

/** A picture that is refused. @param why a sentence, with or without its full stop */
export function pictureFault(file: string, why: string, cause?: unknown): LabError {
  return new LabError(
    {
      code: 'E-DATASET',
      what: `${file} is no picture that can be read.`,
      why: asSentence(why),
      fix: 'Save it again as JPEG or PNG, or leave it out.',
      where: file,
    },
    { cause },
  );
}

/** @throws LabError E-DATASET for a picture without pixels, or with more than there may be */
export function checkPictureSize(file: string, width: number, height: number): void {
  if (width >= 1 && height >= 1 && width * height <= MAX_PICTURE_PIXELS) return;
  throw pictureFault(
    file,
    `It claims ${grouped(width)}x${grouped(height)} pixels; 1 to ${grouped(MAX_PICTURE_PIXELS)} are read`,
  );
}
