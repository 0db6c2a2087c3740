import type { NamedArray } from '../experiment/weights.ts';
import { randomStream } from '../rng/random.ts';
import { sizeOf } from './layers.ts';
import type { ParameterSpec } from './parameter-specs.ts';

/**
 * PyTorch's default initialisation: what is drawn comes from U(-1/sqrt(fanIn), 1/sqrt(fanIn)), word vectors from N(0, 1),
 * each array from a stream of its own; normalisations begin as the identity, with running statistics of mean 0 and
 * variance 1.
 */
export function initializeParameters(specs: readonly ParameterSpec[], seed: number): NamedArray[] {
  return specs.map(({ name, shape, start }) => {
    const data = new Float32Array(sizeOf(shape));
    if ('value' in start) return { name, shape, data: data.fill(start.value) };
    const random = randomStream(seed, 'init', name);
    if ('deviation' in start) {
      for (let index = start.zeros ?? 0; index < data.length; index++)
        data[index] = start.deviation * random.normal();
      return { name, shape, data };
    }
    const bound = 1 / Math.sqrt(start.fanIn);
    for (let index = 0; index < data.length; index++) data[index] = random.uniform(-bound, bound);
    return { name, shape, data };
  });
}
