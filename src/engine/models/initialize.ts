import type { NamedArray } from '../../core/experiment/weights.ts';
import { sizeOf } from '../../core/models/layers.ts';
import type { ParameterSpec } from '../../core/models/parameter-specs.ts';
import { randomStream } from '../../core/rng/random.ts';

/**
 * PyTorch's default initialisation: what is drawn comes from U(-1/sqrt(fanIn), 1/sqrt(fanIn)), each array from a stream
 * of its own; batch-norm begins as the identity, with running statistics of mean 0 and variance 1.
 */
export function initializeParameters(specs: readonly ParameterSpec[], seed: number): NamedArray[] {
  return specs.map(({ name, shape, start }) => {
    const data = new Float32Array(sizeOf(shape));
    if ('value' in start) return { name, shape, data: data.fill(start.value) };
    const random = randomStream(seed, 'init', name);
    const bound = 1 / Math.sqrt(start.fanIn);
    for (let index = 0; index < data.length; index++) data[index] = random.uniform(-bound, bound);
    return { name, shape, data };
  });
}
