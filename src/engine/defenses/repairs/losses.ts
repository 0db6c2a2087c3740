import type { DefenseContext } from '../context.ts';

/** The losses of a repair as it trains, as a curve of at most a hundred places that grows. */
export class Losses {
  private readonly sums = new Map<number, { sum: number; count: number }>();
  private readonly every: number;

  /** @param steps of all of it, so that the curve has its places */
  constructor(
    private readonly context: DefenseContext,
    private readonly steps: number,
    private readonly shown: { id: string; title: string; line: string },
  ) {
    this.every = Math.max(1, Math.ceil(steps / 100));
  }

  /** @param step 1 for the first */
  add(step: number, loss: number): void {
    const place = Math.ceil(step / this.every);
    const { sum, count } = this.sums.get(place) ?? { sum: 0, count: 0 };
    this.sums.set(place, { sum: sum + loss, count: count + 1 });
    if (step % (this.every * 10) === 0 || step === this.steps) this.show();
  }

  /** Shows what there is. */
  show(): void {
    const { id, title, line } = this.shown;
    const means = Float64Array.from(this.sums.values(), ({ sum, count }) => sum / count);
    const at = Float64Array.from(this.sums.keys(), (place) => Math.min(this.steps, place * this.every));
    this.context.show({
      kind: 'curve',
      id,
      title,
      x: { title: 'steps', values: at },
      lines: [{ name: line, population: 'clean', values: means }],
      chosen: null,
    });
  }
}
