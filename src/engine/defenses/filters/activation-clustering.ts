/** Activation Clustering. Source: Chen et al., arXiv 1811.03728, sections 4.2 and 5. */
import type { ActivationClusteringParams, params } from '../../../core/defenses/activation-clustering.ts';
import type { ModelWeights } from '../../../core/experiment/weights.ts';
import { randomStream } from '../../../core/rng/random.ts';
import { independentComponents } from '../../../core/statistics/independent.ts';
import { silhouette, squaredDistance, type TwoMeans, twoMeans } from '../../../core/statistics/two-means.ts';
import { Network } from '../../models/network.ts';
import { probabilitiesOf } from '../../parallel/perform.ts';
import { breathe, type DefenseContext, type DefenseRun } from '../context.ts';
import { showBars, showPoints } from './filter-evidence.ts';
import { centred, CHUNK, directionsOf, latentsOf, placesByLabel, projected } from './label-latents.ts';
import { retrained } from './retrain.ts';
import { trainingOf } from './training-of.ts';

/** Examples of a label that its silhouette is measured on. */
const SILHOUETTE_EXAMPLES = 1000;

/** Share of the progress that training is, each time it is asked for, beside the one pass over the examples. */
const TRAINING = 0.4;

interface Split {
  places: readonly number[];
  clusters: TwoMeans;
  points: readonly Float64Array[];
  silhouette: number;
  /** 0 or 1. */
  smaller: 0 | 1;
  /** Share of the label that the smaller cluster is. */
  size: number;
}

export const runActivationClustering: DefenseRun<typeof params> = async (context, asked) => {
  const training = trainingOf(context);
  const trainings = (asked.analysis === 'reclassify' ? 1 : 0) + (asked.retrain ? 1 : 0);
  const share = 1 - TRAINING * trainings;
  const tell = (done: number): void => context.progress(done, 1);
  const splits = await splitLabels(context, asked, (done) => tell(0.99 * share * done));
  const trainWithout = (flagged: readonly number[], from: number): Promise<ModelWeights> =>
    retrained(context, flagged, (done, total) => tell(from + (0.99 * TRAINING * done) / total));
  const ratios =
    asked.analysis === 'reclassify'
      ? await reclassified(context, splits, await trainWithout(splits.flatMap(smallerOf), share))
      : null;
  const poisoned = splits.map((split, label) =>
    ratios ? (ratios[label] ?? Infinity) < asked.reclassification : isPoisoned(split, asked),
  );
  const flagged = splits
    .flatMap((split, label) => (poisoned[label] ? smallerOf(split) : []))
    .sort((a, b) => a - b);
  const suspicion = new Float64Array(training.count).fill(NaN);
  splits.forEach((split, label) => marginsOf(split, poisoned[label] ?? false, suspicion));
  showSplits(context, splits, poisoned, asked);
  const model = asked.retrain ? await trainWithout(flagged, 1 - TRAINING) : null;
  tell(1);
  const found = splits.filter((_, label) => poisoned[label]);
  return {
    verdict: found.length > 0 ? 'backdoored' : 'clean',
    score: found.length > 0 ? Math.max(...found.map((split) => split.silhouette)) : null,
    flagged,
    metrics: {
      flagged_labels: found.length,
      removed_share: flagged.length / training.count,
      largest_silhouette: Math.max(...splits.map((split) => split.silhouette)),
      smallest_size: Math.min(...splits.map(({ size }) => size)),
    },
    suspicion,
    threshold: 0,
    ...(model && { weights: model }),
  };
};

/** Two clusters of each label. */
async function splitLabels(
  { weights, signal, seed, training }: DefenseContext,
  { dimensions, reduction }: ActivationClusteringParams,
  tell: (done: number) => void,
): Promise<Split[]> {
  const set = trainingOf({ training });
  const network = new Network(weights);
  let read = 0;
  try {
    const splits: Split[] = [];
    for (const [label, places] of placesByLabel(set.labels, weights.classes).entries()) {
      const rows = await latentsOf(network, set, places, signal, (count) =>
        tell((read += count) / set.count),
      );
      const random = randomStream(seed, 'activation_clustering', label);
      if (places.length < 2) {
        splits.push(emptySplit(places));
        continue;
      }
      const { vectors, values } = await directionsOf(centred(rows), dimensions, signal);
      const principal = projected(rows, vectors);
      await breathe(signal);
      // Directions in which nothing varies are no components.
      const used = values.filter((value) => value > 1e-6 * (values[0] ?? 0)).length;
      const scale = values.map((value) => Math.sqrt(places.length) / value);
      const white = (): Float64Array[] =>
        principal.map((row) => row.slice(0, used).map((value, at) => value * (scale[at] ?? 0)));
      const points = reduction === 'pca' ? principal : independentComponents(white(), random);
      const clusters = twoMeans(points, random);
      await breathe(signal);
      const every = Math.ceil(points.length / SILHOUETTE_EXAMPLES);
      const chosen = [...points.keys()].filter((at) => at % every === 0);
      const smaller = clusters.sizes[1] < clusters.sizes[0] ? 1 : 0;
      splits.push({
        places,
        clusters,
        points,
        smaller,
        size: clusters.sizes[smaller] / places.length,
        silhouette: silhouette(
          chosen.map((at) => points[at] ?? new Float64Array()),
          chosen.map((at) => clusters.cluster[at] ?? 0),
        ),
      });
    }
    return splits;
  } finally {
    network.dispose();
  }
}

