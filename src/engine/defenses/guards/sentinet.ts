/** SentiNet. Source: Chou, Tramèr and Pellegrino, 2020, section 4. */
import type { ExampleSet } from '../../../core/defenses/example-set.ts';
import type { params, SentinetParams } from '../../../core/defenses/sentinet.ts';
import { type Random, randomStream } from '../../../core/rng/random.ts';
import { mean } from '../../../core/statistics/moments.ts';
import type { LabelledImages } from '../../../core/training/images.ts';
import { Network } from '../../models/network.ts';
import { probabilitiesOf } from '../../parallel/perform.ts';
import { breathe, type DefenseRun } from '../context.ts';
import { gradCam } from './grad-cam.ts';
import { empiricalThreshold, guardFinding, guardGround, imageInfoOf, scoresOf } from './guard.ts';
import type { Scale } from './pixels.ts';
import { boundaryOf, overBoundary, type Reading } from './sentinet-boundary.ts';
import { type Look, showLooks, showReadings } from './sentinet-evidence.ts';

/** Inputs whose maps are shown. */
const SHOWN = 12;

/** Inputs whose maps are computed at once. */
const CHUNK = 20;

export const runSentinet: DefenseRun<typeof params> = async (context, asked) => {
  const { weights, signal, progress, seed } = context;
  const info = imageInfoOf(context, 'SentiNet');
  const { pool, usual, inputs } = guardGround(context, asked.calibration);
  const over = await pool.first(asked.overlays);
  const network = new Network(weights);
  const total = usual.count + inputs.count;
  const looks: Look[] = [];
  let done = 0;
  const readings = async (set: ExampleSet, purpose: string): Promise<Reading[]> => {
    const found: Reading[] = [];
    const judge = async (batch: LabelledImages, from: number): Promise<number[]> => {
      const { said, heat } = await gradCam(network, batch.images, batch.count);
      for (let at = 0; at < batch.count; at++) {
        if (at > 0) await breathe(signal);
        const part = <T extends Float32Array>(all: T): Float32Array =>
          all.subarray((at * all.length) / batch.count, ((at + 1) * all.length) / batch.count);
        const own = { image: part(batch.images), heat: part(heat), said: said[at] ?? 0 };
        const region = Uint8Array.from(own.heat, (value) => (value > 0 && value >= asked.region ? 1 : 0));
        const random = randomStream(seed, 'sentinet', purpose, from + at);
        if (purpose === 'inputs' && from + at < SHOWN) looks.push({ ...own, region, at: from + at });
        const inert = inertPattern(asked.inert, over, info, random);
        found.push(await readingOf(network, { ...own, region, inert }, over));
        progress((done += 1), total);
      }
      return [];
    };
    await scoresOf(set, CHUNK, signal, judge, () => undefined);
    return found;
  };
  try {
    const clean = await readings(usual, 'usual');
    const judged = await readings(inputs, 'inputs');
    showLooks(context, looks);
    const metrics = {
      clean_fooled: mean(clean.map(({ fooled }) => fooled)),
      clean_confidence: mean(clean.map(({ confidence }) => confidence)),
      overlays: over.count,
    };
    if (asked.rule === 'confidence') {
      const of = (all: readonly Reading[]): Float64Array =>
        Float64Array.from(all, ({ confidence }) => confidence);
      showReadings(context, clean, judged, null, (reading) => reading.confidence > asked.confidence);
      const scores = { usual: of(clean), inputs: of(judged), threshold: asked.confidence };
      const axis = 'confidence under inert patterns';
      return guardFinding(context, { ...scores, axis, flagged: 'above', metrics });
    }
    // Those that the curve goes through do not say how far others lie from it.
    const half = clean.length >> 1;
    const curve = boundaryOf(clean.slice(0, half), asked.bins);
    const of = (all: readonly Reading[]): Float64Array =>
      Float64Array.from(all, (reading) => overBoundary(curve, reading));
    const usualDistances = of(clean.slice(half));
    const threshold = empiricalThreshold(usualDistances, asked.false_rejection, 'above');
    showReadings(context, clean, judged, curve, (reading) => overBoundary(curve, reading) > threshold);
    const scores = { usual: usualDistances, inputs: of(judged), threshold };
    const axis = 'distance from the boundary';
    return guardFinding(context, { ...scores, axis, flagged: 'above', metrics });
  } finally {
    network.dispose();
  }
};

interface Cut {
  image: Float32Array;
  /** [height, width] 1 inside. */
  region: Uint8Array;
  inert: Float32Array;
  said: number;
}

/** The region of an input over clean images, and the inert pattern in its place. */
async function readingOf(
  network: Network,
  { image, region, inert, said }: Cut,
  { images, count }: LabelledImages,
): Promise<Reading> {
  const both = new Float32Array(2 * images.length);
  both.set(covered(images, image, region), 0);
  both.set(covered(images, inert, region), images.length);
  const rows = await probabilitiesOf(network, both, 2 * count);
  let [fooled, confidence] = [0, 0];
  for (let at = 0; at < 2 * count; at++) {
    const row = rows.subarray(at * network.classes, (at + 1) * network.classes);
    const largest = Math.max(...row);
    if (at >= count) confidence += largest;
    else if (row[said] === largest) fooled++;
  }
  return { fooled: fooled / count, confidence: confidence / count };
}

/** Images [count, height, width, channels] with a patch on them where the region is. */
export function covered(images: Float32Array, patch: Float32Array, region: Uint8Array): Float32Array {
  const channels = patch.length / region.length;
  const inside = [...patch.keys()].filter((at) => region[Math.floor(at / channels)] === 1);
  const out = images.slice();
  for (let start = 0; start < out.length; start += patch.length) {
    for (const at of inside) out[start + at] = patch[at] ?? 0;
  }
  return out;
}

/** One normalised image. */
export function inertPattern(
  kind: SentinetParams['inert'],
  { images, count }: LabelledImages,
  { mean: middle, deviation }: Scale,
  random: Random,
): Float32Array {
  const size = images.length / count;
  if (kind === 'mean') {
    const sum = new Float32Array(size);
    images.forEach((value, at) => (sum[at % size] = (sum[at % size] ?? 0) + value / count));
    return sum;
  }
  return Float32Array.from({ length: size }, (_, at) => {
    const pixel = kind === 'noise' ? random.next() : 0.5;
    return (pixel - (middle[at % middle.length] ?? 0)) / (deviation[at % middle.length] ?? 1);
  });
}
