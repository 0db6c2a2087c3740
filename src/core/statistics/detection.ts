/** How well a score tells two groups apart. Higher scores are called positive. */

export interface Roc {
  /** From 0 to 1. */
  falsePositive: Float64Array;
  truePositive: Float64Array;
  /** Scores above it are called positive: as long as the rates; the first is infinite. */
  thresholds: Float64Array;
  /** Area under the curve: the chance that a positive scores above a negative, a tie counting half. */
  area: number;
}

/** The curve with a point for each distinct score; null without one of both groups. NaN scores are left out. */
export function rocOf(scores: ArrayLike<number>, positive: ArrayLike<number | boolean>): Roc | null {
  const order = Array.from(scores, (_, at) => at)
    .filter((at) => !Number.isNaN(scores[at] ?? NaN))
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const positives = order.filter((at) => Boolean(positive[at])).length;
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return null;
  const [fpr, tpr, thresholds] = [[0], [0], [Infinity]];
  let [hits, alarms, area] = [0, 0, 0];
  for (let at = 0; at < order.length;) {
    const score = scores[order[at] ?? 0] ?? 0;
    const [hitsBefore, alarmsBefore] = [hits, alarms];
    for (; at < order.length && scores[order[at] ?? 0] === score; at++) {
      if (positive[order[at] ?? 0]) hits++;
      else alarms++;
    }
    area += ((alarms - alarmsBefore) * (hits + hitsBefore)) / 2;
    fpr.push(alarms / negatives);
    tpr.push(hits / positives);
    thresholds.push(score);
  }
  return {
    falsePositive: Float64Array.from(fpr),
    truePositive: Float64Array.from(tpr),
    // A threshold lies below the scores that it lets through: half way to the next.
    thresholds: Float64Array.from(thresholds, (score, at) =>
      at === 0 ? Infinity : (score + (thresholds[at + 1] ?? score - 1)) / 2,
    ),
    area: area / (positives * negatives),
  };
}

/** The largest true positive rate among thresholds with a false positive rate of at most `most`. */
export function truePositiveAt({ falsePositive, truePositive }: Roc, most: number): number {
  let best = 0;
  falsePositive.forEach((rate, at) => {
    if (rate <= most) best = Math.max(best, truePositive[at] ?? 0);
  });
  return best;
}

/** Of what is positive in truth, how much was flagged, and of the rest; null where there is none. NaN was not judged. */
export function ratesOf(
  flagged: (at: number) => boolean,
  positive: ArrayLike<number | boolean>,
): { truePositive: number | null; falsePositive: number | null; positives: number; negatives: number } {
  const counts = { hits: 0, alarms: 0, positives: 0, negatives: 0 };
  for (let at = 0; at < positive.length; at++) {
    const said = flagged(at);
    if (positive[at]) {
      counts.positives++;
      if (said) counts.hits++;
    } else {
      counts.negatives++;
      if (said) counts.alarms++;
    }
  }
  const { hits, alarms, positives, negatives } = counts;
  return {
    truePositive: positives > 0 ? hits / positives : null,
    falsePositive: negatives > 0 ? alarms / negatives : null,
    positives,
    negatives,
  };
}
