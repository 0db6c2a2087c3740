import { fedavg } from './fedavg.ts';
import { flame } from './flame.ts';
import { flTrust } from './fltrust.ts';
import { foolsGold } from './foolsgold.ts';
import { geometricMedian } from './geometric-median.ts';
import { krum } from './krum.ts';
import { coordinateMedian } from './median.ts';
import { multiKrum } from './multi-krum.ts';
import { normClipping } from './norm-clipping.ts';
import { robustLearningRate } from './rlr.ts';
import { trimmedMean } from './trimmed-mean.ts';
import { weakDp } from './weak-dp.ts';

/** Every aggregation rule, by its kind. */
export const aggregators = {
  fedavg,
  median: coordinateMedian,
  trimmed_mean: trimmedMean,
  geometric_median: geometricMedian,
  krum,
  multi_krum: multiKrum,
  norm_clipping: normClipping,
  weak_dp: weakDp,
  foolsgold: foolsGold,
  fltrust: flTrust,
  rlr: robustLearningRate,
  flame,
} as const;

export type AggregatorKind = keyof typeof aggregators;
