import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkReference, knownReferences, TOLERANCE } from './checks.ts';

/** Figures from the original PyTorch code; see docs/reference-figures.md. */
const GOLDEN: Record<string, string> = {
  mgda: './golden/mgda.json',
  simplenet: './golden/simplenet.json',
  optimizers: './golden/optimizers.json',
  pattern_synthesizer: '../../core/triggers/golden/pattern_synthesizer.json',
};

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(GOLDEN[name] ?? '', import.meta.url), 'utf8'));

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('the engine against the figures of Backdoors 101', () => {
  it.each(knownReferences)('agrees with %s', async (name) => {
    const comparisons = await checkReference(name, read(name));
    expect(comparisons?.length).toBeGreaterThan(5);
    for (const { name: what, error } of comparisons ?? []) expect(error, what).toBeLessThan(TOLERANCE);
  });

  it('sees a figure that is off by one part in a hundred', async () => {
    const document = read('optimizers') as { cosine: { lr_per_epoch: number[] } };
    document.cosine.lr_per_epoch[3] = (document.cosine.lr_per_epoch[3] ?? 0) * 1.02;
    const comparisons = await checkReference('optimizers', document);
    expect(Math.max(...(comparisons ?? []).map(({ error }) => error))).toBeGreaterThan(0.01);
  });

  it('keeps no tensors', async () => {
    const before = tf.memory().numTensors;
    for (const name of knownReferences) await checkReference(name, read(name));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names what is wrong in a file that is not of its kind', async () => {
    await expect(checkReference('mgda', { cases: [{ tasks: [] }] })).rejects.toThrow(
      /E-CONFIG-VALUE.*mgda.*cases\.0/,
    );
    await expect(checkReference('simplenet', null)).rejects.toThrow(/E-CONFIG-VALUE/);
  });

  it('says of a file that it does not know that it does not', async () => {
    expect(await checkReference('toString', {})).toBeNull();
    expect(await checkReference('resnet18_cifar', {})).toBeNull();
  });
});
