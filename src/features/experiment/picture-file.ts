import type { PictureConfig } from '../../core/config/schema-picture.ts';
import { LabError } from '../../core/errors.ts';

/** Side of the square that a picture is scaled into: small enough for a link, fine enough for a trigger. */
export const LONGEST_SIDE = 48;

/**
 * A picture of a person's as an experiment carries it: scaled down so that its longer side has at most 48 pixels.
 * @throws LabError E-TRIGGER when the browser cannot read it as a picture
 */
export async function pictureFromFile(file: Blob): Promise<PictureConfig> {
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw new LabError(
      {
        code: 'E-TRIGGER',
        what: 'The file cannot be read as a picture.',
        why: 'The browser reads PNG, JPEG, WebP, GIF and SVG, and this is none of them, or it is damaged.',
        fix: 'Choose another picture.',
        where: 'attack.synthesizer.picture',
      },
      { cause },
    );
  });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new Error('no canvas to draw on');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  return { kind: 'image', width, height, rgba: btoa(String.fromCharCode(...data)) };
}
