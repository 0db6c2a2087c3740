import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../../core/rng/random.ts';
import { whitened, whiteningOf } from '../../../core/statistics/whitening.ts';
import { nodeAssets } from '../../backend/assets.node.ts';
import { startBackend } from '../../backend/start.ts';
import { defend, quick, request } from '../defense.test-support.ts';
import { splitOf, withinClasses } from './scan.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

const points = (rows: number[][]): Float64Array[] => rows.map((row) => Float64Array.from(row));

describe('SCAn', () => {
  it('takes the mean of its class off each row', () => {
    const rows = points([[1, 5], [3, 1], [10, 2], [20, 4]]); // prettier-ignore
    expect(withinClasses(rows, [0, 0, 2, 2], 3).map((row) => [...row])).toEqual([
      [-1, 2],
      [1, -2],
      [-5, -1],
      [5, 1],
    ]);
  });

  it('whitens what varies together', () => {
    const random = randomStream(1, 'white');
    const rows = Array.from({ length: 4000 }, () => {
      const [x, y] = [random.normal(), random.normal()];
      return Float64Array.of(3 * x, x + 0.5 * y);
    });
    const whitening = whiteningOf(rows);
    const white = rows.map((row) => whitened(whitening, row));
    const product = (i: number, j: number): number =>
      white.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0) / white.length;
    expect(product(0, 0)).toBeCloseTo(1, 6);
    expect(product(1, 1)).toBeCloseTo(1, 6);
    expect(product(0, 1)).toBeCloseTo(0, 6);
  });

  it('tells two groups from one, and the clean one of them by clean examples', () => {
    const plain = { axes: points([[1, 0], [0, 0.5]]) }; // prettier-ignore
    const rows = points([[0, 0], [0, 2], [0, 4], [10, 2], [10, 2]]); // prettier-ignore
    const places = [3, 5, 7, 9, 11];
    const split = splitOf(places, rows, points([[9, 2]]), plain, randomStream(1)); // prettier-ignore
    // Groups of 3 and 2, 10 apart: 0.6 x 0.4 x 100.
    expect(split.gain).toBeCloseTo(24, 9);
    // The one clean example lies with the smaller group.
    expect(split.clusters.cluster[0]).toBe(split.odd);
    expect(splitOf([1], rows.slice(0, 1), [], plain, randomStream(1)).gain).toBe(0);
  });

  it('flags nothing in a label that one group explains, and all of it by the bars it shows', async () => {
    const asked = [quick('scan'), quick('scan', { index: 0, retrain: true })];
    const [usual, all] = (await defend(request(asked, { control: null }))).results;
    expect(usual?.evidence.map(({ id }) => id)).toContain('indices');
    expect(all?.verdict).toBe('backdoored');
    expect(all?.metrics['flagged_labels']).toBeGreaterThan(0);
    expect(all?.weights).not.toBeNull();
  });
});
