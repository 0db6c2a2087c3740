import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import type { NamedArray } from '../experiment/weights.ts';
import { duplicateKey } from './duplicate-key.ts';
import { writeSafetensors } from './safetensors-writer.ts';
import { floatsOf, readSafetensors } from './safetensors.ts';

const tensors: NamedArray[] = [
  { name: 'b', shape: [2, 3], data: Float32Array.of(1.5, -2, 3e-8, 4, 5.25, -6) },
  { name: 'a.weight', shape: [3], data: Float32Array.of(0.1, 0.2, 0.3) },
  { name: 'scalar', shape: [], data: Float32Array.of(-7) },
  { name: 'empty', shape: [0, 4], data: new Float32Array(0) },
];

/** A file from its header and values, written by hand. */
function fileOf(header: unknown, values: ArrayLike<number> = [], length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + values.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(Array.from(values), 8 + json.length);
  return bytes;
}

const f32 = (begin: number, end: number, shape: number[]) => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});
const zeros = (count: number) => new Uint8Array(count);

describe('safetensors', () => {
  it('come back as they were written, sorted by name, with metadata', () => {
    const bytes = writeSafetensors(tensors, { metadata: { model: 'simplenet', epochs: '2' } });
    const read = readSafetensors(bytes);
    expect(read.metadata).toEqual({ epochs: '2', model: 'simplenet' });
    expect(read.tensors.map(({ name }) => name)).toEqual(['a.weight', 'b', 'empty', 'scalar']);
    for (const { name, shape, data } of tensors) {
      const found = read.tensors.find((tensor) => tensor.name === name);
      expect(found?.shape).toEqual(shape);
      expect(found && floatsOf(found)).toEqual(data);
    }
  });

  it('begin their values at a multiple of 8 bytes, after spaces', () => {
    const bytes = writeSafetensors(tensors);
    const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(headerBytes % 8).toBe(0);
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes))).toMatch(/^\{"a\.weight":.*\} *$/);
    expect(bytes.length).toBe(8 + headerBytes + 4 * 10);
  });

  it('are the same bytes whatever the order of the tensors', () => {
    expect(writeSafetensors([...tensors].reverse())).toEqual(writeSafetensors(tensors));
  });

  it('keep names that JavaScript treats in its own way', () => {
    const odd = ['10', '9', '__proto__', 'ü"\\', 'constructor'].map((name, index) => ({
      name,
      shape: [2],
      data: Float32Array.of(index, -index),
    }));
    const read = readSafetensors(writeSafetensors(odd));
    for (const { name, data } of odd) {
      const found = read.tensors.find((tensor) => tensor.name === name);
      expect(found && floatsOf(found)).toEqual(data);
    }
  });

  it('write half precision on request, and refuse what it cannot hold', () => {
    const bytes = writeSafetensors(tensors.slice(0, 2), { dtype: 'F16' });
    const b = readSafetensors(bytes).tensors[1];
    expect(b?.dtype).toBe('F16');
    // 3e-8 lies between 2^-25 and 2^-24, and halves are 2^-24 apart there.
    expect(b && [...floatsOf(b)]).toEqual([1.5, -2, 2 ** -24, 4, 5.25, -6]);
    const large = [{ name: 'w', shape: [1], data: Float32Array.of(70_000) }];
    expect(() => writeSafetensors(large, { dtype: 'F16' })).toThrow(/E-MODEL: "w" holds 70000, too large/);
  });

  it('read BF16 and F64, and refuse to take integers for weights', () => {
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    view.setFloat64(0, -0.1, true);
    view.setUint16(8, 0x3fc0, true);
    view.setUint16(10, 0xc040, true);
    view.setInt32(12, 7, true);
    const { tensors: read } = readSafetensors(
      fileOf(
        {
          d: { dtype: 'F64', shape: [1], data_offsets: [0, 8] },
          h: { dtype: 'BF16', shape: [2], data_offsets: [8, 12] },
          i: { dtype: 'I32', shape: [1], data_offsets: [12, 16] },
        },
        bytes,
      ),
    );
    const [d, h, i] = read;
    expect(d && [...floatsOf(d)]).toEqual([Math.fround(-0.1)]);
    expect(h && [...floatsOf(h)]).toEqual([1.5, -3]);
    expect(() => i && floatsOf(i)).toThrow(/E-MODEL: The tensor "i" holds values of type I32/);
  });

  const bad: [string, Uint8Array, RegExp][] = [
    ['no header length', Uint8Array.of(1, 2, 3), /cut short/],
    ['a header past the end', fileOf('{}', [], 3n), /header that ends past the file/],
    ['a header of 2^63 bytes', fileOf('{}', [], 2n ** 63n), /absurd header/],
    ['a header over 100 MB', fileOf('{}', [], 100_000_001n), /absurd header.*100,000,000/],
    ['broken JSON', fileOf('{"a": '), /not JSON/],
    ['invalid UTF-8', Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 0x22, 0xff, 0x22), /not JSON/],
    ['a list as header', fileOf('[]'), /not a JSON object/],
    [
      'overlapping tensors',
      fileOf({ a: f32(0, 8, [2]), b: f32(4, 12, [2]) }, zeros(12)),
      /"b" that overlaps/,
    ],
    ['the same range twice', fileOf({ a: f32(0, 8, [2]), b: f32(0, 8, [2]) }, zeros(8)), /overlaps/],
    ['a gap', fileOf({ a: f32(0, 8, [2]), b: f32(12, 16, [1]) }, zeros(16)), /gap before the tensor "b"/],
    ['a gap at the start', fileOf({ a: f32(4, 8, [1]) }, zeros(8)), /gap before the tensor "a"/],
    ['values that nobody claims', fileOf({ a: f32(0, 4, [1]) }, zeros(5)), /no tensor claims/],
    ['offsets past the end', fileOf({ a: f32(0, 8, [2]) }, zeros(7)), /"a" with offsets \[0, 8\]/],
    ['falling offsets', fileOf({ a: f32(8, 0, [2]) }, zeros(8)), /"a" with offsets \[8, 0\]/],
    ['negative offsets', fileOf({ a: f32(-4, 0, [1]) }, zeros(4)), /offsets \[-4,0\]/],
    ['offsets that are not whole', fileOf({ a: f32(0, 1.5, [1]) }, zeros(4)), /offsets \[0,1.5\]/],
    ['a shape of another size', fileOf({ a: f32(0, 8, [3]) }, zeros(8)), /shape \[3\] in 8 bytes .*needs 12/],
    ['a shape that overflows', fileOf({ a: f32(0, 8, [2 ** 52, 2 ** 52]) }, zeros(8)), /E-MODEL.*"a"/],
    [
      'a shape that is not a list',
      fileOf({ a: { dtype: 'F32', shape: 2, data_offsets: [0, 8] } }, zeros(8)),
      /shape 2/,
    ],
    [
      'an unknown type',
      fileOf({ a: { dtype: 'F7', shape: [1], data_offsets: [0, 4] } }, zeros(4)),
      /unknown type "F7"/,
    ],
    ['an entry that is null', fileOf({ a: null }), /"a" of unknown type/],
    [
      'the same name twice',
      fileOf('{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"\\u0061":{}}'),
      /name "a" twice/,
    ],
    ['metadata that is not text', fileOf({ __metadata__: { a: 1 } }), /map of texts/],
  ];
  it.each(bad)('refuse %s', (_name, bytes, message) => {
    let fault: unknown;
    try {
      readSafetensors(bytes, 'm.safetensors');
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(LabError);
    expect(String(fault)).toMatch(message);
    expect(String(fault)).toMatch(/E-MODEL: m\.safetensors/);
  });

  it('answer any damage with a file or a coded error', () => {
    const good = writeSafetensors(tensors);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
        const damaged = good.slice(0, length);
        if (at < length) damaged[at] = byte;
        try {
          readSafetensors(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
        }
      }),
    );
  });

  it('are not written with a name twice, a reserved name or the wrong size', () => {
    const one = { name: 'w', shape: [2], data: Float32Array.of(1, 2) };
    expect(() => writeSafetensors([one, one])).toThrow(/E-MODEL.*"w".*Two tensors/);
    expect(() => writeSafetensors([{ ...one, name: '__metadata__' }])).toThrow(/E-MODEL/);
    expect(() => writeSafetensors([{ ...one, shape: [3] }])).toThrow(/E-SHAPE.*needs 3/);
  });
});

describe('duplicateKey', () => {
  it('finds a key that stands twice in one object, however it is written', () => {
    expect(duplicateKey('{"a":1,"b":{"a":2},"c":["a","a"]}')).toBe(null);
    expect(duplicateKey('{"a":"a","b":"{\\"a\\":1}"}')).toBe(null);
    expect(duplicateKey('{"b":[{"x":1},{"x":2}]}')).toBe(null);
    expect(duplicateKey('{"b":[{"x":1,"y\\\\":[],"x":2}]}')).toBe('x');
    expect(duplicateKey('{"\\u0061":1 , "a" : 2}')).toBe('a');
  });
});
