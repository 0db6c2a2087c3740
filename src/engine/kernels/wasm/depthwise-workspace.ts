/** The scratch space of a depthwise convolution, and how its pieces get there. */
import type { DepthwiseShape, Frame, Pass } from './depthwise-tables.ts';
import type { KernelInstance } from './instance.ts';

/** A pass whose tables lie in memory. */
export interface PlacedPass {
  positions: number;
  outputs: number;
  count: number;
  taps: number;
  tapCount: number;
}

/** Takes one block of scratch and deals it out. The sizes are worked out first: a larger block would move the earlier ones. */
export class DepthwiseWorkspace {
  private readonly start: number;
  private used = 0;

  constructor(
    private readonly instance: KernelInstance,
    private readonly shape: DepthwiseShape,
    sizes: { pixels: number; tableEntries: number },
  ) {
    this.start = instance.scratch(sizes.pixels * shape.lanes * 4 + sizes.tableEntries * 4 + 256);
  }

  /** Room for pixels of `lanes` floats, all zero. */
  pixels(count: number): number {
    const address = this.take(count * this.shape.lanes * 4);
    this.instance.floats(address, count * this.shape.lanes).fill(0);
    return address;
  }

  place({ positions, outputs, taps }: Pass): PlacedPass {
    return {
      positions: this.table(positions),
      outputs: this.table(outputs),
      count: positions.length,
      taps: this.table(taps),
      tapCount: taps.length / 2,
    };
  }

  /** The filter, or its gradient, in rows of `lanes` floats: as it is, or copied. */
  filterRows(address: number): number {
    const { filterHeight, filterWidth, outChannels, lanes } = this.shape;
    if (lanes === outChannels) return address;
    const rows = this.pixels(filterHeight * filterWidth);
    this.instance.kernels.spreadPixels(
      address,
      filterHeight,
      filterWidth,
      outChannels,
      1,
      rows,
      filterWidth,
      lanes,
    );
    return rows;
  }

  private table(entries: readonly number[]): number {
    const address = this.take(entries.length * 4);
    this.instance.integers(address, entries.length).set(entries);
    return address;
  }

  private take(bytes: number): number {
    const address = this.start + this.used;
    this.used += Math.ceil(bytes / 16) * 16;
    return address;
  }
}

/** Repeats the last position until there are whole fours; the kernel writes its output again. */
export function inFours({ positions, outputs, taps }: Pass): Pass {
  const filled = (entries: readonly number[]): number[] => {
    const last = entries.slice(-1);
    return [...entries, ...last, ...last, ...last].slice(0, Math.ceil(entries.length / 4) * 4);
  };
  return { positions: filled(positions), outputs: filled(outputs), taps };
}

/** Whether images of this many channels can be used where they lie, without zeros around them. */
export function isPlain(frame: Frame, height: number, width: number): boolean {
  return frame.top === 0 && frame.left === 0 && frame.height === height && frame.width === width;
}
