/** SCAn. Source: Tang et al., USENIX Security 2021, section 4: a latent is the centre of its class plus what varies alike in all. */
import type { params } from '../../../core/defenses/scan.ts';
import { anomalyIndices } from '../../../core/statistics/anomaly-index.ts';
import { mean } from '../../../core/statistics/moments.ts';
import { type Random, randomStream } from '../../../core/rng/random.ts';
import { squaredDistance, type TwoMeans, twoMeans } from '../../../core/statistics/two-means.ts';
import { type Whitening, whitened, whiteningOf } from '../../../core/statistics/whitening.ts';
import { Network } from '../../models/network.ts';
import { breathe, type DefenseContext, type DefenseRun } from '../context.ts';
import { showBars, showPoints } from './filter-evidence.ts';
import { centred, centreOf, directionsOf, latentsOf, placesByLabel, projected } from './label-latents.ts';
import { retrained } from './retrain.ts';
import { trainingOf } from './training-of.ts';

/** Training examples that the principal components are those of, evenly spread. */
const COMPONENT_EXAMPLES = 5000;

/** Share of the progress that retraining is, where it is asked for. */
const RETRAINING = 0.75;

interface Split {
  places: readonly number[];
  points: readonly Float64Array[];
  clusters: TwoMeans;
  /** How much better two groups explain the label than one, a mean over its examples. */
  gain: number;
  /** The group that few of the defender's clean examples of the label are in. */
  odd: 0 | 1;
}

export const runScan: DefenseRun<typeof params> = async (context, asked) => {
  const { info } = context;
  const training = trainingOf(context);
  const share = asked.retrain ? 1 - RETRAINING : 1;
  const tell = (done: number): void => context.progress(done, 1);
  const splits = await splitLabels(context, asked, (done) => tell(0.99 * share * done));
  const gains = splits.map(({ gain }) => gain);
  const { indices, median: usual } = anomalyIndices(gains);
  const poisoned = gains.map((gain, label) => gain > usual && (indices[label] ?? 0) > asked.index);
  const suspicion = new Float64Array(training.count).fill(NaN);
  splits.forEach((split, label) => marginsOf(split, poisoned[label] ?? false, suspicion));
  const flagged = [...suspicion.keys()].filter((at) => (suspicion[at] ?? NaN) > 0);
  showBars(context, {
    id: 'indices',
    title: 'How much better two groups explain each label than one',
    axis: 'anomaly index; below the median 0',
    bars: gains.map((gain, label) => ({
      name: info.classes[label] ?? String(label),
      value: gain > usual ? (finite(indices[label] ?? 0) ?? 0) : 0,
      flagged: poisoned[label] ?? false,
    })),
    threshold: asked.index,
  });
  splits.forEach(({ places, points, clusters, odd }, label) => {
    if (places.length < 2) return;
    showPoints(context, label, places, points, {
      of: clusters.cluster,
      flagged: poisoned[label] ? odd : null,
    });
  });
  const model = asked.retrain
    ? await retrained(context, flagged, (done, total) => tell(share + (0.99 * RETRAINING * done) / total))
    : null;
  tell(1);
  const top = gains.indexOf(Math.max(...gains));
  return {
    verdict: flagged.length > 0 ? 'backdoored' : 'clean',
    score: finite(indices[top] ?? 0),
    flagged,
    metrics: {
      top_label: top,
      flagged_labels: poisoned.filter(Boolean).length,
      removed_share: flagged.length / training.count,
    },
    suspicion,
    threshold: 0,
    ...(model && { weights: model }),
  };
};

