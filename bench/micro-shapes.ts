import type { StepName } from './workload-list.ts';
import { BATCH } from './workload-list.ts';

/** A convolution of stride 1 over `BATCH` images, as the kernel workloads time it. */
export interface MicroConvolution {
  /** [batch, height, width, channels]. */
  input: [number, number, number, number];
  /** [height, width, channels in, channels out]. */
  filter: [number, number, number, number];
  padding: 'valid' | 'same';
  part: 'forward' | 'input_gradient' | 'filter_gradient';
}

export const MATMUL_SIDE = 512;

/** SimpleNet's second convolution, and one of ResNet-18's second stage. */
const CONVOLUTIONS: Readonly<Record<string, Omit<MicroConvolution, 'part'>>> = {
  conv5: { input: [BATCH, 12, 12, 20], filter: [5, 5, 20, 50], padding: 'valid' },
  conv3: { input: [BATCH, 16, 16, 128], filter: [3, 3, 128, 128], padding: 'same' },
};

/** The convolution that a kernel workload times; null for every other workload. */
export function microConvolution(name: StepName): MicroConvolution | null {
  const [kind = '', ...rest] = name.split('_');
  const shape = CONVOLUTIONS[kind];
  const part = rest.join('_');
  if (!shape || (part !== 'forward' && part !== 'input_gradient' && part !== 'filter_gradient')) return null;
  return { ...shape, part };
}
