import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { checkReference, knownReferences, TOLERANCE, toleranceOf } from './checks.ts';

/** Figures from the original PyTorch code; see docs/reference-figures.md. */
const GOLDEN: Record<string, string> = {
  mgda: './golden/mgda.json',
  simplenet: './golden/simplenet.json',
  optimizers: './golden/optimizers.json',
  pattern_synthesizer: '../../core/triggers/golden/pattern_synthesizer.json',
  resnet18_cifar: './golden/resnet18_cifar.json',
  resnet8: './golden/resnet8.json',
  resnet18_photos: './golden/resnet18_photos.json',
  text: './golden/text.json',
  fl_aggregation: './golden/fl_aggregation.json',
  neural_cleanse_evasion: './golden/neural_cleanse_evasion.json',
  sentinet_evasion: './golden/sentinet_evasion.json',
  spectral_evasion: './golden/spectral_evasion.json',
};

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(GOLDEN[name] ?? '', import.meta.url), 'utf8'));

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('the engine against the figures of Backdoors 101', () => {
  it.each(knownReferences)('agrees with %s, and keeps no tensors', async (name) => {
    // A minute on cpu.
    await startBackend(name.startsWith('resnet18') ? 'wasm' : 'cpu', nodeAssets);
    const before = tf.memory().numTensors;
    const comparisons = await checkReference(name, read(name));
    expect(tf.memory().numTensors).toBe(before);
    expect(comparisons?.length).toBeGreaterThan(2);
    for (const one of comparisons ?? []) expect(one.error, one.name).toBeLessThan(toleranceOf(one));
    const wide = comparisons?.filter((one) => toleranceOf(one) > TOLERANCE).map((one) => one.name);
    expect(wide).toEqual(name === 'resnet18_cifar' ? ['logits by batch statistics'] : []);
  });

  it('agrees with the models of texts by the kernels of the wasm backend too', async () => {
    await startBackend('wasm', nodeAssets);
    for (const one of (await checkReference('text', read('text'))) ?? [])
      expect(one.error, one.name).toBeLessThan(toleranceOf(one));
  });

  it('sees a figure that is off by one part in a hundred', async () => {
    const document = read('optimizers') as { cosine: { lr_per_epoch: number[] } };
    document.cosine.lr_per_epoch[3] = (document.cosine.lr_per_epoch[3] ?? 0) * 1.02;
    const comparisons = await checkReference('optimizers', document);
    expect(Math.max(...(comparisons ?? []).map(({ error }) => error))).toBeGreaterThan(0.01);
  });

  it('names what is wrong in a file that is not of its kind', async () => {
    await expect(checkReference('mgda', { cases: [{ tasks: [] }] })).rejects.toThrow(
      /E-CONFIG-VALUE.*mgda.*cases\.0/,
    );
    await expect(checkReference('simplenet', null)).rejects.toThrow(/E-CONFIG-VALUE/);
  });

  it('says of a file that it does not know that it does not', async () => {
    expect(await checkReference('toString', {})).toBeNull();
    expect(await checkReference('resnet34', {})).toBeNull();
  });
});
