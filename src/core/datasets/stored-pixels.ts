/**
 * Images that do not fit in memory: pixels of one size, one image after another, in a file of the disk or of the browser's
 * private files, read as training asks for them.
 */
import { LabError } from '../errors.ts';
import { grouped } from '../formats/bytes.ts';
import type { SourceFile } from './loaders/loader.ts';

/** What stays in memory of images that were read: 400 of 224 pixels in colour. */
const CACHE_BYTES = 2 ** 26;
/** Images that lie together are read at once, up to this. */
const READ_BYTES = 2 ** 22;
/** Reads that are under way at once. */
const AT_ONCE = 8;

export type PixelFile = Pick<SourceFile, 'name' | 'size' | 'bytes'>;

export class StoredPixels {
  readonly rows: number;
  /** By row, the longest unused first. */
  private readonly cache = new Map<number, Uint8Array>();
  private readonly coming = new Map<number, Promise<void>>();

  /**
   * @param rowBytes height x width x channels
   * @throws LabError E-DATASET for a file that does not hold whole images
   */
  constructor(
    readonly file: PixelFile,
    readonly rowBytes: number,
    private readonly cacheBytes: number = CACHE_BYTES,
  ) {
    this.rows = file.size / rowBytes;
    if (Number.isInteger(this.rows)) return;
    throw damaged(
      file,
      `It has ${grouped(file.size)} bytes, no whole number of images of ${grouped(rowBytes)}.`,
    );
  }

  /** Bytes of images that are held now; at most the bound, apart from what a read is giving away. */
  get heldBytes(): number {
    return this.cache.size * this.rowBytes;
  }

  /**
   * Images by their rows.
   * @throws LabError E-DATASET when the file ends before one of them, and what reading it throws
   */
  async read(rows: readonly number[]): Promise<Map<number, Uint8Array>> {
    const found = new Map<number, Uint8Array>();
    const take = (row: number): boolean => {
      const pixels = this.cache.get(row);
      if (!pixels) return false;
      found.set(row, pixels);
      // Used last, so that it goes last.
      this.cache.delete(row);
      this.cache.set(row, pixels);
      return true;
    };
    // What is read ahead for this step may be under way.
    const waited = rows.flatMap((row) => this.coming.get(row) ?? []);
    await Promise.all(new Set(waited));
    const missing = rows.filter((row) => !found.has(row) && !take(row));
    await this.load(missing, (row, pixels) => {
      found.set(row, pixels);
      this.keep(row, pixels);
    });
    return found;
  }

  /** Reads images into memory for a `read` that comes soon; a fault shows there. */
  readAhead(rows: readonly number[]): void {
    const most = Math.floor(this.cacheBytes / this.rowBytes);
    const missing = rows.slice(0, most).filter((row) => !this.cache.has(row) && !this.coming.has(row));
    if (missing.length === 0) return;
    const loading = this.load(missing, (row, pixels) => this.keep(row, pixels)).then(
      () => undefined,
      () => undefined,
    );
    for (const row of missing) this.coming.set(row, loading);
    void loading.then(() => missing.forEach((row) => this.coming.delete(row)));
  }

  private keep(row: number, pixels: Uint8Array): void {
    this.cache.set(row, pixels);
    while (this.heldBytes > this.cacheBytes) {
      const [oldest] = this.cache.keys();
      if (oldest === undefined) return;
      this.cache.delete(oldest);
    }
  }

  private async load(
    rows: readonly number[],
    take: (row: number, pixels: Uint8Array) => void,
  ): Promise<void> {
    const pieces = this.pieces(rows);
    const one = async (): Promise<void> => {
      for (let piece = pieces.pop(); piece; piece = pieces.pop()) {
        const { from, count } = piece;
        const bytes = await this.file.bytes(from * this.rowBytes, (from + count) * this.rowBytes);
        if (bytes.length < count * this.rowBytes)
          throw damaged(this.file, `Image ${grouped(from)} is missing.`);
        // Copies: a part would hold the whole piece in memory.
        for (let at = 0; at < count; at++) {
          const pixels = bytes.subarray(at * this.rowBytes, (at + 1) * this.rowBytes);
          take(from + at, count === 1 ? pixels : pixels.slice());
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, pieces.length) }, one));
  }

  /** Rows that lie together in the file. */
  private pieces(rows: readonly number[]): { from: number; count: number }[] {
    const most = Math.max(1, Math.floor(READ_BYTES / this.rowBytes));
    const pieces: { from: number; count: number }[] = [];
    for (const row of [...new Set(rows)].sort((a, b) => a - b)) {
      const last = pieces.at(-1);
      if (last && last.from + last.count === row && last.count < most) last.count++;
      else pieces.push({ from: row, count: 1 });
    }
    return pieces;
  }
}

function damaged(file: PixelFile, why: string): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${file.name} does not hold the images of its data set.`,
    why,
    fix: 'Add the data set again.',
    where: file.name,
  });
}
