import { concatBytes } from '../../formats/bytes.ts';
import { StoredPixels } from '../stored-pixels.ts';
import type { Overflow, PixelDraft } from './loader.ts';

/** A picture in its final size. */
export interface ShelvedPicture {
  path: string;
  /** [size, size, channels], or its row in the file that all of them went to. */
  image: Uint8Array | number;
}

/** Written at once. */
const PART_BYTES = 2 ** 20;

/** Holds pictures in memory up to a bound; with one more all of them go to a file, and so does what comes after. */
export class PictureShelf {
  private held: ShelvedPicture[] = [];
  private draft: PixelDraft | null = null;
  private parts: Uint8Array[] = [];
  private partBytes = 0;
  private rows = 0;

  /** @param size bytes of one picture */
  constructor(
    private readonly size: number,
    private readonly overflow: Overflow | undefined,
  ) {}

  /** @throws LabError E-QUOTA, E-STORAGE when the file cannot be written */
  async add(path: string, image: Uint8Array): Promise<ShelvedPicture> {
    const picture: ShelvedPicture = { path, image };
    const { overflow } = this;
    if (!overflow) return picture;
    if (this.draft) {
      picture.image = await this.write(image);
      return picture;
    }
    this.held.push(picture);
    if (this.held.length * this.size <= overflow.heldBytes) return picture;
    this.draft = await overflow.begin();
    for (const one of this.held) {
      if (typeof one.image !== 'number') one.image = await this.write(one.image);
    }
    this.held = [];
    return picture;
  }

  /** The file, when there is one. @throws LabError E-QUOTA, E-STORAGE */
  async finish(): Promise<StoredPixels | null> {
    if (!this.draft) return null;
    await this.flush();
    return new StoredPixels(await this.draft.finish(), this.size);
  }

  private async write(image: Uint8Array): Promise<number> {
    this.parts.push(image);
    this.partBytes += image.length;
    if (this.partBytes >= PART_BYTES) await this.flush();
    return this.rows++;
  }

  private async flush(): Promise<void> {
    const whole = concatBytes(this.parts);
    this.parts = [];
    this.partBytes = 0;
    await this.draft?.write(whole);
  }
}
