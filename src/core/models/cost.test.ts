import { describe, expect, it } from 'vitest';
import { multiplyAdds } from './cost.ts';
import { resnet18, resnet8 } from './resnet.ts';
import { simplenet } from './simplenet.ts';

describe('the multiply-adds of a forward pass', () => {
  it('are those that one counts by hand', () => {
    // SimpleNet on 28x28x1: 24x24x20 of 5x5x1, 8x8x50 of 5x5x20, 800 x 500, 500 x 10.
    expect(multiplyAdds(simplenet, [28, 28, 1], 10)).toBe(288_000 + 1_600_000 + 400_000 + 5_000);
    // ResNet-8 on 4x4x1: 16 pixels in the first stage, 4 in the second, 1 in the third, then 64 x 2.
    const stages = [
      16 * 9 * (16 + 2 * 16 * 16),
      4 * (9 * (16 * 32 + 32 * 32) + 16 * 32),
      9 * (32 * 64 + 64 * 64) + 32 * 64,
    ];
    expect(multiplyAdds(resnet8, [4, 4, 1], 2)).toBe(stages.reduce((sum, stage) => sum + stage, 0) + 128);
  });

  it('are 0.56 thousand million for ResNet-18 on CIFAR', () => {
    expect(multiplyAdds(resnet18, [32, 32, 3], 10) / 1e9).toBeCloseTo(0.5554, 3);
  });
});
