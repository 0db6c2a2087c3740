/** STRIP. Source: Gao et al., ACSAC 2019, section 4, equations 2 to 4; of texts, Gao et al., STRIP-ViTA, 2019, section 4. */
import * as tf from '@tensorflow/tfjs-core';
import type { params, StripParams } from '../../../core/defenses/strip.ts';
import { type Random, randomStream } from '../../../core/rng/random.ts';
import { mean, sampleDeviation } from '../../../core/statistics/moments.ts';
import { normalQuantile } from '../../../core/statistics/normal.ts';
import { Network } from '../../models/network.ts';
import type { DefenseContext, DefenseRun } from '../context.ts';
import { empiricalThreshold, guardFinding, guardGround, scoresOf } from './guard.ts';
import { superimposed } from './superimpose.ts';
import { documentFrequencies, replacedWords, type WordFrequencies } from './word-overlay.ts';

/** Clean examples that overlays are drawn from, at most. */
const POOL = 2000;

const NO_WORDS: WordFrequencies = { texts: 0, of: new Map() };

export const runStrip: DefenseRun<typeof params> = async (context, asked) => {
  const { weights, signal, progress, seed, info } = context;
  const { pool, usual, inputs } = guardGround(context, asked.calibration);
  const overlays = (await pool.first(POOL)).images;
  const frequencies = info.kind === 'text' ? documentFrequencies(overlays, info.length) : null;
  const network = new Network(weights);
  const total = usual.count + inputs.count;
  let done = 0;
  const entropies = (set: typeof inputs, purpose: string): Promise<Float64Array> =>
    scoresOf(
      set,
      1,
      signal,
      async ({ images }, from) => {
        const random = randomStream(seed, 'strip', purpose, from);
        const perturbed = perturb(images, overlays, info, asked, frequencies, random);
        return [await meanEntropy(network, perturbed, asked.overlays, asked.entropy)];
      },
      (count) => progress((done += count), total),
    );
  try {
    const clean = await entropies(usual, 'usual');
    const judged = await entropies(inputs, 'inputs');
    const threshold = boundaryOf(clean, asked);
    return guardFinding(context, {
      axis: `entropy of ${asked.overlays} overlays, bits`,
      usual: clean,
      inputs: judged,
      threshold,
      flagged: 'below',
      metrics: { clean_entropy: mean(clean), clean_entropy_deviation: sampleDeviation(clean) },
    });
  } finally {
    network.dispose();
  }
};

/** The entropy below which an input is flagged. */
export function boundaryOf(
  entropies: Float64Array,
  { boundary, false_rejection }: Pick<StripParams, 'boundary' | 'false_rejection'>,
): number {
  if (boundary === 'quantile') return empiricalThreshold(entropies, false_rejection, 'below');
  return mean(entropies) + normalQuantile(false_rejection) * sampleDeviation(entropies);
}

/** One input under as many overlays as asked, each another of the pool as long as there are enough. */
function perturb(
  input: Float32Array,
  pool: Float32Array,
  info: DefenseContext['info'],
  { overlays, blend, replaced }: StripParams,
  frequencies: WordFrequencies | null,
  random: Random,
): Float32Array {
  const size = input.length;
  const order = random.permutation(pool.length / size);
  const out = new Float32Array(overlays * size);
  for (let at = 0; at < overlays; at++) {
    const from = (order[at % order.length] ?? 0) * size;
    const overlay = pool.subarray(from, from + size);
    const laid =
      info.kind === 'images'
        ? superimposed(input, overlay, info, blend)
        : replacedWords(input, overlay, replaced, frequencies ?? NO_WORDS, random);
    out.set(laid, at * size);
  }
  return out;
}

/** The mean over a batch of -sum p log2 p, in bits. */
export async function meanEntropy(
  network: Network,
  batch: Float32Array,
  count: number,
  of: StripParams['entropy'],
): Promise<number> {
  const entropy = tf.tidy(() => {
    const logits = network.forward(network.batchOf(batch, count));
    const logarithms = of === 'softmax' ? tf.logSoftmax(logits) : tf.neg(tf.softplus(tf.neg(logits)));
    const sum = tf.sum(tf.mul(tf.exp(logarithms), logarithms));
    return tf.mul(sum, -1 / (count * Math.LN2));
  });
  const [value = NaN] = await entropy.data();
  entropy.dispose();
  return value;
}
