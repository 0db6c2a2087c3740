import { LabError } from '../errors.ts';
import type { NamedArray } from '../experiment/weights.ts';
import { sizeOf } from '../models/layers.ts';
import { bytesOf, IS_LITTLE_ENDIAN, viewOf } from './bytes.ts';
import { numberToHalf } from './float16.ts';
import { DTYPE_BYTES, METADATA } from './safetensors.ts';
import type { Dtype } from './safetensors.ts';

export interface WriteOptions {
  metadata?: Record<string, string>;
  /** F16 halves the file and rounds each weight to 11 bits. */
  dtype?: 'F32' | 'F16';
  /** Names of tensors of whole numbers, written as I64 whatever `dtype` says. */
  integers?: ReadonlySet<string>;
}

/**
 * Writes a file: tensors sorted by name, values from an 8-byte boundary on. Equal input gives equal bytes.
 * Throws E-SHAPE when an array does not have the size of its shape, E-MODEL for a name used twice or a value too large for F16.
 */
export function writeSafetensors(
  tensors: readonly NamedArray[],
  { metadata = {}, dtype = 'F32', integers = new Set() }: WriteOptions = {},
): Uint8Array<ArrayBuffer> {
  const sorted = [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1));
  const typeOf = (name: string): Dtype => (integers.has(name) ? 'I64' : dtype);
  const entries: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) {
    entries.push([
      METADATA,
      Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))),
    ]);
  }
  let end = 0;
  for (const [index, { name, shape, data }] of sorted.entries()) {
    if (name === METADATA || sorted[index + 1]?.name === name) throw nameTaken(name);
    if (data.length !== sizeOf(shape)) {
      throw new LabError({
        code: 'E-SHAPE',
        what: `"${name}" has ${data.length} values.`,
        why: `Its shape [${shape.join(', ')}] needs ${sizeOf(shape)}.`,
        fix: 'This is a fault of the lab: report it.',
      });
    }
    const begin = end;
    end += data.length * DTYPE_BYTES[typeOf(name)];
    entries.push([name, { dtype: typeOf(name), shape, data_offsets: [begin, end] }]);
  }
  const json = new TextEncoder().encode(toJson(entries));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const out = new Uint8Array(8 + headerBytes + end);
  const view = viewOf(out);
  view.setBigUint64(0, BigInt(headerBytes), true);
  out.fill(0x20, 8, 8 + headerBytes);
  out.set(json, 8);
  let at = 8 + headerBytes;
  for (const { name, data } of sorted) {
    const type = typeOf(name);
    if (type === 'F32' && IS_LITTLE_ENDIAN) {
      out.set(bytesOf(data), at);
      at += data.byteLength;
      continue;
    }
    for (const value of data) {
      if (type === 'I64') view.setBigInt64(at, BigInt(value), true);
      else if (type === 'F32') view.setFloat32(at, value, true);
      else view.setUint16(at, halfOf(name, value), true);
      at += DTYPE_BYTES[type];
    }
  }
  return out;
}

function nameTaken(name: string): LabError {
  return new LabError({
    code: 'E-MODEL',
    what: `The name "${name}" cannot be written.`,
    why: name === METADATA ? 'The format keeps it for itself.' : 'Two tensors have it.',
    fix: 'Give each tensor a name of its own.',
  });
}

function halfOf(name: string, value: number): number {
  const bits = numberToHalf(value);
  if (Number.isFinite(value) && (bits & 0x7fff) === 0x7c00) {
    throw new LabError({
      code: 'E-MODEL',
      what: `"${name}" holds ${value}, too large for half precision.`,
      why: 'F16 ends at 65,504.',
      fix: 'Export as F32.',
    });
  }
  return bits;
}

/** As JSON.stringify of the object, for any names: those like numbers stay in their place, `__proto__` stays a name. */
function toJson(entries: readonly [string, unknown][]): string {
  return `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}
