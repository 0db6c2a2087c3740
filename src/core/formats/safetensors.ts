/**
 * safetensors: the length of the header (uint64, little-endian), the header (JSON: name -> type, shape, offsets), the values.
 * https://github.com/huggingface/safetensors#format
 */
import { asSentence, messageOf } from '../error-words.ts';
import { LabError } from '../errors.ts';
import { sizeOf } from '../models/layers.ts';
import { grouped, IS_LITTLE_ENDIAN, viewOf } from './bytes.ts';
import { duplicateKey } from './duplicate-key.ts';
import { halfToNumber } from './float16.ts';

/** Bytes of one value. */
export const DTYPE_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
} as const;

export type Dtype = keyof typeof DTYPE_BYTES;

/** The format’s own bound on the header. */
const MAX_HEADER_BYTES = 100_000_000;

/** The one header entry that is no tensor. */
export const METADATA = '__metadata__';

export interface SafetensorsTensor {
  name: string;
  dtype: Dtype;
  shape: number[];
  /** The values as they stand in the file, little-endian, row-major. */
  data: Uint8Array;
}

export interface Safetensors {
  metadata: Record<string, string>;
  /** In the order of their values in the file. */
  tensors: SafetensorsTensor[];
}

/** Reads a file; `data` are views of `bytes`. Throws E-MODEL that names the tensor and its offsets. */
export function readSafetensors(bytes: Uint8Array, file = 'The file'): Safetensors {
  const fault = (what: string, why: string, where = file): LabError => modelFault(file, what, why, where);
  if (bytes.length < 8) {
    throw fault('is cut short', `It has ${bytes.length} bytes; the header length alone takes 8`);
  }
  const view = viewOf(bytes);
  const headerBytes = view.getBigUint64(0, true);
  if (headerBytes > MAX_HEADER_BYTES) {
    throw fault(
      'claims an absurd header',
      `It says ${headerBytes.toLocaleString('en-US')} bytes; the format allows ${grouped(MAX_HEADER_BYTES)}`,
      `${file}, byte 0`,
    );
  }
  const start = 8 + Number(headerBytes);
  if (start > bytes.length) {
    throw fault(
      'has a header that ends past the file',
      `The header should end at byte ${grouped(start)} and the file at ${grouped(bytes.length)}`,
      `${file}, byte 0`,
    );
  }
  const header = parseHeader(bytes.subarray(8, start), fault);
  const values = bytes.subarray(start);
  const metadata = readMetadata(header[METADATA], fault);
  const tensors = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, entry]) => readEntry(name, entry, values.length, fault))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);

  let covered = 0;
  for (const { name, begin, end } of tensors) {
    if (begin < covered) {
      throw fault(
        `has a tensor "${name}" that overlaps another`,
        `It begins at ${begin}, and ${covered} bytes are taken`,
      );
    }
    if (begin > covered) {
      throw fault(
        `has a gap before the tensor "${name}"`,
        `It begins at ${begin}, and the one before ends at ${covered}`,
      );
    }
    covered = end;
  }
  if (covered !== values.length) {
    throw fault(
      'has values that no tensor claims',
      `Tensors end at ${covered}, the values at ${values.length}`,
    );
  }
  return {
    metadata,
    tensors: tensors.map(({ name, dtype, shape, begin, end }) => ({
      name,
      dtype,
      shape,
      data: values.subarray(begin, end),
    })),
  };
}