async function splitLabels(
  { weights, clean, signal, seed, training }: DefenseContext,
  asked: { clean: number; dimensions: number },
  tell: (done: number) => void,
): Promise<Split[]> {
  const set = trainingOf({ training });
  const network = new Network(weights);
  const every = Math.ceil(set.count / COMPONENT_EXAMPLES);
  const sampled = Array.from({ length: Math.ceil(set.count / every) }, (_, at) => at * every);
  const held = Array.from({ length: Math.min(asked.clean, clean.count) }, (_, at) => at);
  const total = sampled.length + held.length + set.count;
  let read = 0;
  const tick = (count: number): void => tell((read += count) / total);
  try {
    const sample = await latentsOf(network, set, sampled, signal, tick);
    const centre = centreOf(sample);
    const { vectors } = await directionsOf(centred(sample, centre), asked.dimensions, signal);
    const cleanRows = projected(
      centred(await latentsOf(network, clean, held, signal, tick), centre),
      vectors,
    );
    const cleanLabels = clean.labels.subarray(0, held.length);
    const whitening = whiteningOf(withinClasses(cleanRows, cleanLabels, weights.classes));
    const splits: Split[] = [];
    for (const [label, places] of placesByLabel(set.labels, weights.classes).entries()) {
      const rows = projected(centred(await latentsOf(network, set, places, signal, tick), centre), vectors);
      await breathe(signal);
      const own = cleanRows.filter((_, at) => cleanLabels[at] === label);
      splits.push(splitOf(places, rows, own, whitening, randomStream(seed, 'scan', label)));
    }
    return splits;
  } finally {
    network.dispose();
  }
}

/** Rows with the mean of their class taken off. */
export function withinClasses(
  rows: readonly Float64Array[],
  labels: ArrayLike<number>,
  classes: number,
): Float64Array[] {
  const centres = Array.from({ length: classes }, (_, label) => {
    const own = rows.filter((__, at) => labels[at] === label);
    return Float64Array.from(rows[0] ?? [], (__, k) =>
      own.length > 0 ? mean(own.map((row) => row[k] ?? 0)) : 0,
    );
  });
  return rows.map((row, at) => row.map((value, k) => value - (centres[labels[at] ?? 0]?.[k] ?? 0)));
}

/**
 * Two groups of a label that vary alike. Where the variation is white, the likeliest ones are those of two means, and twice
 * the logarithm of the likelihood ratio is how much the squared distances shrink.
 */
export function splitOf(
  places: readonly number[],
  rows: readonly Float64Array[],
  clean: readonly Float64Array[],
  whitening: Whitening,
  random: Random,
): Split {
  const points = rows.map((row) => whitened(whitening, row));
  if (points.length < 2) {
    const clusters = { cluster: new Uint8Array(points.length), centres: [new Float64Array(), new Float64Array()], sizes: [points.length, 0] } satisfies TwoMeans; // prettier-ignore
    return { places, points, clusters, gain: 0, odd: 1 };
  }
  const clusters = twoMeans(points, random);
  const [first, second] = clusters.centres;
  const shares = clusters.sizes.map((size) => size / points.length);
  const counts: [number, number] = [0, 0];
  for (const row of clean) {
    const point = whitened(whitening, row);
    counts[squaredDistance(point, second) < squaredDistance(point, first) ? 1 : 0]++;
  }
  const odd =
    counts[0] === counts[1] ? (clusters.sizes[1] < clusters.sizes[0] ? 1 : 0) : counts[1] < counts[0] ? 1 : 0;
  return {
    places,
    points,
    clusters,
    gain: (shares[0] ?? 0) * (shares[1] ?? 0) * squaredDistance(first, second),
    odd,
  };
}

/** As Activation Clustering: how much nearer to the odd group, from -1 to 1; 2 less in a label that is not poisoned. */
function marginsOf({ places, points, clusters, odd }: Split, poisoned: boolean, into: Float64Array): void {
  const [own, other] = [clusters.centres[odd], clusters.centres[odd === 0 ? 1 : 0]];
  places.forEach((place, at) => {
    const point = points[at] ?? new Float64Array();
    const [near, far] = [squaredDistance(point, own), squaredDistance(point, other)];
    const margin = near + far > 0 ? (far - near) / (far + near) : 0;
    into[place] = poisoned ? margin : margin - 2;
  });
}

/** An infinite index stands for no spread at all among the labels. */
function finite(index: number): number | null {
  return Number.isFinite(index) ? index : null;
}
