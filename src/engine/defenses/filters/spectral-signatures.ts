/** Spectral Signatures. Source: Tran, Li and Madry, NeurIPS 2018, algorithm 1: scores ((R(x) - centre) v)^2. */
import {
  MOST_REMOVED,
  OUTLYING,
  type params,
  type SpectralSignaturesParams,
} from '../../../core/defenses/spectral-signatures.ts';
import { anomalyIndices } from '../../../core/statistics/anomaly-index.ts';
import { mean, median } from '../../../core/statistics/moments.ts';
import { Network } from '../../models/network.ts';
import type { DefenseRun } from '../context.ts';
import { showBars, showPoints } from './filter-evidence.ts';
import { centred, directionsOf, latentsOf, placesByLabel, projected } from './label-latents.ts';
import { retrained } from './retrain.ts';
import { trainingOf } from './training-of.ts';

/** Share of the progress that retraining is, where it is asked for: a pass costs about a third of an epoch. */
const RETRAINING = 0.75;

export const runSpectralSignatures: DefenseRun<typeof params> = async (context, asked) => {
  const { weights, signal, info } = context;
  const training = trainingOf(context);
  const suspicion = new Float64Array(training.count).fill(NaN);
  const strongest: number[] = [];
  const groups = placesByLabel(training.labels, weights.classes);
  const share = asked.retrain ? 1 - RETRAINING : 1;
  const progress = (done: number): void => context.progress(done, 1);
  const network = new Network(weights);
  let read = 0;
  try {
    for (const [label, places] of groups.entries()) {
      if (places.length < 2) {
        strongest.push(0);
        continue;
      }
      const rows = centred(
        await latentsOf(network, training, places, signal, (count) => {
          read += count;
          // The last of it is told when everything is done.
          progress((0.99 * share * read) / training.count);
        }),
      );
      const { vectors, values } = await directionsOf(rows, Math.max(2, asked.directions), signal);
      const along = projected(rows, vectors);
      const scores = outlierScores(along, asked);
      scores.forEach((score, at) => (suspicion[places[at] ?? 0] = score));
      // Per example, so that a label of many examples is no outlier for that.
      strongest.push((values[0] ?? 0) / Math.sqrt(places.length));
      showPoints(context, label, places, along);
    }
  } finally {
    network.dispose();
  }
  const { indices, median: usual } = anomalyIndices(strongest);
  const outlying = strongest.map((value, label) => value > usual && (indices[label] ?? 0) > OUTLYING);
  const flagged = flaggedBy(asked, groups, suspicion, outlying, training.count);
  showBars(context, {
    id: 'singular-values',
    title: 'Largest singular value of each label',
    axis: 'singular value / root of the number of examples',
    bars: strongest.map((value, label) => ({
      name: info.classes[label] ?? String(label),
      value,
      flagged: outlying[label] ?? false,
    })),
  });
  const top = strongest.indexOf(Math.max(...strongest));
  const model = asked.retrain
    ? await retrained(context, flagged, (done, total) => progress(share + (RETRAINING * done) / total))
    : null;
  progress(1);
  return {
    // It removes as much of a clean set as of a poisoned one.
    verdict: 'undecided',
    score: finite(indices[top] ?? 0),
    flagged,
    metrics: { top_label: top, removed: flagged.length, removed_share: flagged.length / training.count },
    suspicion,
    ...(model && { weights: model }),
  };
};

/**
 * Squared distances along some directions, from where the mean is 0 or from the median.
 * @param along [count] places of each example along all directions, the strongest first
 */
export function outlierScores(
  along: readonly ArrayLike<number>[],
  { centre, directions }: Pick<SpectralSignaturesParams, 'centre' | 'directions'>,
): number[] {
  const used = Array.from({ length: Math.min(directions, along[0]?.length ?? 0) }, (_, k) => {
    const values = along.map((point) => point[k] ?? 0);
    return centre === 'mean' ? mean(values) : median(values);
  });
  return along.map((point) => used.reduce((sum, from, k) => sum + ((point[k] ?? 0) - from) ** 2, 0));
}

/** The examples with the highest scores of each label that is looked at, ascending by place. */
export function flaggedBy(
  { epsilon, factor, labels }: Pick<SpectralSignaturesParams, 'epsilon' | 'factor' | 'labels'>,
  groups: readonly (readonly number[])[],
  suspicion: Float64Array,
  outlying: readonly boolean[],
  examples: number,
): number[] {
  return groups
    .flatMap((places, label) => {
      if (labels === 'outlying' && !outlying[label]) return [];
      const removed = Math.min(
        Math.round(factor * epsilon * examples),
        Math.floor(MOST_REMOVED * places.length),
      );
      return places
        .toSorted((a, b) => (suspicion[b] ?? NaN) - (suspicion[a] ?? NaN) || a - b)
        .slice(0, removed);
    })
    .sort((a, b) => a - b);
}

/** An infinite index stands for no spread at all among the labels. */
function finite(index: number): number | null {
  return Number.isFinite(index) ? index : null;
}
