/** What the guards of inputs share: the parts of the clean examples, the threshold, the finding and its evidence. */
import type { ImageInfo } from '../../../core/datasets/dataset.ts';
import type { ExampleSet } from '../../../core/defenses/example-set.ts';
import { guardVerdict } from '../../../core/defenses/guard-score.ts';
import type { Finding, Metrics } from '../../../core/defenses/result.ts';
import { LabError } from '../../../core/errors.ts';
import { quantile } from '../../../core/statistics/moments.ts';
import type { LabelledImages } from '../../../core/training/images.ts';
import { breathe, type DefenseContext } from '../context.ts';

export interface GuardGround {
  /** What is laid over inputs, or the like. */
  pool: ExampleSet;
  /** What the threshold is set on; no example is in both. */
  usual: ExampleSet;
  inputs: ExampleSet;
}

/**
 * The defender's clean examples in two parts, and the inputs.
 * @param calibration examples of `usual` at most; no more than half of all
 * @throws LabError E-DEFENSE without inputs
 */
export function guardGround({ clean, inputs }: DefenseContext, calibration: number): GuardGround {
  if (!inputs) throw new RangeError('the frame gives inputs to a guard');
  const usual = Math.min(calibration, clean.count >> 1);
  const places = Array.from({ length: clean.count }, (_, place) => place);
  return { usual: clean.subset(places.slice(0, usual)), pool: clean.subset(places.slice(usual)), inputs };
}

/** @throws LabError E-DEFENSE for a data set of texts */
export function imageInfoOf({ info }: DefenseContext, title: string): ImageInfo {
  if (info.kind === 'images') return info;
  throw new LabError({
    code: 'E-DEFENSE',
    what: `${title} cannot look at texts.`,
    why: 'It works on pixels, and a text has none.',
    fix: 'Choose a defense for texts, such as STRIP.',
  });
}

/** Goes through a set in chunks, stopping where that is asked for. `judge` gives one number for each example. */
export async function scoresOf(
  set: ExampleSet,
  chunk: number,
  signal: AbortSignal,
  judge: (batch: LabelledImages, from: number) => Promise<ArrayLike<number>>,
  onChunk: (examples: number) => void,
): Promise<Float64Array> {
  const scores = new Float64Array(set.count);
  for (let from = 0; from < set.count; from += chunk) {
    await breathe(signal);
    const places = Array.from({ length: Math.min(chunk, set.count - from) }, (_, at) => from + at);
    scores.set(Array.from(await judge(await set.read(places), from)), from);
    onChunk(places.length);
  }
  return scores;
}

export interface Judged {
  /** What the method calls its number, for people; with its unit. */
  axis: string;
  /** Of `usual` and of `inputs`, as the method has it. */
  usual: Float64Array;
  inputs: Float64Array;
  threshold: number;
  /** Which side is suspicious. */
  flagged: 'above' | 'below';
  metrics?: Metrics;
}

/** The finding of a guard; shows the scores of what is clean and of what was judged. */
export function guardFinding(
  { show }: Pick<DefenseContext, 'show'>,
  { axis, usual, inputs, threshold, flagged: side, metrics }: Judged,
): Finding {
  const sign = side === 'above' ? 1 : -1;
  const suspicion = inputs.map((value) => sign * value);
  const flagged = [...suspicion.keys()].filter((at) => (suspicion[at] ?? NaN) > sign * threshold);
  show({
    kind: 'scores',
    id: 'scores',
    title: 'Clean examples of the defender, and the inputs',
    axis,
    populations: [
      { name: 'clean, held by the defender', population: 'clean', values: usual },
      { name: 'inputs judged', population: 'mixed', values: inputs },
    ],
    threshold,
    flagged: side,
  });
  return {
    ...guardVerdict(flagged.length, inputs.length),
    flagged,
    metrics: { ...metrics, threshold, inputs: inputs.length, calibration_n: usual.length },
    suspicion,
    threshold: sign * threshold,
  };
}

/** The value beyond which a share of clean scores lies. */
export function empiricalThreshold(
  usual: Float64Array,
  falseRejection: number,
  flagged: 'above' | 'below',
): number {
  return quantile(usual, flagged === 'above' ? 1 - falseRejection : falseRejection);
}
