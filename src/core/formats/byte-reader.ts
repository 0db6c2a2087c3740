import { concatBytes } from './bytes.ts';

/** Takes a stream apart by counts of bytes, holding one piece of it. */
export class ByteReader {
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private held = new Uint8Array(0) as Uint8Array;

  /** @param onPiece hears of each piece as it comes, and may throw */
  constructor(
    stream: ReadableStream<Uint8Array>,
    private readonly onPiece: (bytes: number) => void = () => undefined,
  ) {
    this.reader = stream.getReader();
  }

  /** The next `count` bytes; fewer, or none, at the end. A copy or a view of a piece, not used again. */
  async take(count: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    await this.each(count, (part) => parts.push(part));
    const [only] = parts;
    return parts.length === 1 && only ? only : concatBytes(parts);
  }

  /** Passes over the next `count` bytes. @returns how many there were */
  async skip(count: number): Promise<number> {
    let skipped = 0;
    await this.each(count, (part) => (skipped += part.length));
    return skipped;
  }

  /** Gives the stream up, read or not. */
  async cancel(): Promise<void> {
    await this.reader.cancel().catch(() => undefined);
  }

  private async each(count: number, visit: (part: Uint8Array) => void): Promise<void> {
    let left = count;
    while (left > 0) {
      if (this.held.length === 0) {
        const { done, value } = await this.reader.read();
        if (done) return;
        this.onPiece(value.length);
        this.held = value;
        continue;
      }
      const part = this.held.subarray(0, left);
      this.held = this.held.subarray(part.length);
      left -= part.length;
      visit(part);
    }
  }
}
