/** A network that draws a picture from an image: two convolutions down, one across, two up again. */
import type { ImageShape } from '../../datasets/dataset.ts';
import type { Random } from '../../rng/random.ts';
import { type Convolution, convolve, convolveBack, type Reads, readsOf, sizeOf } from './convolution.ts';

/** Channels at half of the image's size, and at a quarter. */
const HALF = 8;
const QUARTER = 16;

/** What a pass left behind, for its derivative. */
export interface Pass {
  /** What each convolution read. */
  inputs: Float32Array[];
  /** [height, width, outputs] before any squashing. */
  output: Float32Array;
}

interface Layer {
  conv: Convolution;
  reads: Reads;
  weights: Float32Array;
  /** Where its weights begin. */
  at: number;
}

export class Generator {
  /** All that is learned, one convolution after another. */
  readonly values: Float32Array;
  private readonly layers: Layer[] = [];

  /** @param outputs numbers for each pixel of the image */
  constructor(shape: ImageShape, outputs: number) {
    const convs = convolutions(shape, outputs);
    this.values = new Float32Array(convs.reduce((sum, conv) => sum + sizeOf(conv), 0));
    let at = 0;
    for (const conv of convs) {
      this.layers.push({
        conv,
        reads: readsOf(conv),
        weights: this.values.subarray(at, at + sizeOf(conv)),
        at,
      });
      at += sizeOf(conv);
    }
  }

  /** Normal weights that keep the size of what passes through (He et al., ICCV 2015); biases 0. */
  draw(random: Random): void {
    for (const { conv, weights } of this.layers) {
      const deviation = Math.sqrt(2 / (9 * conv.input.channels));
      const biases = weights.length - conv.output.channels;
      for (let at = 0; at < weights.length; at++) weights[at] = at < biases ? deviation * random.normal() : 0;
    }
  }

  /** @param pixels [height, width, channels] in [0, 1] */
  pass(pixels: Float32Array): Pass {
    const inputs: Float32Array[] = [];
    let output = pixels;
    for (const { conv, reads, weights } of this.layers) {
      const input = inputs.length === 0 ? output : output.map((value) => Math.max(0, value));
      inputs.push(input);
      output = convolve(conv, reads, weights, input);
    }
    return { inputs, output };
  }

  /**
   * @param slope [height, width, outputs] of the loss in the output
   * @param into [values.length] the slope in what is learned is added to it
   */
  back({ inputs }: Pass, slope: Float32Array, into: Float32Array): void {
    let behind = slope;
    for (let index = this.layers.length - 1; index >= 0; index--) {
      const [layer, input] = [this.layers[index], inputs[index]];
      if (!layer || !input) throw new RangeError('a pass of this generator');
      const { conv, reads, weights, at } = layer;
      const own = into.subarray(at, at + weights.length);
      const slopes = convolveBack(conv, reads, weights, input, behind, own);
      behind = slopes.map((value, place) => ((input[place] ?? 0) > 0 ? value : 0));
    }
  }
}

function convolutions({ height, width, channels }: ImageShape, outputs: number): Convolution[] {
  const half = { height: Math.ceil(height / 2), width: Math.ceil(width / 2), channels: HALF };
  const quarter = {
    height: Math.ceil(half.height / 2),
    width: Math.ceil(half.width / 2),
    channels: QUARTER,
  };
  const narrow = { ...quarter, channels: HALF };
  const plain = { stride: 1, widens: false } as const;
  return [
    { input: { height, width, channels }, output: half, stride: 2, widens: false },
    { input: half, output: quarter, stride: 2, widens: false },
    { input: quarter, output: narrow, ...plain },
    { input: narrow, output: half, ...plain, widens: true },
    { input: half, output: { height, width, channels: outputs }, ...plain, widens: true },
  ];
}