/** Of a label with fewer than two examples. */
function emptySplit(places: readonly number[]): Split {
  const clusters: TwoMeans = {
    cluster: new Uint8Array(places.length),
    centres: [new Float64Array(), new Float64Array()],
    sizes: [places.length, 0],
  };
  return {
    places,
    clusters,
    points: places.map(() => new Float64Array()),
    silhouette: 0,
    smaller: 1,
    size: 0,
  };
}

function smallerOf({ places, clusters, smaller }: Split): number[] {
  return places.filter((_, at) => clusters.cluster[at] === smaller);
}

/** By silhouette and size alone. */
export function isPoisoned(
  split: { silhouette: number; size: number },
  { analysis, silhouette: apart, size }: Pick<ActivationClusteringParams, 'analysis' | 'silhouette' | 'size'>,
): boolean {
  if (split.size === 0) return false;
  const isApart = split.silhouette > apart;
  const isUnlike = split.size < size;
  switch (analysis) {
    case 'silhouette_and_size':
      return isApart && isUnlike;
    case 'silhouette':
      return isApart;
    case 'size':
      return isUnlike;
    case 'smaller':
    case 'reclassify':
      return true;
  }
}

/**
 * How much nearer each example is to its label's smaller cluster, from -1 to 1; 2 less in a label that is not poisoned, so
 * that 0 parts what is flagged from what is not.
 */
function marginsOf(
  { places, clusters, points, smaller }: Split,
  poisoned: boolean,
  into: Float64Array,
): void {
  const [own, other] = [clusters.centres[smaller], clusters.centres[smaller === 0 ? 1 : 0]];
  places.forEach((place, at) => {
    const point = points[at] ?? new Float64Array();
    const [near, far] = [squaredDistance(point, own), squaredDistance(point, other)];
    const margin = near + far > 0 ? (far - near) / (far + near) : 0;
    into[place] = poisoned ? margin : margin - 2;
  });
}

/**
 * For each label, how many of its smaller cluster a model that never saw them gives that label, over how many it gives the
 * commonest other one. Source: section 5.1 of the paper.
 */
async function reclassified(
  { training, signal }: DefenseContext,
  splits: readonly Split[],
  weights: ModelWeights,
): Promise<number[]> {
  const set = trainingOf({ training });
  const network = new Network(weights);
  const ratios: number[] = [];
  try {
    for (const [label, split] of splits.entries()) {
      const places = smallerOf(split);
      const counts = new Array<number>(weights.classes).fill(0);
      for (let from = 0; from < places.length; from += CHUNK) {
        await breathe(signal);
        const { images, count } = await set.read(places.slice(from, from + CHUNK));
        const rows = await probabilitiesOf(network, images, count);
        for (let at = 0; at < count; at++) {
          const row = rows.subarray(at * weights.classes, (at + 1) * weights.classes);
          const said = row.indexOf(Math.max(...row));
          counts[said] = (counts[said] ?? 0) + 1;
        }
      }
      ratios.push(reclassificationRatio(counts, label));
    }
    return ratios;
  } finally {
    network.dispose();
  }
}

/** Infinite where no other label is given at all. */
export function reclassificationRatio(counts: readonly number[], label: number): number {
  const other = Math.max(0, ...counts.filter((_, at) => at !== label));
  return other > 0 ? (counts[label] ?? 0) / other : Infinity;
}

function showSplits(
  context: DefenseContext,
  splits: readonly Split[],
  poisoned: readonly boolean[],
  { silhouette: apart, size }: ActivationClusteringParams,
): void {
  const { info } = context;
  const bars = (value: (split: Split) => number) =>
    splits.map((split, label) => ({
      name: info.classes[label] ?? String(label),
      value: value(split),
      flagged: poisoned[label] ?? false,
    }));
  showBars(context, {
    id: 'silhouettes',
    title: 'How far apart the two clusters of each label lie',
    axis: 'mean silhouette',
    bars: bars((split) => split.silhouette),
    threshold: apart,
  });
  showBars(context, {
    id: 'sizes',
    title: 'Share of each label in its smaller cluster',
    axis: 'share of the label',
    bars: bars((split) => split.size),
    threshold: size,
  });
  splits.forEach(({ places, points, clusters, smaller }, label) => {
    if (places.length < 2) return;
    const flagged = poisoned[label] ? smaller : null;
    showPoints(context, label, places, points, { of: clusters.cluster, flagged });
  });
}
