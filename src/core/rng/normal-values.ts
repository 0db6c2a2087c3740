/**
 * Many normal values at once, by the ziggurat: most cost a whole number and a product. Sources: Marsaglia and Tsang, The
 * Ziggurat Method for Generating Random Variables, 2000; with bits of its own for the layer by Doornik, An Improved Ziggurat Method
 * to Generate Normal Random Samples, 2005.
 */
import { randomStream } from './random.ts';

const LAYERS = 128;
/** Where the tail begins, and the area of each layer. */
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;

/** Right ends of the layers, from the widest; the last is 0. */
const ENDS = new Float64Array(LAYERS + 1);
/** How much of each layer lies under the one above. */
const INNER = new Float64Array(LAYERS);

const density = (x: number): number => Math.exp(-0.5 * x * x);

ENDS[0] = AREA / density(TAIL);
ENDS[1] = TAIL;
for (let layer = 2; layer < LAYERS; layer++) {
  const below = ENDS[layer - 1] as number;
  ENDS[layer] = Math.sqrt(-2 * Math.log(AREA / below + density(below)));
}
for (let layer = 0; layer < LAYERS; layer++)
  INNER[layer] = (ENDS[layer + 1] as number) / (ENDS[layer] as number);

/**
 * `count` draws from a normal of mean 0 and that deviation: the same for a seed and purpose on every machine, as
 * `randomStream` is keyed.
 * @param deviation 0 or more
 */
export function normalValues(
  seed: number,
  count: number,
  deviation: number,
  ...purpose: (string | number)[]
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  if (deviation === 0) return values;
  const key = randomStream(seed, ...purpose);
  const bits = new RandomBits(key.int(0, 0xffffffff), key.int(0, 0xffffffff), key.int(0, 0xffffffff));
  for (let at = 0; at < count; at++) values[at] = deviation * normal(bits);
  return values;
}

function normal(bits: RandomBits): number {
  for (;;) {
    // Other bits for the layer than for the place in it: 24 of those and a sign are what a float32 holds.
    const word = bits.next();
    const layer = word & (LAYERS - 1);
    const signed = ((word >> 7) + 0.5) / 2 ** 24;
    if (Math.abs(signed) < (INNER[layer] as number)) return signed * (ENDS[layer] as number);
    if (layer === 0) return tail(bits, signed < 0);
    const [outer, inner] = [ENDS[layer] as number, ENDS[layer + 1] as number];
    const x = signed * outer;
    const [low, high] = [density(outer), density(inner)];
    if (low + bits.uniform() * (high - low) < density(x)) return x;
  }
}

/** Beyond the widest layer (Marsaglia, 1964). */
function tail(bits: RandomBits, negative: boolean): number {
  for (;;) {
    const x = Math.log(bits.uniform()) / TAIL;
    const y = Math.log(bits.uniform());
    if (-2 * y >= x * x) return negative ? x - TAIL : TAIL - x;
  }
}

/** 32 random bits at a time (Doty-Humphrey's sfc32, PractRand), made in blocks, which is several times as fast. */
class RandomBits {
  private readonly block = new Int32Array(4096);
  private readonly state: Int32Array;
  private at = this.block.length;

  constructor(first: number, second: number, third: number) {
    this.state = Int32Array.of(first, second, third, 1);
    this.refill(); // the first ones still look like the key
    this.at = 12;
  }

  /** A whole number in [-2^31, 2^31). */
  next(): number {
    if (this.at === this.block.length) this.refill();
    return this.block[this.at++] as number;
  }

  /** In (0, 1). */
  uniform(): number {
    return (this.next() + 2 ** 31 + 0.5) / 2 ** 32;
  }

  private refill(): void {
    const { block, state } = this;
    let [a, b, c, counter] = state as unknown as [number, number, number, number];
    for (let at = 0; at < block.length; at++) {
      const result = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + result) | 0;
      block[at] = result;
    }
    state.set([a, b, c, counter]);
    this.at = 0;
  }
}
