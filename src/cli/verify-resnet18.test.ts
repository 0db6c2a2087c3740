import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from './temporary-folder.test-support.ts';
import { lab } from './terminal.test-support.ts';

const FILE = 'resnet18_cifar.json';
const GOLDEN = fileURLToPath(new URL(`../engine/reference/golden/${FILE}`, import.meta.url));

/** Whether the kernel for batch-norm takes the unbiased variance. */
const wrong = vi.hoisted(() => ({ variance: false }));

vi.mock(import('../engine/kernels/wasm/batch-norm-kernel.ts'), async (original) => {
  const { wasmBatchNorm } = await original();
  // oxlint-disable-next-line no-restricted-imports -- stands in for the engine
  const { mul } = await import('@tensorflow/tfjs-core');
  return {
    wasmBatchNorm: {
      ...wasmBatchNorm,
      forward: (x, gamma, beta, epsilon) => {
        const n = x.size / gamma.size;
        const share = wrong.variance ? (n - 1) / n : 1;
        return wasmBatchNorm.forward(x, mul(gamma, Math.sqrt(share)), beta, epsilon * share);
      },
    },
  };
});

afterEach(() => {
  wrong.variance = false;
});

const at = temporaryFolder('verify-resnet18');

async function verified(name: string, change: (text: string) => string = (text) => text) {
  await mkdir(at(name));
  const copy = path.join(at(name), FILE);
  await copyFile(GOLDEN, copy);
  await writeFile(copy, change(await readFile(GOLDEN, 'utf8')));
  const { exitCode, out } = await lab('verify', at(name), '--backend', 'wasm');
  return [exitCode, out];
}

/** One logit of a list, a tenth higher. */
const higher = (list: string) => (text: string) => {
  const document = JSON.parse(text) as Record<string, number[][]>;
  const row = document[list]?.[1];
  if (row) row[3] = (row[3] ?? 0) * 1.1;
  return JSON.stringify(document);
};

describe('lab verify of ResNet-18', () => {
  it('fails on the unbiased variance, and names a layer', async () => {
    wrong.variance = true;
    expect(await verified('unbiased')).toEqual([
      1,
      expect.stringMatching(/failed .+\(layers by batch statistics: batch_norm layer4.+\), tolerance 1e-4/),
    ]);
  });

  it('fails on wrong logits', async () => {
    expect(await verified('logits', higher('logits_train'))).toEqual([
      1,
      expect.stringMatching(/failed .+\(logits by batch statistics\)/),
    ]);
  });
});
