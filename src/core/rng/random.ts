/**
 * One splittable source of randomness. A stream is keyed by the seed and its purpose (`data`, `client/17/round/3`), so
 * that a new consumer never shifts another, and a run can go on from a position without any stored generator state.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  next(): number;
  /** Uniform integer in [min, max], both ends included. */
  int(min: number, max: number): number;
  /** Normal with mean 0 and standard deviation 1 (Box and Muller, 1958). */
  normal(): number;
  /** Uniform real in [low, high). */
  uniform(low: number, high: number): number;
  /** A permutation of 0..count-1 (Fisher and Yates). */
  permutation(count: number): Uint32Array;
}

/**
 * The stream for a purpose. The same seed and purpose give the same numbers on every machine.
 * @param seed integer in [0, 2^32)
 * @param purpose names and positions, such as `'order', epoch`; `('a', 'b')` and `('a/b')` are the same stream
 */
export function randomStream(seed: number, ...purpose: (string | number)[]): Random {
  const generator = xoroshiro128plusFromState(hash128(`${seed}/${purpose.join('/')}`));
  const next = (): number => uniformFloat64(generator);
  const int = (min: number, max: number): number => uniformInt(generator, min, max);
  return {
    next,
    int,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    uniform: (low, high) => low + (high - low) * next(),
    permutation(count) {
      const order = Uint32Array.from({ length: count }, (_, index) => index);
      for (let last = count - 1; last > 0; last--) {
        const other = int(0, last);
        const held = order[last] ?? 0;
        order[last] = order[other] ?? 0;
        order[other] = held;
      }
      return order;
    },
  };
}

/** Four 32-bit words from a text: four FNV-1a lanes with distinct offsets, each finished as in MurmurHash3. Never all zero. */
function hash128(text: string): [number, number, number, number] {
  const bytes = new TextEncoder().encode(text);
  const lane = (offset: number): number => {
    let hash = offset;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    return finish(hash ^ bytes.length);
  };
  const words: [number, number, number, number] = [
    lane(0x811c9dc5),
    lane(0x9e3779b9),
    lane(0x7f4a7c15),
    lane(0x243f6a88),
  ];
  return words.every((word) => word === 0) ? [1, 0, 0, 0] : words;
}

function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
