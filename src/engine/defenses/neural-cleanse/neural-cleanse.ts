/** Neural Cleanse. Source: Wang et al., IEEE S&P 2019, section IV. Labels are searched side by side, each by itself. */
import * as tf from '@tensorflow/tfjs-core';
import type { NeuralCleanseParams, params } from '../../../core/defenses/neural-cleanse.ts';
import { anomalyIndices } from '../../../core/statistics/anomaly-index.ts';
import { Network } from '../../models/network.ts';
import { Team } from '../../parallel/team.ts';
import { breathe, type DefenseContext, type DefenseRun } from '../context.ts';
import {
  beginSearch,
  foundTrigger,
  imagesOfStep,
  isDone,
  type SearchJob,
  type SearchState,
} from './search.ts';

export const runNeuralCleanse: DefenseRun<typeof params> = async (context, settings) => {
  const searches = await searchTriggers(context, settings, context.progress);
  return verdictOf(context, searches, settings);
};

/**
 * The search for each label's trigger, on the threads there are; shows them as they are found.
 * @throws LabError E-CANCELLED
 */
export async function searchTriggers(
  context: DefenseContext,
  settings: NeuralCleanseParams,
  progress: DefenseContext['progress'],
): Promise<SearchState[]> {
  const { weights, clean, info, seed, signal, helpers } = context;
  const [height = 0, width = 0, channels = 1] = weights.inputShape;
  if (info.kind !== 'images') throw new RangeError('a defense of images was given texts');
  const network = new Network(weights);
  const team = helpers && tf.getBackend() === 'wasm' ? new Team(helpers.spawn, helpers.count) : Team.alone();
  try {
    await team.take(network);
    const { images, count } = await clean.first(settings.examples);
    const batchSize = Math.min(settings.batch_size, count);
    const size = height * width * channels;
    const jobOf = (state: SearchState): SearchJob => {
      const wanted = imagesOfStep(count, state, settings, seed);
      const batch = new Float32Array(wanted.length * size);
      wanted.forEach((index, at) => batch.set(images.subarray(index * size, (index + 1) * size), at * size));
      return { state, images: batch, batchSize, params: settings, normalization: info };
    };
    const searches = Array.from({ length: weights.classes }, (_, label) =>
      beginSearch(label, [height, width, channels], settings, seed),
    );
    for (;;) {
      await breathe(signal);
      const open = searches.filter((state) => !isDone(state, settings)).slice(0, team.size);
      if (open.length === 0) break;
      const outcomes = await team.perform(open.map((state) => ({ kind: 'search', job: jobOf(state) })));
      for (const outcome of outcomes)
        if (outcome.kind === 'search') searches[outcome.state.label] = outcome.state;
      tell({ ...context, progress }, searches, settings);
    }
    return searches;
  } finally {
    team.dispose();
    network.dispose();
  }
}

/** How far all searches are together; a search that ended early counts whole. */
function tell(
  { progress, show, weights }: DefenseContext,
  searches: readonly SearchState[],
  settings: NeuralCleanseParams,
): void {
  const parts = searches.map((state) => (isDone(state, settings) ? settings.steps : state.step));
  progress(
    parts.reduce((sum, part) => sum + part, 0),
    settings.steps * searches.length,
  );
  // Pictures are shown as they are found, not at every step.
  if (!searches.some((state) => isDone(state, settings) || state.step % 10 === 0)) return;
  const begun = searches.filter(({ step }) => step > 0);
  const [height = 0, width = 0, channels = 1] = weights.inputShape;
  show({
    kind: 'triggers',
    id: 'triggers',
    title: 'The smallest trigger that brings images to each label',
    shape: [height, width, channels],
    triggers: begun.map((state) => {
      const { mask, pattern } = foundTrigger(state);
      return {
        label: state.label,
        mask,
        pattern,
        norm: sum(mask),
        success: state.best ? null : state.success,
      };
    }),
  });
}

function verdictOf(
  { info, show }: DefenseContext,
  searches: readonly SearchState[],
  { median, threshold }: NeuralCleanseParams,
): ReturnType<typeof judge> {
  const finding = judge(searches, median, threshold);
  const name = (label: number): string => info.classes[label] ?? String(label);
  const flagged = new Set(finding.flagged);
  show({
    kind: 'bars',
    id: 'norms',
    title: 'Size of the mask for each label',
    axis: 'sum of the mask (pixels)',
    bars: finding.norms.map((value, label) => ({ name: name(label), value, flagged: flagged.has(label) })),
    threshold: finding.metrics.median - threshold * finding.metrics.deviation,
  });
  show({
    kind: 'bars',
    id: 'indices',
    title: 'Anomaly index for each label',
    axis: 'deviations from the median',
    bars: finding.indices.map((value, label) => ({ name: name(label), value, flagged: flagged.has(label) })),
    threshold,
  });
  return finding;
}

/** Which labels have a mask that is far smaller than the median. */
export function judge(
  searches: readonly SearchState[],
  convention: NeuralCleanseParams['median'],
  threshold: number,
) {
  const norms = searches.map((state) => sum(foundTrigger(state).mask));
  const { median, deviation, indices } = anomalyIndices(norms, convention);
  const smallest = norms.indexOf(Math.min(...norms));
  const flagged = norms.flatMap((norm, label) =>
    norm <= median && (indices[label] ?? 0) > threshold ? [label] : [],
  );
  const unsolved = searches.filter(({ best }) => !best).length;
  const all = unsolved === searches.length;
  return {
    // Where no label has a trigger that works, there is nothing to compare.
    verdict: all ? ('undecided' as const) : flagged.length > 0 ? ('backdoored' as const) : ('clean' as const),
    score: indices[smallest] ?? null,
    flagged: all ? [] : flagged,
    metrics: {
      median,
      deviation,
      smallest_norm: norms[smallest] ?? 0,
      smallest_label: smallest,
      labels_without_trigger: unsolved,
      steps: searches.reduce((total, { step }) => total + step, 0),
    },
    norms,
    indices,
  };
}

function sum(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0);
}
