/** Adam over a few plain arrays (Kingma and Ba, ICLR 2015), for searches beside the training. Its state is arrays too. */
import type { NamedArray } from '../../core/experiment/weights.ts';

export interface AdamSettings {
  beta1: number;
  beta2: number;
  epsilon: number;
}

const USUAL: AdamSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

export class AdamSearch {
  private readonly means: Float32Array[];
  private readonly squares: Float32Array[];
  private steps = 0;

  /** @param values changed in place by each step */
  constructor(
    private readonly values: readonly Float32Array[],
    private readonly rate: number,
    private readonly settings: AdamSettings = USUAL,
  ) {
    this.means = values.map(({ length }) => new Float32Array(length));
    this.squares = values.map(({ length }) => new Float32Array(length));
  }

  /**
   * One step against the gradients, one array for each array of values.
   * @param share of the learning rate that this step takes
   */
  step(gradients: readonly Float32Array[], share = 1): void {
    this.steps++;
    const { beta1, beta2, epsilon } = this.settings;
    const [first, second] = [1 - beta1 ** this.steps, 1 - beta2 ** this.steps];
    this.values.forEach((values, array) => {
      const [gradient, means, squares] = [gradients[array], this.means[array], this.squares[array]];
      if (!gradient || !means || !squares) throw new Error('one gradient an array');
      for (let at = 0; at < values.length; at++) {
        const slope = gradient[at] ?? 0;
        const mean = beta1 * (means[at] ?? 0) + (1 - beta1) * slope;
        const square = beta2 * (squares[at] ?? 0) + (1 - beta2) * slope * slope;
        means[at] = mean;
        squares[at] = square;
        const change = (share * this.rate * (mean / first)) / (Math.sqrt(square / second) + epsilon);
        values[at] = (values[at] ?? 0) - change;
      }
    });
  }

  /** Copies of values and slots. */
  state(): NamedArray[] {
    const named = (name: string, arrays: readonly Float32Array[]): NamedArray[] =>
      arrays.map((data, at) => ({ name: `${name}${at}`, shape: [data.length], data: data.slice() }));
    return [
      ...named('value', this.values),
      ...named('mean', this.means),
      ...named('square', this.squares),
      { name: 'steps', shape: [1], data: Float32Array.of(this.steps) },
    ];
  }

  /** Takes up what `state` gave; arrays of another length or name are left. */
  restore(arrays: readonly NamedArray[]): void {
    const groups = { value: this.values, mean: this.means, square: this.squares };
    for (const { name, data } of arrays) {
      if (name === 'steps') this.steps = data[0] ?? 0;
      for (const [group, targets] of Object.entries(groups)) {
        const target = name.startsWith(group) ? targets[Number(name.slice(group.length))] : undefined;
        if (target?.length === data.length) target.set(data);
      }
    }
  }
}
