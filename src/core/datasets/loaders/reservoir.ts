import type { Random } from '../../rng/random.ts';

/**
 * A fair sample of a stream whose length is not known: every item is kept with the same chance (Vitter, Random sampling
 * with a reservoir, 1985, algorithm R).
 */
export class Reservoir<T> {
  readonly items: T[] = [];
  private seen = 0;

  /** @param capacity most items that are kept, 1 or more */
  constructor(
    private readonly capacity: number,
    private readonly random: Random,
  ) {}

  /** Items that came and were not refused. */
  get offered(): number {
    return this.seen;
  }

  /** @param make gives the item, asked only where it would be kept; null refuses it, and it does not count */
  async offer(make: () => Promise<T | null>): Promise<void> {
    const at = this.items.length < this.capacity ? this.items.length : this.random.int(0, this.seen);
    if (at >= this.capacity) {
      this.seen++;
      return;
    }
    const item = await make();
    if (item === null) return;
    this.items[at] = item;
    this.seen++;
  }
}