/** The values of a tensor of floats (F32, F16, BF16, F64) as float32. Throws E-MODEL for other types. */
export function floatsOf({ name, dtype, shape, data }: SafetensorsTensor): Float32Array {
  // Copied: the values may begin anywhere in the file, and an array of floats must not.
  if (dtype === 'F32' && IS_LITTLE_ENDIAN) return new Float32Array(new Uint8Array(data).buffer);
  const view = viewOf(data);
  const read = {
    F32: (index: number) => view.getFloat32(4 * index, true),
    F64: (index: number) => view.getFloat64(8 * index, true),
    F16: (index: number) => halfToNumber(view.getUint16(2 * index, true)),
    BF16: (index: number) => {
      // The upper half of a float32: read it with two zero bytes below.
      const upper = new DataView(new ArrayBuffer(4));
      upper.setUint16(0, view.getUint16(2 * index, true));
      return upper.getFloat32(0);
    },
  };
  if (!(dtype in read)) {
    throw new LabError({
      code: 'E-MODEL',
      what: `The tensor "${name}" holds values of type ${dtype}.`,
      why: 'Weights are floats: F32, F16, BF16 or F64.',
      fix: 'Save it as float32.',
    });
  }
  const at = read[dtype as keyof typeof read];
  return Float32Array.from({ length: sizeOf(shape) }, (_, index) => at(index));
}

/** The value of a tensor that counts something: one number of I64, I32 or floats. Throws E-MODEL for other types. */
export function countOf(tensor: SafetensorsTensor): number {
  const view = viewOf(tensor.data);
  if (tensor.data.length >= 8 && tensor.dtype === 'I64') return Number(view.getBigInt64(0, true));
  if (tensor.data.length >= 4 && tensor.dtype === 'I32') return view.getInt32(0, true);
  return floatsOf(tensor)[0] ?? NaN;
}

type Fault = (what: string, why: string, where?: string) => LabError;

function parseHeader(bytes: Uint8Array, fault: Fault): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw fault('has a header that is not JSON', messageOf(cause));
  }
  if (!isRecord(header))
    throw fault('has a header that is not a JSON object', 'Names should lead to tensors');
  const twice = duplicateKey(text);
  if (twice !== null)
    throw fault(`has the name "${twice}" twice`, 'Each tensor and each field has one entry');
  return header;
}

function readMetadata(value: unknown, fault: Fault): Record<string, string> {
  if (value === undefined) return {};
  if (isRecord(value) && Object.values(value).every((one) => typeof one === 'string')) {
    return value as Record<string, string>;
  }
  throw fault(`has a ${METADATA} that is not a map of texts`, 'The format allows only texts there');
}

interface Entry {
  name: string;
  dtype: Dtype;
  shape: number[];
  begin: number;
  end: number;
}

function readEntry(name: string, entry: unknown, available: number, fault: Fault): Entry {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : {};
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BYTES, dtype)) {
    throw fault(
      `has a tensor "${name}" of unknown type ${JSON.stringify(dtype)}`,
      `Types are ${Object.keys(DTYPE_BYTES).join(', ')}`,
    );
  }
  if (!isCounts(shape)) {
    throw fault(
      `has a tensor "${name}" of shape ${JSON.stringify(shape)}`,
      'A shape is a list of whole numbers from 0 on',
    );
  }
  if (!isCounts(offsets) || offsets.length !== 2) {
    throw fault(
      `has a tensor "${name}" with offsets ${JSON.stringify(offsets)}`,
      'Offsets are [begin, end] in bytes',
    );
  }
  const [begin = 0, end = 0] = offsets;
  if (begin > end || end > available) {
    throw fault(
      `has a tensor "${name}" with offsets [${begin}, ${end}]`,
      `They must rise and end within the ${grouped(available)} bytes of values`,
    );
  }
  const needed = sizeOf(shape) * DTYPE_BYTES[dtype as Dtype];
  if (needed !== end - begin) {
    throw fault(
      `has a tensor "${name}" of shape [${shape.join(', ')}] in ${grouped(end - begin)} bytes (offsets [${begin}, ${end}])`,
      `As ${dtype} it needs ${grouped(needed)}`,
    );
  }
  return { name, dtype: dtype as Dtype, shape, begin, end };
}

function modelFault(file: string, what: string, why: string, where: string): LabError {
  const fix = 'Save or download the model again as safetensors.';
  return new LabError({ code: 'E-MODEL', what: `${file} ${what}.`, why: asSentence(why), fix, where });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && Number(one) >= 0);
}
