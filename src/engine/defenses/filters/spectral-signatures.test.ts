import { beforeAll, describe, expect, it } from 'vitest';
import { nodeAssets } from '../../backend/assets.node.ts';
import { startBackend } from '../../backend/start.ts';
import { defend, quick, request } from '../defense.test-support.ts';
import { directionsOf } from './label-latents.ts';
import { flaggedBy, outlierScores } from './spectral-signatures.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

describe('Spectral Signatures', () => {
  it('finds the strongest direction of rows, and its singular value', async () => {
    // Singular values 5 along (3, 4) / 5 and 1 along (4, -3) / 5; the third column is empty.
    const values = Float32Array.of(3, 4, 0, 0.8, -0.6, 0);
    const found = await directionsOf({ count: 2, width: 3, values }, 2, new AbortController().signal);
    expect(found.values[0]).toBeCloseTo(5, 5);
    expect(found.values[1]).toBeCloseTo(1, 5);
    [0.6, 0.8, 0].forEach((value, at) => expect(found.vectors[0]?.[at]).toBeCloseTo(value, 5));
  });

  it('measures from the mean, or from the median, which few poisoned examples cannot move', () => {
    // Mean 2, median 0.
    const along = [[0, 1], [0, 1], [0, 4], [1, 1], [9, 1]]; // prettier-ignore
    expect(outlierScores(along, { centre: 'mean', directions: 1 })).toEqual([4, 4, 4, 1, 49]);
    expect(outlierScores(along, { centre: 'median', directions: 1 })).toEqual([0, 0, 0, 1, 81]);
    expect(outlierScores(along, { centre: 'median', directions: 2 })).toEqual([0, 0, 9, 1, 81]);
  });

  it('removes 1.5 times the bound from every label, and never more than half', () => {
    const groups = [
      [0, 2, 4, 6, 8, 10],
      [1, 3, 5],
    ];
    const scores = Float64Array.of(1, 9, 2, 8, 3, 7, 4, 0, 5, 0, 6);
    const paper = { epsilon: 0.12, factor: 1.5, labels: 'all' as const };
    // 1.5 x 0.12 x 11 = 1.98: two of six, and one of three.
    expect(flaggedBy(paper, groups, scores, [false, false], 11)).toEqual([1, 8, 10]);
    expect(flaggedBy({ ...paper, labels: 'outlying' }, groups, scores, [false, true], 11)).toEqual([1]);
  });

  it('trains again on what is left', async () => {
    const [result] = (await defend(request([quick('spectral_signatures')], { control: null }))).results;
    expect(result?.verdict).toBe('undecided');
    expect(result?.flagged.length).toBeGreaterThan(0);
    expect(result?.weights).not.toBeNull();
    expect(result?.metrics['clean_accuracy_after']).not.toBeNull();
    expect(result?.metrics['positives']).toBeGreaterThan(0);
  });

  it('refuses a model whose training set nobody knows', async () => {
    const asked = request([quick('spectral_signatures')], { knownTraining: false });
    await expect(defend(asked)).rejects.toThrow('E-DEFENSE: Spectral Signatures reads the training set');
  });
});
