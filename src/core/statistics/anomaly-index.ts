/**
 * How far values lie from their median in units of the median absolute deviation, scaled by 1.4826 so that it estimates the
 * standard deviation of normal values. Source: Hampel, The Influence Curve and its Role in Robust Estimation, JASA 1974; as
 * used by Wang et al., Neural Cleanse, IEEE S&P 2019, section IV-B.
 */
import { median } from './moments.ts';

export const CONSISTENCY = 1.4826;

export interface AnomalyIndices {
  median: number;
  /** Median absolute deviation, already times 1.4826. */
  deviation: number;
  /** |value - median| / deviation of each; 0 where the deviation is 0 and the value the median, else infinite. */
  indices: number[];
}

export function anomalyIndices(
  values: readonly number[],
  convention: 'middle' | 'lower' = 'middle',
): AnomalyIndices {
  const centre = median(values, convention);
  const distances = values.map((value) => Math.abs(value - centre));
  const deviation = CONSISTENCY * median(distances, convention);
  const indices = distances.map((distance) => (distance === 0 ? 0 : distance / deviation));
  return { median: centre, deviation, indices };
}
