import { LabError } from '../../core/errors.ts';

/** Longest side that is kept of a photo, in pixels: more than any model of the lab looks at. */
const LONGEST_SIDE = 1024;

/**
 * A person's photo as the browser reads it, turned as its camera says, scaled down where it is large.
 * @throws LabError E-DATASET when it is no picture
 */
export async function photoFromFile(file: Blob): Promise<ImageBitmap> {
  const whole = await createImageBitmap(file).catch((cause: unknown) => {
    throw new LabError(
      {
        code: 'E-DATASET',
        what: 'The file cannot be read as a picture.',
        why: 'The browser reads PNG, JPEG, WebP, GIF and AVIF, and this is none of them, or it is damaged.',
        fix: 'Choose another picture.',
      },
      { cause },
    );
  });
  const scale = LONGEST_SIDE / Math.max(whole.width, whole.height);
  if (scale >= 1) return whole;
  const scaled = await createImageBitmap(whole, {
    resizeWidth: Math.max(1, Math.round(whole.width * scale)),
    resizeHeight: Math.max(1, Math.round(whole.height * scale)),
    resizeQuality: 'high',
  });
  whole.close();
  return scaled;
}
