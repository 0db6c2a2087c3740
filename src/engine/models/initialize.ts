import type { NamedArray } from '../../core/experiment/weights.ts';
import { type ParameterSpec, sizeOf } from '../../core/models/layers.ts';
import { randomStream } from '../../core/rng/random.ts';

/**
 * PyTorch's default initialisation: weights and biases from U(-1/sqrt(fanIn), 1/sqrt(fanIn))
 * (torch.nn.Conv2d and Linear: kaiming_uniform with a = sqrt(5)). Each parameter has a stream of its own.
 */
export function initializeParameters(specs: readonly ParameterSpec[], seed: number): NamedArray[] {
  return specs.map(({ name, shape, fanIn }) => {
    const random = randomStream(seed, 'init', name);
    const bound = 1 / Math.sqrt(fanIn);
    const data = Float32Array.from({ length: sizeOf(shape) }, () => random.uniform(-bound, bound));
    return { name, shape, data };
  });
}
