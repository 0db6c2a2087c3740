import { LabError } from '../../../core/errors.ts';
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

  /**
   * @param step 1 for the first
   * @throws LabError E-NAN for a loss that is not finite
   */
  add(step: number, loss: number): void {
    if (!Number.isFinite(loss)) throw outOfBounds(`its loss at step ${step} is ${loss}`);
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

/** For weights that a repair let grow without bound. @param seen what shows it, as a half sentence */
export function outOfBounds(seen: string): LabError {
  return new LabError({
    code: 'E-NAN',
    what: 'This defense has led the weights out of bounds.',
    why: `They grew without end: ${seen}.`,
    fix: 'Lower the learning rate of the defense, or give it fewer epochs.',
  });
}
