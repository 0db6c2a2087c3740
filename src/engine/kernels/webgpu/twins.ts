/** Slow, obvious twins of the direct functions, for tests: loops in double precision. */
import { at } from '../wasm/twin-shapes.ts';

/** One parameter's values and slots; the twins change them in place. */
export interface SlowParameter {
  p: number[];
  /** Velocity, or first and second moment. */
  slots: number[][];
  gradients: Float32Array[];
}

function weighted(gradients: readonly Float32Array[], weights: readonly number[], index: number): number {
  return gradients.reduce((sum, gradient, task) => sum + at(weights, task) * at(gradient, index), 0);
}

/** torch.optim.SGD on the weighted sum of the objectives' gradients. */
export function slowSgd(
  { p, slots: [velocity], gradients }: SlowParameter,
  weights: readonly number[],
  options: { learningRate: number; momentum: number; weightDecay: number },
): void {
  p.forEach((value, i) => {
    const g = weighted(gradients, weights, i) + options.weightDecay * value;
    const moved = velocity ? options.momentum * at(velocity, i) + g : g;
    if (velocity) velocity[i] = moved;
    p[i] = value - options.learningRate * moved;
  });
}

/** torch.optim.Adam, likewise. */
export function slowAdam(
  { p, slots: [mean, square], gradients }: SlowParameter,
  weights: readonly number[],
  options: {
    learningRate: number;
    beta1: number;
    beta2: number;
    epsilon: number;
    weightDecay: number;
    step: number;
  },
): void {
  const { learningRate, beta1, beta2, epsilon, weightDecay, step } = options;
  if (!mean || !square) throw new Error('two slots');
  p.forEach((value, i) => {
    const g = weighted(gradients, weights, i) + weightDecay * value;
    mean[i] = beta1 * at(mean, i) + (1 - beta1) * g;
    square[i] = beta2 * at(square, i) + (1 - beta2) * g * g;
    const root = Math.sqrt(at(square, i) / (1 - beta2 ** step)) + epsilon;
    p[i] = value - (learningRate * (at(mean, i) / (1 - beta1 ** step))) / root;
  });
}

/** Inner products of every pair, in the order of `lossesAndGram`. */
export function slowGram(gradients: readonly (readonly Float32Array[])[]): number[] {
  const products: number[] = [];
  gradients.forEach((left, row) => {
    for (const right of gradients.slice(row)) {
      let sum = 0;
      left.forEach((values, parameter) => {
        const others = right[parameter];
        if (!others) throw new Error('as many parameters');
        values.forEach((value, i) => (sum += value * at(others, i)));
      });
      products.push(sum);
    }
  });
  return products;
}

/** Loss of each row and its gradient in the logits. */
export function slowCrossEntropy(logits: Float32Array, labels: Int32Array, classes: number) {
  const gradient = new Float64Array(logits.length);
  const loss = Array.from(labels, (label, row) => {
    const line = Array.from(logits.subarray(row * classes, (row + 1) * classes));
    const highest = Math.max(...line);
    const total = line.reduce((sum, z) => sum + Math.exp(z - highest), 0);
    line.forEach((z, j) => {
      gradient[row * classes + j] = Math.exp(z - highest) / total - (j === label ? 1 : 0);
    });
    return Math.log(total) + highest - at(line, label);
  });
  return { loss, gradient };
}

export function slowChannelSums(values: Float32Array, channels: number): Float64Array {
  const sums = new Float64Array(channels);
  values.forEach((value, index) => (sums[index % channels] = at(sums, index % channels) + value));
  return sums;
}
