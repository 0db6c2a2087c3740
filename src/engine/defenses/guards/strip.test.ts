import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../../core/rng/random.ts';
import { normalQuantile, normalShare } from '../../../core/statistics/normal.ts';
import { nodeAssets } from '../../backend/assets.node.ts';
import { startBackend } from '../../backend/start.ts';
import { Network } from '../../models/network.ts';
import { defend, defenderDataset, quick, request } from '../defense.test-support.ts';
import { boundaryOf, meanEntropy } from './strip.ts';
import { superimposed } from './superimpose.ts';
import { documentFrequencies, replacedWords, tellingWords } from './word-overlay.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

describe('STRIP', () => {
  it('adds pixels and cuts at white, or adds what is normalised', () => {
    // Pixels 0.2, 0.9, 0.4 and 0.3, 0.5, 0.1 of three channels.
    const info = { mean: [0.4, 0.5, 0.2], deviation: [0.2, 0.25, 0.5] };
    const normal = (pixels: number[]) =>
      Float32Array.from(pixels, (value, at) => (value - (info.mean[at] ?? 0)) / (info.deviation[at] ?? 1));
    const [image, overlay] = [normal([0.2, 0.9, 0.4]), normal([0.3, 0.5, 0.1])];
    const close = (found: Float32Array, wanted: Float32Array) =>
      found.forEach((value, at) => expect(value).toBeCloseTo(wanted[at] ?? NaN, 5));
    close(superimposed(image, overlay, info, 'saturate'), normal([0.5, 1, 0.5]));
    // -1 + -0.5, 1.6 + 0, 0.4 + -0.2
    close(superimposed(image, overlay, info, 'normalized'), Float32Array.of(-1.5, 1.6, 0.2));
  });

  it('measures entropy in bits, as a plain sum over the probabilities has it', async () => {
    const network = Network.create('simplenet', [16, 17, 1], 3, 4);
    const random = randomStream(1, 'entropy');
    const batch = Float32Array.from({ length: 5 * 16 * 17 }, () => random.uniform(-2, 2));
    const tensor = network.batchOf(batch, 5);
    const logits = network.forward(tensor);
    const rows = logits.arraySync();
    tensor.dispose();
    logits.dispose();
    const softmax = rows.map((row) => {
      const exps = row.map(Math.exp);
      return exps.map((value) => value / exps.reduce((a, b) => a + b, 0));
    });
    const sigmoid = rows.map((row) => row.map((value) => 1 / (1 + Math.exp(-value))));
    const entropy = (all: number[][]) => -all.flat().reduce((sum, p) => sum + p * Math.log2(p), 0) / 5;
    expect(await meanEntropy(network, batch, 5, 'softmax')).toBeCloseTo(entropy(softmax), 5);
    expect(await meanEntropy(network, batch, 5, 'sigmoid')).toBeCloseTo(entropy(sigmoid), 5);
    network.dispose();
  });

  it('sets its threshold by a normal distribution, or by the entropies themselves', () => {
    const entropies = Float64Array.of(1, 2, 3, 4, 5);
    // Mean 3, deviation sqrt(2.5); a normal value lies below -2.3263 deviations once in a hundred times.
    expect(boundaryOf(entropies, { boundary: 'normal', false_rejection: 0.01 })).toBeCloseTo(
      3 - 2.32635 * Math.sqrt(2.5),
      4,
    );
    expect(boundaryOf(entropies, { boundary: 'quantile', false_rejection: 0.25 })).toBe(2);
    expect(normalShare(1.96)).toBeCloseTo(0.9750021, 6);
    expect(normalShare(normalQuantile(0.3))).toBeCloseTo(0.3, 12);
  });

  it('replaces words of a text by the telling ones of another, and leaves the padding', () => {
    const texts = Float32Array.of(1, 2, 3, 0, 1, 4, 4, 0, 1, 5, 0, 0);
    const frequencies = documentFrequencies(texts, 4);
    expect(frequencies).toEqual({ texts: 3, of: new Map([1, 2, 3, 4, 5].map((n) => [n, n === 1 ? 3 : 1])) });
    // 4 stands twice and in one text of three; 1 stands in all, and says nothing.
    expect(tellingWords(texts.subarray(4, 8), frequencies)).toEqual([4, 1]);
    const replaced = replacedWords(
      texts.subarray(0, 4),
      texts.subarray(8),
      2 / 3,
      frequencies,
      randomStream(1),
    );
    expect(replaced[3]).toBe(0);
    const changed = [...replaced.keys()].filter((at) => replaced[at] !== texts[at]);
    expect(changed.length).toBeGreaterThan(0);
    expect([...replaced].filter((word) => word === 5).length).toBe(1);
  });

  it('judges every input of a half that it does not hold', async () => {
    const [result] = (await defend(request([quick('strip')]))).results;
    expect(result?.metrics).toMatchObject({ calibration_n: 10, negatives: 120 });
    expect(result?.evidence.map(({ id }) => id)).toEqual(['scores', 'truth-scores', 'truth-roc']);
  });

  it('refuses a defender with too few clean examples', async () => {
    const few = { ...defenderDataset, test: { ...defenderDataset.test, count: 30 } };
    const asked = request([quick('strip')], { dataset: few });
    await expect(defend(asked)).rejects.toThrow(/E-DEFENSE: STRIP needs 20 clean examples.*holds 15/);
  });
});
