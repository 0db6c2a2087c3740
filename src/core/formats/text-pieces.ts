/** Text files of any size, as pieces of text or as lines: held in memory piece by piece. */
import type { SourceFile } from '../datasets/loaders/loader.ts';
import { cancelledError, LabError } from '../errors.ts';
import { grouped } from './bytes.ts';
import { counted, gunzippedStream } from './gzip-stream.ts';
import { isGzip } from './gzip.ts';
import { unpackedBound } from './archive.ts';

/** A post, a review or an e-mail is far shorter; without an end of line a file would be held whole. */
const MAX_LINE_LETTERS = 2 ** 22;

export interface TextOptions {
  signal?: AbortSignal | undefined;
  /** Bytes of the file, packed, that have been read. */
  onBytes?: ((done: number) => void) | undefined;
}

/**
 * A file as pieces of text, in order, read as UTF-8 and unpacked where it is gzip; bytes that are no UTF-8 become U+FFFD,
 * and a mark of the byte order at the start is left out.
 * @throws LabError E-DATASET where it is no text (it has zeros), damaged, or unpacks past bounds; E-CANCELLED
 */
export async function* textPieces(
  file: SourceFile,
  { signal, onBytes }: TextOptions = {},
): AsyncGenerator<string> {
  const { name, size } = file;
  const most = unpackedBound(size);
  const zipped = isGzip(await file.bytes(0, Math.min(2, size)));
  let read = 0;
  let unpacked = 0;
  const source = counted(file.stream(), (bytes) => onBytes?.((read += bytes)));
  const reader = (zipped ? gunzippedStream(source) : source).getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      if (signal?.aborted === true) throw cancelledError();
      const { done, value } = await reader.read();
      if (value) {
        unpacked += value.length;
        if (unpacked > most) throw notText(name, `It unpacks to more than ${grouped(most)} bytes.`);
        if (value.includes(0)) {
          throw notText(name, 'It has zero bytes: it is another kind of file, or UTF-16.');
        }
      }
      const piece = decoder.decode(value, { stream: !done });
      if (piece !== '') yield piece;
      if (done) return;
    }
  } catch (thrown) {
    if (thrown instanceof LabError) throw thrown;
    throw notText(name, 'It is damaged or cut short.', thrown);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * The lines of a file without their ends (LF or CRLF). What follows the last end is a line where it is not empty.
 * @throws LabError as {@link textPieces}, and E-DATASET for a line beyond bounds
 */
export async function* textLines(file: SourceFile, options: TextOptions = {}): AsyncGenerator<string> {
  let held = '';
  for await (const piece of textPieces(file, options)) {
    const lines = (held + piece).split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) yield withoutReturn(line);
    if (held.length > MAX_LINE_LETTERS) {
      throw notText(file.name, `A line has more than ${grouped(MAX_LINE_LETTERS)} letters.`);
    }
  }
  if (held !== '') yield withoutReturn(held);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function notText(name: string, why: string, cause?: unknown): LabError {
  return new LabError(
    {
      code: 'E-DATASET',
      what: `${name} cannot be read as text.`,
      why,
      fix: 'Check that it is the right file, saved as UTF-8; else download or copy it again.',
      where: name,
    },
    { cause },
  );
}
