/** SCALE-UP. Source: Guo et al., ICLR 2023, section 4, definition 1 and equation 6. */
import type { ExampleSet } from '../../../core/defenses/example-set.ts';
import type { params } from '../../../core/defenses/scale-up.ts';
import { mean, sampleDeviation } from '../../../core/statistics/moments.ts';
import { Network } from '../../models/network.ts';
import { probabilitiesOf } from '../../parallel/perform.ts';
import type { DefenseRun } from '../context.ts';
import { empiricalThreshold, guardFinding, guardGround, imageInfoOf, scoresOf } from './guard.ts';
import { normalizedOf, pixelsOf, type Scale } from './pixels.ts';

/** Inputs of one forward pass for each factor. */
const CHUNK = 50;

interface Consistency {
  said: number[];
  /** Share of the scaled images that are read as the image itself. */
  values: Float64Array;
}

export const runScaleUp: DefenseRun<typeof params> = async (context, asked) => {
  const { weights, signal, progress } = context;
  const info = imageInfoOf(context, 'SCALE-UP');
  const { pool, usual, inputs } = guardGround(context, asked.calibration);
  const free = asked.setting === 'data_free';
  const known = pool.subset(fewOfEach(pool.labels, asked.per_class));
  const network = new Network(weights);
  const total = usual.count + inputs.count + (free ? 0 : known.count);
  let done = 0;
  const consistencyOf = async (set: ExampleSet): Promise<Consistency> => {
    const said: number[] = [];
    const judge = async ({
      images,
      count,
    }: {
      images: Float32Array;
      count: number;
    }): Promise<Float64Array> => {
      const own = await labelsOf(network, images, count);
      said.push(...own);
      const same = new Float64Array(count);
      for (const factor of asked.factors) {
        const labels = await labelsOf(network, brighter(images, factor, info), count);
        labels.forEach((label, at) => (same[at] = (same[at] ?? 0) + (label === own[at] ? 1 : 0)));
      }
      return same.map((sum) => sum / asked.factors.length);
    };
    const values = await scoresOf(set, CHUNK, signal, judge, (count) => progress((done += count), total));
    return { said, values };
  };
  try {
    const clean = await consistencyOf(usual);
    const judged = await consistencyOf(inputs);
    if (free) {
      return guardFinding(context, {
        axis: 'scaled prediction consistency',
        usual: clean.values,
        inputs: judged.values,
        threshold: asked.threshold,
        flagged: 'above',
      });
    }
    const reference = await consistencyOf(known);
    const standard = standardized(reference, weights.classes);
    const [of, all] = [standard(clean), standard(judged)];
    return guardFinding(context, {
      axis: 'scaled prediction consistency, in deviations of the class',
      usual: of,
      inputs: all,
      threshold: empiricalThreshold(of, asked.false_rejection, 'above'),
      flagged: 'above',
    });
  } finally {
    network.dispose();
  }
};

/** Pixels times a factor, cut at white. */
export function brighter(images: Float32Array, factor: number, info: Scale): Float32Array {
  return normalizedOf(
    pixelsOf(images, info).map((value) => Math.min(1, factor * value)),
    info,
  );
}

/** (consistency - mean) / deviation of clean images that are read as the same class; of all where a class has too few. */
export function standardized(
  { said, values }: Consistency,
  classes: number,
): (judged: Consistency) => Float64Array {
  const moments = Array.from({ length: classes }, (_, label) => {
    const own = values.filter((__, at) => said[at] === label);
    const of = own.length > 1 ? own : values;
    return { centre: mean(of), spread: Math.max(sampleDeviation(of), 1e-6) };
  });
  return (judged) =>
    judged.values.map((value, at) => {
      const { centre = 0, spread = 1 } = moments[judged.said[at] ?? 0] ?? {};
      return (value - centre) / spread;
    });
}

/** The first few places of each label. */
function fewOfEach(labels: Int32Array, most: number): number[] {
  const counts = new Map<number, number>();
  return [...labels.keys()].filter((place) => {
    const label = labels[place] ?? 0;
    const seen = (counts.get(label) ?? 0) + 1;
    counts.set(label, seen);
    return seen <= most;
  });
}

async function labelsOf(network: Network, images: Float32Array, count: number): Promise<number[]> {
  const rows = await probabilitiesOf(network, images, count);
  return Array.from({ length: count }, (_, at) => {
    const row = rows.subarray(at * network.classes, (at + 1) * network.classes);
    return row.indexOf(Math.max(...row));
  });
}
