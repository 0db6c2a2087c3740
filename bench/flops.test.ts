import { describe, expect, it } from 'vitest';
import { flopsOf } from './flops.ts';
import { isStep, WORKLOAD_NAMES } from './workload-list.ts';

/** Multiply-adds of SimpleNet for one image, written out: two convolutions, two dense layers. */
const CONV1 = 24 * 24 * 20 * 25;
const REST = 8 * 8 * 50 * 500 + 800 * 500 + 500 * 10;

describe('operations of a workload', () => {
  it('are those of SimpleNet worked out by hand', () => {
    expect(flopsOf('simplenet_step')).toBe(2 * 64 * (2 * CONV1 + 3 * REST));
    expect(flopsOf('simplenet_eval')).toBe(2 * 1000 * (CONV1 + REST));
    expect(flopsOf('mgda_step')).toBe(2 * flopsOf('simplenet_step'));
    expect(flopsOf('nc_step')).toBe(2 * 64 * 2 * (CONV1 + REST));
  });

  it('are the 0.56 G multiply-adds an image of the CIFAR ResNet-18', () => {
    expect(flopsOf('resnet18_step') / (3 * 2 * 64) / 1e9).toBeCloseTo(0.555, 2);
  });

  it('are those of a kernel, the same for its gradients', () => {
    expect(flopsOf('matmul_512')).toBe(2 * 512 ** 3);
    expect(flopsOf('conv5_forward')).toBe(2 * 64 * 8 * 8 * 50 * 25 * 20);
    expect(flopsOf('conv3_filter_gradient')).toBe(2 * 64 * 16 * 16 * 128 * 9 * 128);
    expect(flopsOf('conv3_input_gradient')).toBe(flopsOf('conv3_forward'));
  });

  it('are counted for everything that is timed step by step', () => {
    for (const name of WORKLOAD_NAMES.filter(isStep)) expect(flopsOf(name)).toBeGreaterThan(0);
  });
});
