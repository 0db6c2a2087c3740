import { unshared } from './bytes.ts';

/** Pieces that go into the decompressor: what one may expand to at once stays small. */
const PIECE_BYTES = 2 ** 14;

/** A stream of gzip, unpacked as it is read. It errors where the file is damaged or cut short; checksums are verified. */
export function gunzippedStream(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const small = new TransformStream<Uint8Array, BufferSource>({
    transform(chunk, controller) {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        controller.enqueue(unshared(chunk.subarray(at, at + PIECE_BYTES)));
      }
    },
  });
  return stream.pipeThrough(small).pipeThrough(new DecompressionStream('gzip'));
}

/** The stream, with each piece's length told as it passes. */
export function counted(
  stream: ReadableStream<Uint8Array>,
  onPiece: (bytes: number) => void,
): ReadableStream<Uint8Array> {
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        onPiece(chunk.length);
        controller.enqueue(chunk);
      },
    }),
  );
}
