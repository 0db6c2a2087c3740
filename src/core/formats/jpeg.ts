/** JPEG (ITU-T T.81) by libjpeg in WebAssembly: bit for bit the same wherever it runs. */
import decode, { init } from '@jsquash/jpeg/decode.js';
import { messageOf } from '../error-words.ts';
import { viewOf } from './bytes.ts';
import { checkPictureSize, pictureFault, type DecodePicture } from './picture-file.ts';

const MARKER = { start: 0xd8, end: 0xd9, scan: 0xda } as const;

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes.length >= 3 && bytes[0] === 0xff && bytes[1] === MARKER.start && bytes[2] === 0xff;
}

/** A decoder whose module is loaded once, and started anew after a file that it broke on. */
export function jpegDecoder(loadWasm: () => Promise<WebAssembly.Module>): DecodePicture {
  let ready: Promise<void> | null = null;
  /** What libjpeg says, which it prints. */
  let said = '';
  const start = async (): Promise<void> => {
    const module = await loadWasm();
    await init({
      printErr: (text: string) => (said = text),
      instantiateWasm(imports: WebAssembly.Imports, onInstance: (instance: WebAssembly.Instance) => void) {
        const instance = new WebAssembly.Instance(module, imports);
        onInstance(instance);
        return instance.exports;
      },
    });
  };
  return async (bytes, file) => {
    checkFrame(bytes, file);
    ready ??= start();
    await ready;
    said = '';
    try {
      const { width, height, data } = await decode(new Uint8Array(bytes).buffer);
      return { width, height, channels: 4, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
    } catch (cause) {
      // What stopped within may have left its memory in disorder.
      ready = null;
      throw pictureFault(file, `It cannot be decoded: ${said || messageOf(cause)}`, cause);
    }
  };
}

/**
 * The size from the frame's header, before any memory is taken for it; and the end mark, without which libjpeg fills the
 * rest with grey.
 */
function checkFrame(bytes: Uint8Array, file: string): void {
  const view = viewOf(bytes);
  let sized = false;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === MARKER.scan) {
      if (!sized) break;
      if (!hasEnd(bytes, at)) throw pictureFault(file, 'It is cut short: its end mark is missing');
      return;
    }
    if (isFrame(marker) && at + 9 <= bytes.length) {
      checkPictureSize(file, view.getUint16(at + 7), view.getUint16(at + 5));
      sized = true;
    }
    at += 2 + view.getUint16(at + 2);
  }
  throw pictureFault(file, 'It is cut short or damaged: its header does not lead to a picture');
}

/** Start of a frame, of any process; 0xc4, 0xc8 and 0xcc mean other things. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function hasEnd(bytes: Uint8Array, from: number): boolean {
  for (let at = bytes.lastIndexOf(MARKER.end); at > from; at = bytes.lastIndexOf(MARKER.end, at - 1)) {
    if (bytes[at - 1] === 0xff) return true;
  }
  return false;
}
