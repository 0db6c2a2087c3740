/**
 * A zip that is written piece by piece, so that it may be larger than memory: files are stored as they are, with Zip64
 * records where there are many (PKWARE APPNOTE 6.3).
 */
import { concatBytes, crc32, viewOf } from './bytes.ts';

/** 1 January 1980, the first that the format has: equal input gives equal bytes. */
const DATE = 0x21;
const UTF8_NAMES = 0x0800;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;

export class ZipWriter {
  private readonly directory: Uint8Array[] = [];
  private count = 0;
  private at = 0;
  private directoryBytes = 0;

  /** The bytes of one file with its header. @param path with `/`, not given before */
  file(path: string, contents: Uint8Array): Uint8Array {
    const name = new TextEncoder().encode(path);
    const common = commonFields(contents);
    const local = new Uint8Array(4 + common.length + 4);
    viewOf(local).setUint32(0, 0x04034b50, true);
    local.set(common, 4);
    viewOf(local).setUint16(26, name.length, true);
    this.record(name, common);
    const bytes = concatBytes([local, name, contents]);
    this.at += bytes.length;
    this.count++;
    return bytes;
  }

  /** What stands after the last file. */
  end(): Uint8Array {
    const { at, count, directoryBytes } = this;
    const large = count > MAX_16 || at > MAX_32 || directoryBytes > MAX_32;
    const end = new Uint8Array(22);
    const view = viewOf(end);
    view.setUint32(0, 0x06054b50, true);
    for (const place of [8, 10]) view.setUint16(place, large ? MAX_16 : count, true);
    view.setUint32(12, large ? MAX_32 : directoryBytes, true);
    view.setUint32(16, large ? MAX_32 : at, true);
    return concatBytes([...this.directory, ...(large ? [this.end64()] : []), end]);
  }

  private record(name: Uint8Array, common: Uint8Array): void {
    const large = this.at >= MAX_32;
    const extra = new Uint8Array(large ? 12 : 0);
    if (large) {
      const view = viewOf(extra);
      view.setUint16(0, 1, true);
      view.setUint16(2, 8, true);
      view.setBigUint64(4, BigInt(this.at), true);
    }
    const head = new Uint8Array(46);
    const view = viewOf(head);
    view.setUint32(0, 0x02014b50, true);
    view.setUint16(4, 45, true);
    head.set(common, 6);
    view.setUint16(28, name.length, true);
    view.setUint16(30, extra.length, true);
    view.setUint32(42, large ? MAX_32 : this.at, true);
    const bytes = concatBytes([head, name, extra]);
    this.directory.push(bytes);
    this.directoryBytes += bytes.length;
  }

  private end64(): Uint8Array {
    const bytes = new Uint8Array(56 + 20);
    const view = viewOf(bytes);
    const { at, count, directoryBytes } = this;
    view.setUint32(0, 0x06064b50, true);
    view.setBigUint64(4, 44n, true);
    view.setUint16(12, 45, true);
    view.setUint16(14, 45, true);
    for (const place of [24, 32]) view.setBigUint64(place, BigInt(count), true);
    view.setBigUint64(40, BigInt(directoryBytes), true);
    view.setBigUint64(48, BigInt(at), true);
    view.setUint32(56, 0x07064b50, true);
    view.setBigUint64(64, BigInt(at + directoryBytes), true);
    view.setUint32(72, 1, true);
    return bytes;
  }
}

/** Version, flags, method, time, date, checksum and sizes: the same in both headers of a file. */
function commonFields(contents: Uint8Array): Uint8Array {
  const fields = new Uint8Array(22);
  const view = viewOf(fields);
  view.setUint16(0, 45, true);
  view.setUint16(2, UTF8_NAMES, true);
  view.setUint16(8, DATE, true);
  view.setUint32(10, crc32(contents), true);
  view.setUint32(14, contents.length, true);
  view.setUint32(18, contents.length, true);
  return fields;
}
