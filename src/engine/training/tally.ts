/** Counts what a network says of examples: how often it is right, and how often it does what a backdoor wants. */
import type { BackdoorFigures, OptionalRate, Verdict } from '../../core/experiment/events.ts';

/** Smallest probability whose logarithm is counted, so that one confident mistake keeps the mean finite. */
const MIN_PROBABILITY = 1e-30;

/** A matrix of more classes is neither seen nor kept: of 9,000 people it would have 81 million counts. */
export const MAX_CONFUSION_CLASSES = 500;

/** Rows of softmax for the examples of a chunk. */
export class Predictions {
  readonly labels: Int32Array;
  private readonly confidences: Float32Array;

  /** @param values probabilities, [count, classes] */
  constructor(
    private readonly values: Float32Array,
    private readonly classes: number,
  ) {
    const count = values.length / classes;
    this.labels = new Int32Array(count);
    this.confidences = new Float32Array(count);
    for (let example = 0; example < count; example++) {
      const row = values.subarray(example * classes, (example + 1) * classes);
      let best = 0;
      row.forEach((value, label) => {
        if (value > (row[best] ?? 0)) best = label;
      });
      this.labels[example] = best;
      this.confidences[example] = row[best] ?? 0;
    }
  }

  verdict(example: number): Verdict {
    return { label: this.labels[example] ?? 0, confidence: this.confidences[example] ?? 0 };
  }

  /** Minus the logarithm of the probability of a label. */
  loss(example: number, label: number): number {
    return -Math.log(Math.max(this.values[example * this.classes + label] ?? 0, MIN_PROBABILITY));
  }
}

export class Tally {
  /** [classes][classes] counts, rows the true class, columns the predicted one; empty for too many classes. */
  readonly confusion: number[][];
  private count = 0;
  private correct = 0;
  private lossSum = 0;
  private eligible = 0;
  private succeeded = 0;
  private robust = 0;

  constructor(classes: number) {
    const rows = classes <= MAX_CONFUSION_CLASSES ? classes : 0;
    this.confusion = Array.from({ length: rows }, () => new Array<number>(classes).fill(0));
  }

  /**
   * @param truth true class of each example
   * @param wanted the class as which each should be read
   */
  add(truth: ArrayLike<number>, wanted: ArrayLike<number>, predictions: Predictions): void {
    for (let example = 0; example < truth.length; example++) {
      const [is, should] = [truth[example] ?? 0, wanted[example] ?? 0];
      const predicted = predictions.labels[example] ?? 0;
      this.count++;
      this.lossSum += predictions.loss(example, should);
      if (predicted === should) this.correct++;
      if (is !== should) {
        this.eligible++;
        if (predicted === should) this.succeeded++;
        if (predicted === is) this.robust++;
      }
      const row = this.confusion[is];
      if (row) row[predicted] = (row[predicted] ?? 0) + 1;
    }
  }

  get accuracy(): { value: number; n: number } {
    return { value: this.correct / this.count, n: this.count };
  }

  get loss(): number {
    return this.lossSum / this.count;
  }

  get figures(): BackdoorFigures {
    const rate = (hits: number): OptionalRate => ({
      value: this.eligible > 0 ? hits / this.eligible : null,
      n: this.eligible,
    });
    return {
      attackSuccess: rate(this.succeeded),
      attackSuccessAll: this.accuracy,
      robustAccuracy: rate(this.robust),
      attackLoss: this.loss,
    };
  }
}
