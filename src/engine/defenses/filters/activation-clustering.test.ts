import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../../core/rng/random.ts';
import { independentComponents } from '../../../core/statistics/independent.ts';
import { jacobi } from '../../../core/statistics/principal.ts';
import { silhouette, twoMeans } from '../../../core/statistics/two-means.ts';
import { nodeAssets } from '../../backend/assets.node.ts';
import { startBackend } from '../../backend/start.ts';
import { defend, quick, request } from '../defense.test-support.ts';
import { isPoisoned, reclassificationRatio } from './activation-clustering.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

const points = (rows: number[][]): Float64Array[] => rows.map((row) => Float64Array.from(row));

describe('Activation Clustering', () => {
  it('finds two groups of points, and their silhouette as worked out by hand', () => {
    const line = points([[0], [1], [9], [10], [11]]);
    const { cluster, sizes } = twoMeans(line, randomStream(1));
    expect(cluster[0]).toBe(cluster[1]);
    expect(cluster[2]).toBe(cluster[4]);
    expect([...sizes].sort()).toEqual([2, 3]);
    // a, b of each: 1, 10 | 1, 9 | 1.5, 8.5 | 1, 9.5 | 1.5, 10.5
    const expected = (0.9 + 8 / 9 + 7 / 8.5 + 8.5 / 9.5 + 9 / 10.5) / 5;
    expect(silhouette(line, cluster)).toBeCloseTo(expected, 12);
  });

  it('turns mixed sources back, but for order and sign', () => {
    const random = randomStream(2, 'sources');
    const sources = Array.from({ length: 4000 }, () => [random.uniform(-1, 1), random.uniform(-1, 1)]);
    const scale = Math.sqrt(3);
    const [c, s] = [Math.cos(0.5) * scale, Math.sin(0.5) * scale];
    const found = independentComponents(
      points(sources.map(([x = 0, y = 0]) => [c * x - s * y, s * x + c * y])),
      random,
    );
    const along = (k: number, of: number): number =>
      Math.abs(found.reduce((sum, point, at) => sum + (point[k] ?? 0) * (sources[at]?.[of] ?? 0), 0)) /
      (4000 / scale);
    const [straight, crossed] = [along(0, 0) + along(1, 1), along(0, 1) + along(1, 0)];
    expect(Math.max(straight, crossed)).toBeGreaterThan(1.9);
    expect(Math.min(straight, crossed)).toBeLessThan(0.2);
  });

  it('knows the eigenvalues of a small matrix', () => {
    const { values } = jacobi(points([[2, 1, 0], [1, 2, 0], [0, 0, 5]])); // prettier-ignore
    expect([...values].sort()).toEqual([1, 3, 5].map((value) => expect.closeTo(value, 10) as number));
  });

  it('flags by silhouette, by size, by both, and by what another model says', () => {
    const bounds = { silhouette: 0.1, size: 0.4 };
    const apart = { silhouette: 0.3, size: 0.45 };
    const small = { silhouette: 0.05, size: 0.2 };
    const said = (analysis: 'silhouette_and_size' | 'silhouette' | 'size' | 'smaller') =>
      [apart, small].map((split) => isPoisoned(split, { ...bounds, analysis }));
    expect(said('silhouette_and_size')).toEqual([false, false]);
    expect(said('silhouette')).toEqual([true, false]);
    expect(said('size')).toEqual([false, true]);
    expect(said('smaller')).toEqual([true, true]);
    expect(isPoisoned({ silhouette: 0.3, size: 0.2 }, { ...bounds, analysis: 'silhouette_and_size' })).toBe(
      true,
    );
    expect(reclassificationRatio([2, 8, 4], 0)).toBe(0.25);
    expect(reclassificationRatio([2, 0, 0], 0)).toBe(Infinity);
  });

  it('flags what lies over 0 of its own suspicion, by reclassification too', async () => {
    const asked = [
      quick('activation_clustering', { analysis: 'smaller' }),
      quick('activation_clustering', { analysis: 'reclassify', reduction: 'ica' }),
    ];
    const { results } = await defend(request(asked, { control: null }));
    const [smaller, other] = results;
    expect(smaller?.verdict).toBe('backdoored');
    expect(smaller?.metrics['flagged_labels']).toBe(3);
    expect(other?.metrics['auroc']).toBeGreaterThanOrEqual(0);
  });
});
