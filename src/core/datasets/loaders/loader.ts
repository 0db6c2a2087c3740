/** How files become a data set: one loader for each layout that the field uses, the same in the page and in Node. */
import type { LabError } from '../../errors.ts';
import type { Dataset } from '../dataset.ts';
import type { TextColumns } from './text-columns.ts';

/** A file of a person's, or one that was fetched: read in pieces, so that a large one need not fit in memory. */
export interface SourceFile {
  /** Path with `/`, as it was given: `cifar-10-binary.tar.gz`, `photos/train/cat/1.jpg`. */
  name: string;
  /** Bytes. */
  size: number;
  stream(): ReadableStream<Uint8Array>;
  /** Bytes [from, to). */
  bytes(from: number, to: number): Promise<Uint8Array>;
}

/** How pictures of any size become images of one: the shorter side is scaled, then the middle is cut out. */
export interface ImageWish {
  /** Side of the square, pixels, 1 to 1,024. */
  size: number;
  /** What the shorter side is scaled to before, pixels; `size` when left out. */
  shorterSide?: number;
  /** 1 (grey) or 3 (RGB). */
  channels: 1 | 3;
}

/** Where pixels go that are too many for memory. */
export interface Overflow {
  /** Bytes of pixels that may stay in memory. */
  heldBytes: number;
  /** Begins the file that takes all of them. @throws LabError E-QUOTA, E-STORAGE */
  begin: () => Promise<PixelDraft>;
}

/** A file of pixels that is being written. */
export interface PixelDraft {
  /** @throws LabError E-QUOTA, E-STORAGE */
  write(part: Uint8Array): Promise<void>;
  /** What has been written, readable. */
  finish(): Promise<SourceFile>;
}

export interface LoadRequest {
  /** The id that the data set gets: lower-case letters, digits, - and _. */
  id: string;
  /** For people. */
  title: string;
  /** Integer in [0, 2^32): shuffles what lies sorted by class, and draws a test split where there is none. */
  seed: number;
  signal: AbortSignal;
  onProgress: (done: number, total: number, unit: 'bytes' | 'examples') => void;
  /** Hears what was left out and why, such as damaged pictures among many. */
  onWarning?: (warning: LabError) => void;
  /** For layouts whose pictures have sizes of their own; 32 pixels, RGB, when left out. */
  image?: ImageWish;
  /** Without it, of pictures that do not fit in memory a fair sample is kept. */
  overflow?: Overflow;
  /** Of tables and lines of texts, by their names; found by names and contents when left out. */
  columns?: Partial<TextColumns>;
}

export interface Loader {
  /** `cifar10`, `image-folder`, `imdb`. */
  id: string;
  title: string;
  /** What it reads, in a sentence for people. */
  description: string;
  /** Whether these files look like what it reads, by their names and first bytes alone. */
  accepts(files: readonly SourceFile[]): Promise<boolean>;
  /**
   * Reads them, at most once each, in bounded memory. Examples are in an order drawn by the seed wherever the files are
   * sorted by class, so that the first n are a fair sample.
   * @throws LabError E-DATASET for files that are damaged, hostile or of another layout; E-CANCELLED when aborted
   */
  read(files: readonly SourceFile[], request: LoadRequest): Promise<Dataset>;
}
